import { ExpressionProblem } from "../../expression/lexer.js";
import { Parser } from "../../expression/parser.js";
import type { Tree } from "../../expression/tree.js";

const WORDS =
  /(?<![\w.])(?:os\.(?:system|popen|exec[lv]\w*|spawn\w*|startfile)|subprocess\.(?:run|call|Popen|check_output|check_call|getoutput|getstatusoutput)|pty\.spawn|(?:eval|exec)\s*\(\s*(?:base64|zlib|marshal|codecs|bytes|__import__|compile|requests|urllib)|__import__\s*\(\s*['"](?:os|subprocess|socket|pty|ctypes)['"]\s*\)|marshal\.loads)\s*\(?/;
const MOST_EVALUATED = 512;

/** What a statement that cannot be parsed seems to call. */
export function callIn(statement: string): string | undefined {
  return WORDS.exec(statement)?.[0];
}

/** An expression in a text, as `eval` takes it. */
export function expressionIn(written: string): Tree | undefined {
  if (written === "" || written.length > MOST_EVALUATED) return undefined;
  try {
    return new Parser(written, 0, true).expression();
  } catch (error) {
    if (error instanceof ExpressionProblem) return undefined;
    throw error;
  }
}
