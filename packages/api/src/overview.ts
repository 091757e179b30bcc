import { type Static, Type } from "typebox";
import { Digest, Millis, nullable } from "./common.js";
import { DecisionRecord } from "./decision.js";

/** A version on the overview, with the one decision that explains where it stands. */
export const VersionCard = Type.Object({
  name: Type.String(),
  artifact: Digest,
  at: Millis,
  environments: Type.Array(Type.String()),
  decision: nullable(DecisionRecord),
});
export type VersionCard = Static<typeof VersionCard>;

export const LogState = Type.Object({
  origin: Type.String(),
  vkey: Type.String(),
  size: Type.Integer(),
  checkpoint: Type.String(),
  witnesses: Type.Array(Type.Object({ name: Type.String(), cosigned: Type.Boolean() })),
});
export type LogState = Static<typeof LogState>;

export const Overview = Type.Object({
  counts: Type.Object({
    versions: Type.Integer(),
    admitted: Type.Integer(),
    refused: Type.Integer(),
    waiting: Type.Integer(),
  }),
  admitted: Type.Array(VersionCard, { description: "newest first, at most 12 of each" }),
  refused: Type.Array(VersionCard),
  waiting: Type.Array(VersionCard),
  log: LogState,
  /** The job that loads the example workspace, while it runs. */
  exampleJob: nullable(Type.String()),
});
export type Overview = Static<typeof Overview>;
