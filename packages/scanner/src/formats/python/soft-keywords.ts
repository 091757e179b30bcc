import type { Parser } from "../../expression/parser.js";
import { BRACKETS } from "./guard.js";

const SOFT = new Set(["match", "case", "type", "print", "exec"]);
/** A longer line is read as if it were no pattern. */
const MOST_TOKENS = 400;

/** Whether a word that is a keyword only at its place is a name here: `match = 1`, `case.run()`, `match[0] = x`. */
export function isName(parser: Parser): boolean {
  const { text } = parser.peek();
  const next = parser.peek(1).text;
  if (!SOFT.has(text) || !/^(=|\.|\(|,|\)|\[)$/.test(next)) return false;
  const pattern = (text === "match" || text === "case") && (next === "(" || next === "[");
  return !pattern || !hasBlock(parser);
}

/** Whether a colon outside brackets comes before the end of the line, as after `match (a, b)` and `case [f, x]`. */
function hasBlock(parser: Parser): boolean {
  let depth = 0;
  for (let at = 1; at < MOST_TOKENS; at++) {
    const { type, text } = parser.peek(at);
    if (type === "newline" || type === "end") return false;
    if (type !== "operator") continue;
    depth += BRACKETS.get(text) ?? 0;
    if (depth === 0 && ENDS.has(text)) return text === ":";
  }
  return false;
}

const ENDS: ReadonlySet<string> = new Set([":", "=", ";"]);
