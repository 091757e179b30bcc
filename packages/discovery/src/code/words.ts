import type { Brackets } from "./brackets.js";
import type { Dialect } from "./language.js";
import { isSign, type Token } from "./token.js";

/** The words of a file with their brackets: what every later step reads. */
export interface Words {
  readonly tokens: readonly Token[];
  readonly brackets: Brackets;
  readonly dialect: Dialect;
}

/** Tokens from `from` up to but not including `to`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

const isOpener = (token: Token): boolean => token.kind === "sign" && /^[([{]$/.test(token.value);
const isCloser = (token: Token): boolean => token.kind === "sign" && /^[)\]}]$/.test(token.value);

/** The index after the bracket that `open` opens. */
export function after(words: Words, open: number): number {
  const partner = words.brackets.partner[open] ?? -1;
  return partner > open ? Math.min(partner + 1, words.tokens.length) : open + 1;
}

/** The inside of a bracket. */
export function inside(words: Words, open: number): Range {
  return { from: open + 1, to: Math.max(open + 1, after(words, open) - 1) };
}

/** Splits a range at the commas (or another sign) that no bracket holds. */
export function split(words: Words, { from, to }: Range, at = ","): Range[] {
  const parts: Range[] = [];
  let start = from;
  for (let index = from; index < to; ) {
    const token = words.tokens[index];
    if (isSign(token, at)) {
      if (index > start) parts.push({ from: start, to: index });
      start = index + 1;
    }
    index = token && isOpener(token) ? after(words, index) : index + 1;
  }
  if (start < to) parts.push({ from: start, to });
  return parts;
}

/** The first index in a range, outside brackets, for which `test` holds; -1 when there is none. */
export function find(
  words: Words,
  { from, to }: Range,
  test: (token: Token, index: number) => boolean,
): number {
  for (let index = from; index < to; ) {
    const token = words.tokens[index];
    if (!token) return -1;
    if (test(token, index)) return index;
    index = isOpener(token) ? after(words, index) : index + 1;
  }
  return -1;
}

const CONTINUES_BEFORE = /^([=+\-*/%|&?:,.<>]|:=|=>|->|\|\||&&|\?\?|\?:|\?\.|::|&\.|\+=|==|!=|<=|>=)$/;
const CONTINUES_AFTER = /^(\.|\?\.|::|&\.|\|\||&&|\?\?|\?:|\+|\?|:)$/;

/** Where the statement that holds `from` ends: at a semicolon, the line's end, or the closing bracket. */
export function statementEnd(words: Words, from: number): number {
  const { tokens, dialect } = words;
  for (let index = from; index < tokens.length; ) {
    const token = tokens[index];
    if (!token || isCloser(token) || isSign(token, ";")) return index;
    if (index > from && token.first && dialect.lines && !continues(tokens[index - 1], token, dialect.braces))
      return index;
    if (isSign(token, ",") && dialect.name !== "python") return index;
    index = isOpener(token) ? after(words, index) : index + 1;
  }
  return tokens.length;
}

function continues(last: Token | undefined, next: Token, braces: boolean): boolean {
  if (last?.kind === "sign" && CONTINUES_BEFORE.test(last.value)) return braces || last.value !== ":";
  return braces && next.kind === "sign" && CONTINUES_AFTER.test(next.value);
}
