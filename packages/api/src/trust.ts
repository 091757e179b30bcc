import { type Static, Type } from "typebox";
import { Digest } from "./common.js";

/** The signed, versioned, logged file that says who may state what; `root` is the file itself. */
export const TrustRootView = Type.Object({
  version: Type.Integer(),
  digest: Digest,
  root: Type.Unknown(),
});
export type TrustRootView = Static<typeof TrustRootView>;
