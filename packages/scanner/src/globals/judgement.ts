/** How the arguments of an allowed callable are checked; each name is a function in `pickle/checks.ts`. */
export const ARGUMENT_CHECKS = [
  "attribute",
  "attribute-getter",
  "call-first",
  "call-later",
  "call-rest",
  "call-spread",
  "carried-class",
  "carried-code",
  "carried-enum",
  "carried-function",
  "carried-skeleton",
  "class-first",
  "class-state",
  "compiled",
  "compiled-bytes",
  "compiled-type",
  "dill-attribute",
  "dill-repr",
  "dill-type",
  "encode",
  "factory",
  "function-state",
  "import-pair",
  "item",
  "message-header",
  "method-caller",
  "module",
  "named-tuple",
  "nested-keras",
  "nested-pickle",
  "nested-storage",
  "never",
  "none-first",
  "one-argument",
  "partial",
  "reconstructor",
  "set-attribute",
  "set-items",
  "types-name",
] as const;

export type ArgumentCheck = (typeof ARGUMENT_CHECKS)[number];

/**
 * - `safe`: on an allow list; calling it has no effect but to make a value, given that its arguments pass `check`
 * - `class`: a class of a known framework; making an instance and setting its state is what its own pickles do
 * - `unproven`: the standard library or a framework, but on no allow list
 * - `unknown`: a package that the scanner does not know
 * - `dangerous`: runs code, reaches the system, network or files, or reaches something that does
 */
type Level = "safe" | "class" | "unproven" | "unknown" | "dangerous";
type Origin = "python" | "framework" | "other";

export interface Judgement {
  level: Level;
  origin: Origin;
  reason: string;
  check?: ArgumentCheck;
  /** A class in a module that is dangerous as a whole: to make an empty instance runs nothing of it. */
  instances?: true;
}
