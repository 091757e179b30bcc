import type { Callable } from "./functions.js";
import { isSign, isWord, type Token } from "./token.js";
import { after, inside, type Range, split, statementEnd, type Words } from "./words.js";

/** A name given to a value, and where in the file that name means it. */
export interface Assignment {
  readonly name: string;
  readonly value: Range;
  readonly scope: Range;
  readonly at: number;
  /** What is taken out of the value: a key of a map, or the items of a list. */
  readonly take?: string | "items";
}

type Add = (name: string, value: Range, at: number, take?: string) => void;

const MAX_ASSIGNMENTS = 20_000;

/** Finds what is assigned where: plain assignments, destructuring, `with ... as`, loops, and class fields. */
export function findAssignments(
  words: Words,
  callables: readonly Callable[],
): ReadonlyMap<string, readonly Assignment[]> {
  const found = new Map<string, Assignment[]>();
  const scopes = callables.filter(({ kind }) => kind === "function").map(({ body }) => body);
  let count = 0;
  const add: Add = (name, value, at, take) => {
    if (value.from >= value.to || ++count > MAX_ASSIGNMENTS) return;
    const shared = name.startsWith("self.");
    const scope = shared ? whole(words) : smallest(scopes, at, words);
    const list = found.get(name) ?? [];
    list.push({ name, value, scope, at, ...(take === undefined ? {} : { take }) });
    found.set(name, list);
  };
  for (let index = 0; index < words.tokens.length; index++) readAt(words, index, add);
  return found;
}

const whole = ({ tokens }: Words): Range => ({ from: 0, to: tokens.length });

function smallest(scopes: readonly Range[], at: number, words: Words): Range {
  let best = whole(words);
  for (const scope of scopes)
    if (scope.from <= at && at < scope.to && scope.to - scope.from < best.to - best.from) best = scope;
  return best;
}

function readAt(words: Words, index: number, add: Add): void {
  const token = words.tokens[index];
  if (!token) return;
  if (token.kind === "sign") {
    if (token.value === "=" || token.value === ":=") assign(words, index, add);
    return;
  }
  if (token.kind !== "word") return;
  if (token.value === "as" && words.dialect.name === "python") withAs(words, index, add);
  if (token.value === "for") loop(words, index, add);
}

// In a call, `=` names an argument; in a block it assigns.
function assigns(words: Words, index: number): boolean {
  const open = words.brackets.enclosing[index] ?? -1;
  if (open < 0 || isSign(words.tokens[index], ":=")) return true;
  const bracket = words.tokens[open];
  if (isSign(bracket, "{")) return words.dialect.name !== "python";
  if (!isSign(bracket, "(")) return false;
  const before = words.tokens[open - 1];
  return /^(const|var|let|val|using|try|if|while|for)$/.test(before?.value ?? "");
}

function assign(words: Words, index: number, add: Add): void {
  if (!assigns(words, index)) return;
  const value = { from: index + 1, to: statementEnd(words, index + 1) };
  const { tokens } = words;
  const before = tokens[index - 1];
  if (isSign(before, "}") || (isSign(before, "]") && !annotated(words, index - 1))) {
    destructure(words, index, value, add);
    return;
  }
  const names = namesBefore(words, index);
  const values = split(words, value);
  for (const [position, name] of names.entries()) {
    const first = position === 0 || dataclasses(words, value) ? value : undefined;
    const own = names.length > 1 && values.length === names.length ? values[position] : first;
    if (own) add(name, own, index);
  }
}

// Hugging Face's parser of options fills several classes at once.
const dataclasses = ({ tokens }: Words, { from, to }: Range): boolean =>
  tokens.slice(from, Math.min(to, from + 8)).some((token) => isWord(token, "parse_args_into_dataclasses"));

// `a, err :=` in Go and `a, b =` in Python and Ruby name several.
function namesBefore(words: Words, index: number): string[] {
  const names: string[] = [];
  let at = index - 1;
  for (;;) {
    const target = targetBefore(words, at);
    if (!target) break;
    names.unshift(target.name);
    at = target.start - 1;
    if (!isSign(words.tokens[at], ",")) break;
    at--;
  }
  return names;
}

interface Target {
  name: string;
  start: number;
}

function targetBefore(words: Words, end: number): Target | undefined {
  const { tokens } = words;
  let at = skipType(words, end);
  if (tokens[at]?.kind !== "word") return undefined;
  let name = tokens[at]?.value ?? "";
  while (
    tokens[at - 1]?.kind === "sign" &&
    tokens[at - 2]?.kind === "word" &&
    /^(\.|::)$/.test(tokens[at - 1]?.value ?? "")
  ) {
    name = `${tokens[at - 2]?.value}.${name}`;
    at -= 2;
  }
  if (isSign(tokens[at - 1], "@") || isSign(tokens[at - 1], "#")) {
    at--;
    name = `self.${name}`;
  }
  return { name: name.replace(/^(this|self|cls)\./, "self."), start: at };
}

const TYPE_SIGN = /^([.<>|?,[\]&*]|::|\?\.)$/;

/** From the end of `name: Type<With, Arguments>` back to the name. */
function skipType(words: Words, end: number): number {
  const { tokens, dialect } = words;
  if (dialect.name === "java" || dialect.name === "csharp") return end;
  if (dialect.name === "go") return goName(words, end);
  for (let at = end, steps = 0; at > 0 && steps < 16; at--, steps++) {
    const token = tokens[at];
    if (isSign(token, ":")) return optional(tokens[at - 1]) ? at - 2 : at - 1;
    if (!isTypeWord(token) || token?.first) break;
  }
  return end;
}

