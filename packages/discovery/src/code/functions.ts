import { isSign, isWord, type Token } from "./token.js";
import { after, find, inside, type Range, split, type Words } from "./words.js";

export interface Parameter {
  readonly name: string;
  readonly preset?: Range;
  readonly type?: Range;
}

/** Something that can be called: a function, a method, or a class through its constructor. */
export interface Callable {
  readonly name: string;
  /** The class whose constructor or method this is. */
  readonly owner?: string;
  readonly parameters: readonly Parameter[];
  readonly body: Range;
  readonly kind: "function" | "class";
}

const NOT_NAMES =
  /^(if|for|while|switch|catch|return|with|foreach|lock|using|match|when|elif|else|new|await|function|in|not|and|or|synchronized|unless|until|select|go|defer)$/;
const MAX_BODY_GAP = 24;

/** Finds what a file defines. Bodies follow from brackets, or in Python and Ruby from columns. */
export function findFunctions(words: Words): Callable[] {
  const found: Callable[] = [];
  for (let index = 0; index < words.tokens.length; index++) {
    const token = words.tokens[index];
    if (token?.kind !== "word" && !isSign(token, "(")) continue;
    const made = isSign(token, "(") ? fromParameters(words, index) : fromClass(words, index);
    if (made) found.push(made);
  }
  return own(found);
}

// A method's class is the smallest class body around it.
function own(found: readonly Callable[]): Callable[] {
  const classes = found.filter(({ kind }) => kind === "class");
  if (classes.length === 0) return [...found];
  return found.map((callable) => {
    if (callable.kind === "class") return callable;
    const owner = classes
      .filter(({ body }) => body.from <= callable.body.from && callable.body.to <= body.to)
      .sort((a, b) => a.body.to - a.body.from - (b.body.to - b.body.from))[0];
    return owner ? { ...callable, owner: owner.name } : callable;
  });
}

const CLASS_WORD = /^(class|struct|object|record|impl|interface|module)$/;

function fromClass(words: Words, index: number): Callable | undefined {
  const { tokens, dialect } = words;
  const name = tokens[index + 1];
  if (!CLASS_WORD.test(tokens[index]?.value ?? "") || name?.kind !== "word") return undefined;
  if (isSign(tokens[index - 1], ".") || isSign(tokens[index - 1], "::")) return undefined;
  const body = bodyAfter(words, index + 2, tokens[index]);
  if (!body) return undefined;
  const header = isSign(tokens[index + 2], "(") && dialect.name !== "python" ? index + 2 : -1;
  const parameters = header < 0 ? [] : parametersOf(words, header);
  return { name: name.value, parameters, body, kind: "class" };
}

function fromParameters(words: Words, open: number): Callable | undefined {
  const name = nameBefore(words, open);
  if (name === undefined) return undefined;
  const body = bodyAfter(words, after(words, open), name.start);
  return body && { name: name.text, parameters: parametersOf(words, open), body, kind: "function" };
}

interface Name {
  text: string;
  /** The first word of the definition, whose column tells where the body ends. */
  start: Token | undefined;
}

const DEFINES = /^(def|function|func|fun|fn|get|set)$/;

function nameBefore(words: Words, open: number): Name | undefined {
  const { tokens, dialect } = words;
  const before = tokens[open - 1];
  if (isSign(tokens[after(words, open)], "=>")) return { text: arrowName(tokens, open), start: before };
  if (before?.kind !== "word" || NOT_NAMES.test(before.value)) return undefined;
  if (dialect.name === "go") return goName(words, open);
  const start = rubySelf(tokens, open) ?? tokens[open - 2];
  return defines(words, open) ? { text: before.value, start } : undefined;
}

/** Whether the name before a bracket is being defined, and not called. */
function defines({ tokens, dialect }: Words, open: number): boolean {
  const keyword = tokens[open - 2];
  if (keyword?.kind === "word" && DEFINES.test(keyword.value)) return true;
  if (dialect.name === "kotlin") return isSign(keyword, ".");
  if (dialect.name === "javascript") return !isSign(keyword, ".");
  if (dialect.name === "java" || dialect.name === "csharp") return typed(keyword);
  return rubySelf(tokens, open) !== undefined;
}

const rubySelf = (tokens: readonly Token[], open: number): Token | undefined =>
  isSign(tokens[open - 2], ".") && isWord(tokens[open - 4], "def") ? tokens[open - 4] : undefined;

// Java and C# write a type or a modifier before the name.
const typed = (token: Token | undefined): boolean =>
  token !== undefined &&
  ((token.kind === "word" && !/^(new|return|await|throw|else|yield)$/.test(token.value)) ||
    isSign(token, ">") ||
    isSign(token, "]") ||
    isSign(token, "?"));

function goName(words: Words, open: number): Name | undefined {
  const { tokens, brackets } = words;
  const name = tokens[open - 1];
  const before = tokens[open - 2];
  if (isWord(before, "func")) return { text: name?.value ?? "", start: before };
  const receiver = isSign(before, ")") ? (brackets.partner[open - 2] ?? -1) : -1;
  if (receiver > 0 && isWord(tokens[receiver - 1], "func")) return { text: name?.value ?? "", start: before };
  return undefined;
}

