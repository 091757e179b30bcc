export { type Compared, type Comparison, compare, type Missing, type Status } from "./compare.js";
export { type DiscoverOptions, discoverTree } from "./discover.js";
export { discoverPath, merge, type PathOptions } from "./discover-path.js";
export type { Confidence, Evidence, Finding, FindingKind, Note, Report, Sighting } from "./finding.js";
export { discoverMlflow, type MlflowAccess } from "./mlflow.js";
export { toSarif } from "./output/sarif.js";
export { LIMITS, type Limits, type Tree, type TreeFile } from "./walk/tree.js";