// `MODELS: dict[str, str] = ...` and `const models: string[] = ...` name one thing and its type.
function annotated(words: Words, end: number): boolean {
  if (words.dialect.name !== "python" && words.dialect.name !== "javascript") return false;
  const name = skipType(words, end);
  const between = words.tokens.slice(name, end);
  return name < end && words.tokens[name]?.kind === "word" && between.every(({ kind }) => kind !== "text");
}

const optional = (token: Token | undefined): boolean => isSign(token, "?") || isSign(token, "!");

const isTypeWord = (token: Token | undefined): boolean =>
  token?.kind === "word" || token?.kind === "text" || (token?.kind === "sign" && TYPE_SIGN.test(token.value));

// `var model string = "..."` and `const Model string = "..."`.
function goName({ tokens }: Words, end: number): number {
  const name = tokens[end - 1];
  if (
    tokens[end]?.kind === "word" &&
    name?.kind === "word" &&
    /^(var|const)$/.test(tokens[end - 2]?.value ?? "")
  )
    return end - 1;
  const typed = name?.kind === "word" && name.first && !/^(var|const)$/.test(name.value);
  return tokens[end]?.kind === "word" && typed ? end - 1 : end;
}

function destructure(words: Words, index: number, value: Range, add: Add): void {
  const { tokens, brackets } = words;
  const open = brackets.partner[index - 1] ?? -1;
  const before = tokens[open - 1];
  if (open < 0) return;
  const { name } = words.dialect;
  if (name === "csharp" && before?.kind === "word") add(before.value, value, index);
  else if (name === "python" || name === "ruby") subscripted(words, open, value, index, add);
  else if (isSign(tokens[open], "{")) taken(words, open, value, index, add);
}

// `const { model, name: other } = config`.
function taken(words: Words, open: number, value: Range, index: number, add: Add): void {
  const { tokens } = words;
  for (const part of split(words, inside(words, open))) {
    const key = tokens[part.from];
    const local = isSign(tokens[part.from + 1], ":") ? tokens[part.from + 2] : key;
    if (key?.kind === "word" && local?.kind === "word") add(local.value, value, index, key.value);
  }
}

// `os.environ["MODEL"] = "x"` and `config["model"] = "x"`.
function subscripted(words: Words, open: number, value: Range, index: number, add: Add): void {
  const { tokens } = words;
  const key = tokens[open + 1];
  const name = tokens[open - 1];
  if (!isSign(tokens[open], "[") || key?.kind !== "text" || name?.kind !== "word") return;
  add(`${name.value}[${key.value}]`, value, index);
}

// `import a as b, c as d` is no `with a as b, c as d`.
function opensWith({ tokens }: Words, from: number): boolean {
  for (let at = from; at >= 0 && at > from - 200; at--) {
    if (isWord(tokens[at], "with")) return true;
    if (tokens[at]?.first && /^(import|from)$/.test(tokens[at]?.value ?? "")) return false;
  }
  return false;
}

function withAs(words: Words, index: number, add: Add): void {
  const name = words.tokens[index + 1];
  if (name?.kind !== "word") return;
  let from = index - 1;
  while (
    from >= 0 &&
    !isWord(words.tokens[from], "with") &&
    !words.tokens[from]?.first &&
    !isSign(words.tokens[from], ",")
  ) {
    const partner = words.brackets.partner[from] ?? -1;
    from = partner >= 0 && partner < from ? partner - 1 : from - 1;
  }
  const listed = isSign(words.tokens[from], ",") && opensWith(words, from);
  if (isWord(words.tokens[from], "with") || listed) add(name.value, { from: from + 1, to: index }, index);
}

// `for model in MODELS:` and `for (const model of MODELS)`.
function loop(words: Words, index: number, add: Add): void {
  const { tokens } = words;
  let at = index + 1;
  const bracket = isSign(tokens[at], "(") ? at : -1;
  if (bracket >= 0) at++;
  while (/^(const|let|var|await)$/.test(tokens[at]?.value ?? "")) at++;
  if (isSign(tokens[at + 1], ",")) pairs(words, at, add);
  const name = tokens[at];
  const word = tokens[at + 1];
  if (name?.kind !== "word" || !/^(in|of)$|^:$/.test(word?.value ?? "")) return;
  const end = bracket >= 0 ? after(words, bracket) - 1 : loopEnd(words, at + 2);
  add(name.value, { from: at + 2, to: end }, at, "items");
}

// Python: `for key, value in MODELS.items():` and `for index, value in enumerate(MODELS):`.
function pairs(words: Words, at: number, add: Add): void {
  const { tokens, dialect } = words;
  const name = tokens[at + 2];
  if (dialect.name !== "python" || name?.kind !== "word" || !isWord(tokens[at + 3], "in")) return;
  const from = at + 4;
  const end = loopEnd(words, isSign(tokens[from], "{") ? after(words, from) : from);
  if (isWord(tokens[from], "enumerate") && isSign(tokens[from + 1], "("))
    add(name.value, inside(words, from + 1), at, "items");
  else if (isSign(tokens[end - 1], ")") && isWord(tokens[end - 3], "items"))
    add(name.value, { from, to: end - 4 }, at, "items");
}

function loopEnd(words: Words, from: number): number {
  for (let index = from; index < words.tokens.length; ) {
    const token = words.tokens[index] as Token;
    if (
      isSign(token, ":") ||
      isSign(token, "{") ||
      isSign(token, "]") ||
      isSign(token, "}") ||
      isSign(token, ")")
    )
      return index;
    if (isWord(token, "if") || isWord(token, "do") || token.first) return index;
    index = isSign(token, "(") || isSign(token, "[") ? after(words, index) : index + 1;
  }
  return words.tokens.length;
}
