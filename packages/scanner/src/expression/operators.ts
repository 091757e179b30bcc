import type { Token } from "./lexer.js";

/** Binary operators by how tightly they bind. `|` and `~` are others in Jinja. */
export const PYTHON_LEVELS: readonly string[][] = [
  ["or"],
  ["and"],
  ["==", "!=", "<", ">", "<=", ">=", "in", "is", "not"],
  ["|"],
  ["^"],
  ["&"],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "//", "%", "@"],
];
export const JINJA_LEVELS: readonly string[][] = [
  ["or"],
  ["and"],
  ["==", "!=", "<", ">", "<=", ">=", "in", "not"],
  ["~"],
  ["+", "-"],
  ["*", "/", "//", "%"],
];
/** Words that are no names. */
export const WORDS: ReadonlySet<string> = new Set(
  "and or not in is if else for async lambda await yield from as".split(" "),
);

export function isOperator(token: Token, operators: readonly string[]): boolean {
  if (token.type !== "operator" && token.type !== "name") return false;
  return operators.includes(token.text);
}
