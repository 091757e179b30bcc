export { runTask } from "./process/run.js";
export { type DataFormat, formatOf, type TableFile } from "./profile/formats.js";
export { type ProfileOptions, profileFiles, tableFiles } from "./profile/profile.js";
export {
  type ColumnProfile,
  PROFILE_LIMITS,
  type Privacy,
  type Profile,
  type ProfileLimits,
  type TableProfile,
} from "./profile/types.js";
export type { RewriteTask, Rewritten } from "./rewrite/rewrite.js";
