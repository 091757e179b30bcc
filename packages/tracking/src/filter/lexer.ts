import { invalid } from "../error.js";

export type Token =
  | { kind: "name"; value: string }
  | { kind: "text"; value: string }
  | { kind: "number"; value: number }
  | { kind: "sign"; value: string };

const SPACE = /\s+/y;
/** A part of a name that stands in backticks may hold anything; what follows its dot may also stand in double quotes. */
const NAME = /[\p{L}_][\p{L}\p{N}_-]*(?:\.(?:`[^`]*`|"[^"]*"|[\p{L}\p{N}_./-]+))?|`[^`]*`/uy;
const NUMBER = /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])/y;
const TEXT = /'(?:[^']|'')*'|"(?:[^"]|"")*"/y;
const SIGN = /!=|>=|<=|<>|==|[=<>(),]/y;

/** Longest filter or order that is read. */
const MAX_LENGTH = 1_000_000;

export function tokenize(source: string): Token[] {
  if (source.length > MAX_LENGTH)
    throw invalid(`Invalid filter: it is longer than ${MAX_LENGTH} characters.`);
  const tokens: Token[] = [];
  for (let at = 0; at < source.length; ) {
    const space = match(SPACE, source, at);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const [token, length] = next(source, at);
    tokens.push(token);
    at += length;
  }
  return tokens;
}

function next(source: string, at: number): [Token, number] {
  const text = match(TEXT, source, at);
  if (text !== undefined) return [{ kind: "text", value: unquote(text) }, text.length];
  const number = match(NUMBER, source, at);
  if (number !== undefined) return [{ kind: "number", value: Number(number) }, number.length];
  const name = match(NAME, source, at);
  if (name !== undefined) return [{ kind: "name", value: name }, name.length];
  const sign = match(SIGN, source, at);
  if (sign !== undefined) return [{ kind: "sign", value: sign }, sign.length];
  throw invalid(`Invalid clause(s) in filter string: '${source.slice(at, at + 40)}'.`);
}

function match(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}

function unquote(text: string): string {
  const quote = text.charAt(0);
  return text.slice(1, -1).replaceAll(quote + quote, quote);
}
