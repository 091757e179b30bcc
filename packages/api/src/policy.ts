import { type Static, Type } from "typebox";
import { Digest } from "./common.js";

export const PolicyRule = Type.Object({
  id: Type.String(),
  file: Type.String(),
  effect: Type.Enum(["permit", "forbid"]),
  reason: Type.String(),
  remedy: Type.String(),
});
export type PolicyRule = Static<typeof PolicyRule>;

export const PolicyView = Type.Object({
  digest: Digest,
  files: Type.Array(Type.Object({ name: Type.String(), text: Type.String() })),
  rules: Type.Array(PolicyRule),
});
export type PolicyView = Static<typeof PolicyView>;
