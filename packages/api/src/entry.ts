import { type Static, Type } from "typebox";
import { Base64, Digest, Millis } from "./common.js";

export const Outcome = Type.Enum(["negative", "neutral", "positive"]);

export const EntryStatus = Type.Enum([
  "held",
  "superseded",
  "revoked",
  "expired",
  "erased",
  "not-allowed",
  "compromised",
  "invalid",
  "missing",
]);
export type EntryStatus = Static<typeof EntryStatus>;

/** One entry of an artifact's chain, as the fold sees it now. */
export const EntryView = Type.Object({
  index: Type.Integer(),
  at: Millis,
  predicate: Type.String(),
  outcome: Outcome,
  envelope: Digest,
  signer: Digest,
  principal: Type.String(),
  status: EntryStatus,
  reason: Type.String(),
  by: Type.Optional(Type.Integer()),
  leaf: Base64,
});
export type EntryView = Static<typeof EntryView>;
