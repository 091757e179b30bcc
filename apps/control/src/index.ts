export { type Config, parseConfig } from "./config/config.js";
export { type Control, type StartOptions, startControl } from "./start.js";
