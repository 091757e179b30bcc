import { type Static, Type } from "typebox";
import { Subject } from "./common.js";
import { DecisionRecord } from "./decision.js";

export const Experiment = Type.Enum([
  "flip-byte",
  "delete-row",
  "swap-verdict",
  "delete-object",
  "truncate-log",
  "flip-tile",
]);
export type Experiment = Static<typeof Experiment>;

export const CheatBody = Type.Object(
  { experiment: Experiment, subject: Subject },
  { additionalProperties: false },
);
export type CheatBody = Static<typeof CheatBody>;

/** What the gate said before and after, on a copy that is thrown away. `held` is true when cheating failed. */
export const CheatResult = Type.Object({
  experiment: Experiment,
  title: Type.String(),
  steps: Type.Array(Type.String()),
  before: DecisionRecord,
  after: Type.Object({
    outcome: Type.Enum(["allow", "deny", "pending", "fault"]),
    code: Type.String(),
    reason: Type.String(),
  }),
  audit: Type.Array(Type.Object({ code: Type.String(), where: Type.String(), reason: Type.String() })),
  held: Type.Boolean(),
});
export type CheatResult = Static<typeof CheatResult>;
