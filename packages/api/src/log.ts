import { type Static, Type } from "typebox";
import { Base64, Digest, nullable, WorkspaceId } from "./common.js";
import { Outcome } from "./entry.js";

const Index = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** Fixed schema, no free text: what an entry says, and all that the log ever holds. */
export const Leaf = Type.Object({
  at: Type.Integer(),
  envelope: Digest,
  outcome: Outcome,
  predicate: Type.String(),
  signer: Digest,
  subjects: Type.Array(Digest),
  v: Type.Integer(),
  workspace: Type.String(),
});
export type Leaf = Static<typeof Leaf>;

export const LogEntry = Type.Object({ index: Type.Integer(), leaf: Leaf, raw: Base64 });
export type LogEntry = Static<typeof LogEntry>;

export const LogEntries = Type.Object({
  items: Type.Array(LogEntry),
  size: Type.Integer({ description: "entries in the log" }),
});
export type LogEntries = Static<typeof LogEntries>;

export const LogRangeQuery = Type.Object({
  from: Index,
  to: Type.Optional(Index),
});
export type LogRangeQuery = Static<typeof LogRangeQuery>;

export const LogEntryParams = Type.Object({ workspace: WorkspaceId, index: Index });
export const LogEntryQuery = Type.Object({
  size: Type.Optional(Type.Integer({ minimum: 1, description: "prove against the tree of this size" })),
});

export const LogEntryDetail = Type.Object({
  ...LogEntry.properties,
  leafHash: Digest,
  /** The envelope or bundle that the leaf names; null when it was erased. */
  envelope: Type.Unknown(),
  envelopeRaw: nullable(Base64),
  inclusion: Type.Object({ size: Type.Integer(), hashes: Type.Array(Base64) }),
  checkpoint: Type.String({
    description: "the newest signed note; covers `inclusion.size` unless `size` was asked",
  }),
  receipt: Type.String({ description: "C2SP .tlog-proof" }),
});
export type LogEntryDetail = Static<typeof LogEntryDetail>;

export const ConsistencyQuery = Type.Object({ from: Index, to: Index });
export type ConsistencyQuery = Static<typeof ConsistencyQuery>;
export const Consistency = Type.Object({
  from: Type.Integer(),
  to: Type.Integer(),
  hashes: Type.Array(Base64),
  checkpoint: Type.String(),
});
export type Consistency = Static<typeof Consistency>;

export const AuditReport = Type.Object({
  size: Type.Integer(),
  root: Type.String(),
  entriesChecked: Type.Integer(),
  objectsChecked: Type.Integer(),
  problems: Type.Array(Type.Object({ code: Type.String(), where: Type.String(), reason: Type.String() })),
});
export type AuditReport = Static<typeof AuditReport>;
