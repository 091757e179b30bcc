import { type Static, Type } from "typebox";
import { Digest, Environment, Millis, page, Subject } from "./common.js";
import { DecisionRecord } from "./decision.js";

export const Promotion = Type.Object({
  artifact: Digest,
  name: Type.String(),
  environment: Type.String(),
  decision: Digest,
  index: Type.Integer(),
  at: Millis,
});
export type Promotion = Static<typeof Promotion>;

export const PromotionPage = page(Promotion);

export const PromoteBody = Type.Object(
  { subject: Subject, environment: Environment },
  { additionalProperties: false },
);
export type PromoteBody = Static<typeof PromoteBody>;

/** `promotion` is there when the decision was to allow. */
export const PromoteResult = Type.Object({ decision: DecisionRecord, promotion: Type.Optional(Promotion) });
export type PromoteResult = Static<typeof PromoteResult>;
