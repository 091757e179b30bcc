import { ExpressionProblem } from "../../expression/lexer.js";
import type { Parser } from "../../expression/parser.js";
import { UNKNOWN, type Value } from "../../expression/value.js";
import { isCallable } from "./handed.js";
import type { PythonInterpreter } from "./interpreter.js";

export type Parameter = { name: string; value: Value };

interface Reader {
  readonly parser: Parser;
  readonly interpreter: PythonInterpreter;
}

/** Parameters up to the closing parenthesis. Their defaults and annotations run where the function is defined. */
export function readParameters(reader: Reader): Parameter[] {
  const { parser } = reader;
  const names: Parameter[] = [];
  while (!parser.accept(")")) {
    const name = readParameter(reader);
    if (name !== undefined) names.push(name);
    if (!parser.accept(",") && !parser.is(")")) throw new ExpressionProblem("a comma is missing");
  }
  return names;
}

/** A parameter's name; undefined for a lone `*` or `/`. */
function readParameter({ parser, interpreter }: Reader): Parameter | undefined {
  const marked = ["*", "/", "**"].some((mark) => parser.accept(mark));
  if (marked && (parser.is(",") || parser.is(")"))) return undefined;
  const name = parser.name();
  if (parser.accept(":")) {
    parser.accept("*");
    interpreter.evaluate(parser.expression());
  }
  const value = parser.accept("=") ? interpreter.evaluate(parser.expression()) : UNKNOWN;
  return { name, value: isCallable(value) ? value : UNKNOWN };
}
