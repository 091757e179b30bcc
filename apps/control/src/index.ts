export { type BackupInput, type BackupReport, backup } from "./backup/backup.js";
export { type RestoreInput, type RestoreReport, restore } from "./backup/restore.js";
export { type Config, parseConfig } from "./config/config.js";
export { type Control, type StartOptions, startControl } from "./start.js";
