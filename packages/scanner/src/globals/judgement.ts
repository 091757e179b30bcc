/** How the arguments of an allowed callable are checked; each name is a function in `pickle/checks.ts`. */
export type ArgumentCheck =
  | "attribute"
  | "attribute-getter"
  | "call-first"
  | "call-later"
  | "class-first"
  | "encode"
  | "import-pair"
  | "nested-keras"
  | "nested-storage"
  | "never"
  | "one-argument"
  | "reconstructor";

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
}

/** One line of an allow list: names of one module, why they are safe, and how arguments are checked. */
export interface AllowEntry {
  module: string;
  names: string;
  why: string;
  check?: ArgumentCheck;
}

export interface Framework {
  /** Where the list comes from. */
  source: string;
  packages: readonly string[];
  allow: readonly AllowEntry[];
  /** Module prefixes whose classes may be called with plain data, as their own `__reduce__` does. */
  constructors: readonly string[];
  /** Module prefixes or dotted names that reach code, files or the network, with what they do. */
  dangerous: Readonly<Record<string, string>>;
}
