import type { Source } from "./source.js";
import { isSign, isWord, type Token } from "./token.js";
import { inside, type Range, split, type Words } from "./words.js";

/** A call, or a literal of a named type (`Request{Model: ...}`), which says as much. */
export interface CallSite {
  readonly source: Source;
  /** The opening bracket. */
  readonly open: number;
  readonly callee: Range;
}

export interface Arguments {
  readonly positional: readonly Range[];
  readonly named: ReadonlyMap<string, Range>;
}

const NOT_CALLED =
  /^(if|for|while|switch|catch|return|and|or|not|in|is|elif|with|assert|print|del|match|when|foreach|lock|using|typeof|function|def|func|fn|fun|lambda|await|case|import|from|except|else|do|unless|until)$/;

/** Every call of a file, in order. */
export function findCalls(source: Source): CallSite[] {
  const found: CallSite[] = [];
  for (let open = 1; open < source.tokens.length; open++) {
    const callee = isCall(source, open) ? calleeBefore(source, open) : undefined;
    if (callee) found.push({ source, open, callee });
  }
  return found;
}

function isCall(words: Words, open: number): boolean {
  const { tokens, dialect } = words;
  const before = tokens[open - 1];
  if (isSign(tokens[open], "(")) {
    if (before?.kind === "word") return !NOT_CALLED.test(before.value) && !isDefinition(tokens, open);
    return before?.kind === "sign" && /^[>)\]!]$/.test(before.value);
  }
  if (!isSign(tokens[open], "{")) return false;
  if (dialect.name === "go" || dialect.name === "rust")
    return before?.kind === "word" && /^\p{Lu}/u.test(before.value) && !isDefinition(tokens, open);
  return dialect.name === "csharp" && initialises(words, open);
}

const isDefinition = (tokens: readonly Token[], open: number): boolean =>
  /^(def|function|func|fn|fun|class|struct|impl|interface|trait|enum|type)$/.test(
    tokens[open - 2]?.value ?? "",
  ) && tokens[open - 2]?.kind === "word";

// `new Request { ModelId = ... }` and `new Request(...) { ... }`.
function initialises({ tokens, brackets }: Words, open: number): boolean {
  let at = open - 1;
  if (isSign(tokens[at], ")")) at = (brackets.partner[at] ?? 0) - 1;
  for (let steps = 0; at > 0 && steps < 12; at--, steps++) {
    const token = tokens[at];
    if (isWord(token, "new")) return true;
    if (token?.kind !== "word" && !(token?.kind === "sign" && /^[.<>,?]$/.test(token.value))) return false;
  }
  return false;
}

const JOINS = /^(\.|\?\.|::|&\.|->|!!)$/;

/** The chain that a bracket is called on: names, dots, and whatever was called or indexed on the way. */
function calleeBefore(words: Words, open: number): Range | undefined {
  const { tokens } = words;
  let at = open - 1;
  if (isSign(tokens[at], ">")) at = beforeGeneric(words, at);
  if (isSign(tokens[at], "!") && words.dialect.name === "rust") at--;
  let start = -1;
  for (let steps = 0; at >= 0 && steps < 400; steps++) {
    const link = linkBefore(words, at);
    if (!link) break;
    start = link.start < 0 ? start : link.start;
    at = link.next;
  }
  return start < 0 ? undefined : { from: start, to: open };
}

interface Link {
  /** -1 where the link is no word or bracket. */
  start: number;
  /** Where the link before it ends; -1 at the start of the chain. */
  next: number;
}

/** One link of a chain, read from its end. */
function linkBefore(words: Words, at: number): Link | undefined {
  const token = words.tokens[at];
  if (token?.kind === "sign") return signBefore(words, at, token.value);
  if (token?.kind !== "word" && token?.kind !== "text") return undefined;
  return { start: at, next: JOINS.test(words.tokens[at - 1]?.value ?? "") ? at - 2 : -1 };
}

function signBefore({ tokens, brackets }: Words, at: number, sign: string): Link | undefined {
  const partner = brackets.partner[at] ?? -1;
  if (sign === "!" || sign === "?") return { start: -1, next: at - 1 };
  if (sign === "}") return { start: -1, next: partner - 1 };
  if ((sign !== ")" && sign !== "]") || partner < 0 || partner >= at) return undefined;
  return { start: partner, next: continuesChain(tokens[partner - 1]) ? partner - 1 : -1 };
}

const continuesChain = (token: Token | undefined): boolean =>
  token !== undefined &&
  ((token.kind === "word" && !/^(return|await|in|of|new|and|or|not|if|else)$/.test(token.value)) ||
    isSign(token, ")") ||
    isSign(token, "]"));

function beforeGeneric({ tokens }: Words, close: number): number {
  let depth = 0;
  for (let at = close; at > close - 40 && at >= 0; at--) {
    const token = tokens[at];
    if (isSign(token, ">")) depth++;
    else if (isSign(token, "<") && --depth === 0) return at - 1;
    else if (token?.kind === "sign" && /^[;{}()]$/.test(token.value)) break;
  }
  return close;
}

/** What a call is given. A keyword is written `a=`, `a:` or, in some languages, `"a" =>`. */
export function argumentsOf(words: Words, open: number): Arguments {
  const positional: Range[] = [];
  const named = new Map<string, Range>();
  for (const part of split(words, inside(words, open))) {
    const key = keyOf(words, part, isSign(words.tokens[open], "{"));
    if (key) named.set(key.name, key.value);
    else positional.push(part);
  }
  return { positional, named };
}

/** The key and the value of one part of a map or of a call's arguments. */
export function keyOf(
  words: Words,
  part: Range,
  anyKey: boolean,
): { name: string; value: Range } | undefined {
  const { tokens, dialect } = words;
  const key = tokens[part.from];
  const sign = tokens[part.from + 1];
  if (!key || part.to - part.from < 3 || sign?.kind !== "sign") return undefined;
  const separates = sign.value === ":" || sign.value === "=>" || sign.value === "=";
  if (!separates || (key.kind !== "word" && key.kind !== "text")) return undefined;
  if (sign.value === "=>" && dialect.name !== "ruby" && dialect.name !== "kotlin") return undefined;
  if (!anyKey && sign.value === ":" && dialect.name !== "ruby" && dialect.name !== "csharp") return undefined;
  return { name: key.value, value: { from: part.from + 2, to: part.to } };
}
