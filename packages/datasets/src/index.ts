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
export { differenceOf } from "./rewrite/count.js";
export type { RewriteTask, Rewritten } from "./rewrite/rewrite.js";
export { S3, type S3Options } from "./s3/client.js";
export { type DatasetSettings, dueAt, settingsOf } from "./settings.js";
export { parseLocation, parseS3, parseSource, type Source } from "./source.js";
export {
  type DatasetPredicate,
  largest,
  MLFLOW_DIGEST,
  type PinnedObject,
  type Place,
  type Removal,
  readPredicate,
} from "./statement.js";