// `const ask = async (question) =>` and `ask: (question) =>`.
function arrowName(tokens: readonly Token[], open: number): string {
  let at = open - 1;
  if (isWord(tokens[at], "async")) at--;
  const sign = tokens[at];
  const name = tokens[at - 1];
  return (isSign(sign, "=") || isSign(sign, ":")) && name?.kind === "word" ? name.value : "";
}

function bodyAfter(words: Words, from: number, start: Token | undefined): Range | undefined {
  const { dialect } = words;
  if (dialect.name === "python") return indented(words, from, start);
  if (dialect.name === "ruby") return untilEnd(words, from, start);
  const starts = dialect.name === "kotlin" ? /^(\{|=>|=)$/ : /^(\{|=>)$/;
  const limit = Math.min(words.tokens.length, from + MAX_BODY_GAP);
  for (let index = from; index < limit; ) {
    const token = words.tokens[index];
    const sign = token?.kind === "sign" ? token.value : "";
    if (starts.test(sign)) return bodyFrom(words, sign === "{" ? index : index + 1);
    if (/^[;)\]},=&|+]$/.test(sign)) return undefined;
    index = /^[([]$/.test(sign) ? after(words, index) : index + 1;
  }
  return undefined;
}

const bodyFrom = (words: Words, at: number): Range =>
  isSign(words.tokens[at], "{") ? inside(words, at) : expressionBody(words, at);

const expressionBody = (words: Words, from: number): Range => {
  const end = find(words, { from, to: words.tokens.length }, (token) =>
    /^[;,)\]}]$/.test(token.kind === "sign" ? token.value : ""),
  );
  return { from, to: Math.min(end < 0 ? words.tokens.length : end, from + 400) };
};

function indented(words: Words, from: number, start: Token | undefined): Range | undefined {
  const colon = find(words, { from, to: Math.min(words.tokens.length, from + 200) }, (token) =>
    isSign(token, ":"),
  );
  if (colon < 0 || !start) return undefined;
  const column = lineColumn(words, start);
  for (let index = colon + 1; index < words.tokens.length; index++) {
    const token = words.tokens[index];
    if (!token?.first || (words.brackets.enclosing[index] ?? -1) >= 0) continue;
    if (token.column <= column) return { from: colon + 1, to: index };
  }
  return { from: colon + 1, to: words.tokens.length };
}

// `async def` starts before its `def`.
function lineColumn(words: Words, start: Token): number {
  const at = words.tokens.indexOf(start);
  for (let index = at; index >= 0; index--) {
    const token = words.tokens[index];
    if (token?.first) return token.column;
  }
  return start.column;
}

function untilEnd(words: Words, from: number, start: Token | undefined): Range | undefined {
  if (!start) return undefined;
  for (let index = from; index < words.tokens.length; index++) {
    const token = words.tokens[index];
    if (token?.first && token.column <= start.column && token.line > start.line) return { from, to: index };
  }
  return { from, to: words.tokens.length };
}

function parametersOf(words: Words, open: number): Parameter[] {
  return split(words, inside(words, open)).flatMap((range) => parameter(words, range) ?? []);
}

const MODIFIER =
  /^(private|public|protected|readonly|final|val|var|const|mut|static|override|internal|vararg|ref|out|in|this|params|required)$/;

function parameter(words: Words, range: Range): Parameter | undefined {
  const { tokens, dialect } = words;
  const equals = find(words, range, (token) => isSign(token, "="));
  const preset = equals < 0 ? rubyPreset(words, range) : { from: equals + 1, to: range.to };
  const end = equals < 0 ? range.to : equals;
  const colon = find(words, { from: range.from, to: end }, (token) => isSign(token, ":"));
  let at = range.from;
  while (at < end && (MODIFIER.test(tokens[at]?.value ?? "") || tokens[at]?.kind === "sign")) at++;
  const first = tokens[at];
  if (first?.kind !== "word") return undefined;
  const typeFirst = (dialect.name === "java" || dialect.name === "csharp") && colon < 0;
  const last = tokens[end - 1];
  const name = typeFirst && last?.kind === "word" ? last.value : first.value;
  const start = colon < 0 ? at + 1 : colon + 1;
  return named(name, preset, typeFirst ? { from: at, to: end - 1 } : { from: start, to: end });
}

const named = (name: string, preset: Range | undefined, type: Range): Parameter => ({
  name,
  ...(preset ? { preset } : {}),
  ...(type.to > type.from ? { type } : {}),
});

// Ruby's keyword parameters: `model: "gpt-4o"`.
function rubyPreset({ tokens, dialect }: Words, { from, to }: Range): Range | undefined {
  if (dialect.name !== "ruby" || !isSign(tokens[from + 1], ":") || from + 2 >= to) return undefined;
  return { from: from + 2, to };
}
