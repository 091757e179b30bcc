import type { Tree } from "../../expression/tree.js";
import { UNKNOWN, type Value } from "../../expression/value.js";
import type { CodeObject } from "./code-object.js";

/** What lies on the stack of the interpreter, as far as it can be told without running anything. */
export interface Entry {
  value: Value;
  /** An attribute that is about to be called, with what it is read from. */
  tree?: Tree;
  /** NULL, or the object of a method call: no value of its own. */
  marker?: "null" | "self";
  code?: CodeObject;
  /** A container that this code made: what appends without asking needs one. */
  made?: string;
}

export const NOTHING: Entry = { value: UNKNOWN };
export const NULL: Entry = { value: UNKNOWN, marker: "null" };

export function entry(value: Value): Entry {
  return { value };
}
