// What a browser needs to check a receipt by itself: nothing here imports from Node.
export {
  type Checkpoint,
  formatCheckpoint,
  type OpenCheckpoint,
  openCheckpoint,
  parseCheckpoint,
} from "./checkpoint.js";
export {
  type Hashing,
  hashLater,
  hashNow,
  leafPreimage,
  nodePreimage,
  provesConsistency,
  provesInclusion,
  provesSubtreeConsistency,
  provesSubtreeInclusion,
} from "./merkle.js";
export {
  formatVkey,
  type Note,
  openNote,
  type Primitives,
  parseNote,
  parseVkey,
  type Refused,
  type VerifiedSignature,
  type VerifierKey,
  verifyNote,
} from "./note.js";
export {
  formatReceipt,
  parseReceipt,
  type Receipt,
  type ReceiptTrust,
  type RefusedReceipt,
  type VerifiedReceipt,
  verifyReceipt,
} from "./receipt.js";
export { webPrimitives } from "./web.js";
