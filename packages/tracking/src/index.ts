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
export { type ArtifactPlace, parseArtifactPath, parseArtifactPlace } from "./path.js";
