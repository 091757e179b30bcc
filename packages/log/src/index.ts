export type { Appended } from "./batch.js";
export { type Checkpoint, formatCheckpoint, openCheckpoint, parseCheckpoint } from "./checkpoint.js";
export { type Disk, type DiskFile, nodeDisk } from "./disk.js";
export { type FileStoreOptions, fileStore } from "./file-store.js";
export { EMPTY_ROOT, leafHash, nodeHash, primitives, verifyConsistency, verifyInclusion } from "./hash.js";
export { parseVkey, signNote, verifierKeyOf } from "./keys.js";
export { type Log, type LogOptions, openLog } from "./log.js";
export {
  formatVkey,
  type Note,
  openNote,
  type Primitives,
  parseNote,
  type VerifiedSignature,
  type VerifierKey,
} from "./note.js";
export { type Entry, type LogReader, openReader, type ReaderOptions } from "./reader.js";
export {
  formatReceipt,
  parseReceipt,
  type Receipt,
  type ReceiptTrust,
  type RefusedReceipt,
  type VerifiedReceipt,
  verifyReceipt,
} from "./receipt.js";
export { type StaticResource, staticResource } from "./static.js";
export type { Journal, Store, StoredFile } from "./store.js";
export { httpWitness, type Witness, type WitnessAnswer, type WitnessStatus } from "./witness.js";
export {
  type WitnessOptions,
  type WitnessReply,
  type WitnessRequest,
  type WitnessServer,
  witnessServer,
} from "./witness-server.js";
