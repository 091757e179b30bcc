import type { Value } from "./value.js";

/** An expression of Python or Jinja. */
export type Tree =
  | { kind: "text"; text: string }
  /** What is known already. */
  | { kind: "known"; value: Value }
  | { kind: "number"; value: number }
  | { kind: "name"; name: string; at: number }
  | { kind: "attribute"; of: Tree; name: string; at: number }
  | { kind: "item"; of: Tree; key: Tree; at: number }
  | { kind: "slice"; of: Tree; bounds: readonly (Tree | undefined)[]; at: number }
  | { kind: "call"; callee: Tree; positional: readonly Tree[]; named: readonly Named[]; at: number }
  /** Jinja's `of | name(...)` and `of is name`. */
  | {
      kind: "filter";
      of: Tree;
      name: string;
      positional: readonly Tree[];
      named: readonly Named[];
      at: number;
    }
  | { kind: "list"; items: readonly Tree[] }
  | { kind: "map"; entries: readonly (readonly [Tree, Tree])[] }
  | { kind: "binary"; operator: string; left: Tree; right: Tree }
  | { kind: "assign"; name: string; value: Tree }
  /** A comprehension; `keyed` makes a map of pairs. */
  | {
      kind: "each";
      element: Tree;
      targets: readonly string[];
      source: Tree;
      rest: readonly Tree[];
      keyed?: true;
    }
  /** `*of` and `**of`: a value that is taken apart, or a target that takes the rest. */
  | { kind: "star"; of: Tree }
  /** `each`: `yield from`. */
  | { kind: "yield"; of: Tree; each: boolean }
  | { kind: "lambda"; parameters: readonly { name: string; value: Tree | undefined }[]; body: Tree }
  /** Parts that are evaluated; their value may be that of any. */
  | { kind: "any"; parts: readonly Tree[] };

export interface Named {
  name: string;
  value: Tree;
}
