export { type DatasetInput, parseDatasetInputs } from "./dataset.js";
export { invalid, missing, type ProtocolCode, ProtocolError, protocolStatus } from "./error.js";
export {
  cleanText,
  double,
  type Fields,
  integer,
  optionalFlag,
  optionalInteger,
  optionalRecord,
  optionalText,
  records,
  text,
  texts,
  writeDouble,
} from "./fields.js";
export {
  type Entity,
  EXPERIMENT_GRAMMAR,
  type Grammar,
  type Identifier,
  RUN_GRAMMAR,
} from "./filter/grammar.js";
export { type Ordering, parseOrder } from "./filter/order.js";
export { type Comparator, type Comparison, parseFilter } from "./filter/parse.js";
export {
  type Batch,
  type Metric,
  type ModelOutput,
  optionalId,
  type Pair,
  parseBatch,
  parseExperimentName,
  parseExperimentTag,
  parseMetric,
  parseModelOutput,
  parseParameter,
  parseTag,
  parseTags,
  requiredId,
} from "./limits.js";
export { inventName } from "./name.js";
export {
  cutPage,
  isTerminal,
  pageToken,
  parseStages,
  parseStatus,
  parseWindow,
  type RunStatus,
  type Stage,
  type Window,
} from "./page.js";
export { type ArtifactPlace, parseArtifactPath, parseArtifactPlace } from "./path.js";
