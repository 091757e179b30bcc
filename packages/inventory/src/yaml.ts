import { CountersignError } from "@countersign/evidence";
import { isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, parseAllDocuments, type YAMLMap } from "yaml";
import { checkSize, LIMITS, type Limits, tooComplex } from "./limits.js";

/** One document of a YAML text. */
export interface YamlValue {
  value: unknown;
  /** Line of what stands at a path, or of the nearest thing around it; from 1. */
  lineOf(path: readonly string[]): number;
}

type Parsed = ReturnType<typeof parseAllDocuments>[number];

/**
 * Reads YAML 1.2 of one or more documents, whatever is in it. Refuses what would take the parser's time, stack or memory
 * (deep nesting crashes it outright), keys that stand twice, tags, and keys that are no text.
 */
export function parseYaml(text: string, limits: Limits = LIMITS): YamlValue[] {
  checkTokens(text, limits);
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    schema: "core",
    stringKeys: true,
    // The parser compares each key with each other one; `checkKeys` does it in one pass.
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: lines,
  }) as Parsed[];
  return parsed.flatMap((document) => {
    checkParsed(document, lines);
    checkKeys(document, lines, limits);
    const value: unknown = toValue(document, limits);
    return value === null || value === undefined ? [] : [{ value, lineOf: lineFinder(document, lines) }];
  });
}

/** Nesting is counted on the words alone: neither the parser nor the call stack has seen them yet. */
function checkTokens(text: string, limits: Limits): void {
  if (text.length > limits.characters)
    throw tooComplex(`The text is longer than ${limits.characters} characters`);
  const count = { all: 0, documents: 0, flow: 0, line: 0 };
  for (const token of new Lexer().lex(text)) {
    countToken(count, token);
    if (count.flow > limits.depth || count.line > limits.depth)
      throw tooComplex(`The text is nested more than ${limits.depth} deep`);
    if (count.documents > limits.documents)
      throw tooComplex(`The text holds more than ${limits.documents} documents`);
    if (count.all > limits.tokens)
      throw tooComplex(`The text holds more than ${limits.tokens} words and signs`);
  }
}

function countToken(
  count: { all: number; documents: number; flow: number; line: number },
  token: string,
): void {
  count.all++;
  if (token === "[" || token === "{") count.flow++;
  else if (token === "]" || token === "}") count.flow--;
  else if (token === "\n" || token === "\r\n") count.line = 0;
  else if (token === "---") count.documents++;
  else if (count.flow <= 0 && (token === "-" || token === "?" || token === ":")) count.line++;
}

function checkParsed(document: Parsed, lines: LineCounter): void {
  const [problem] = [...document.errors, ...document.warnings];
  if (problem === undefined) return;
  if (problem.code === "RESOURCE_EXHAUSTION") throw tooComplex("The text is nested too deep");
  const { line, col } = lines.linePos(problem.pos[0]);
  throw invalid(`line ${line}, column ${col}: ${problem.message.split("\n")[0]}`);
}

/** Depth, aliases and keys of the parsed tree; an alias is not followed here, `checkSize` counts what it stands for. */
function checkKeys(document: Parsed, lines: LineCounter, limits: Limits): void {
  const open: [node: unknown, depth: number][] = [[document.contents, 0]];
  let aliases = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, depth] = next;
    if (depth > limits.depth) throw tooComplex(`A document is nested more than ${limits.depth} deep`);
    if (isAlias(node)) aliases++;
    if (isMap(node)) checkUniqueKeys(node, lines);
    for (const child of childrenOf(node)) open.push([child, depth + 1]);
  }
  if (aliases > limits.aliases) throw tooComplex(`A document uses more than ${limits.aliases} aliases`);
}

function childrenOf(node: unknown): unknown[] {
  if (isSeq(node)) return node.items;
  return isMap(node) ? node.items.map(({ value }) => value) : [];
}

function checkUniqueKeys({ items }: YAMLMap, lines: LineCounter): void {
  const seen = new Set<unknown>();
  for (const { key } of items) {
    const name: unknown = isScalar(key) ? key.value : key;
    if (seen.has(name)) {
      throw invalid(`line ${lineAt(key, lines)}: the key ${JSON.stringify(name)} stands twice`);
    }
    seen.add(name);
  }
}

function toValue(document: Parsed, limits: Limits): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: limits.aliases });
    checkSize(value, limits);
    return value;
  } catch (cause) {
    if (!(cause instanceof ReferenceError)) throw cause;
    if (/Excessive/.test(cause.message)) throw tooComplex("A document's aliases multiply");
    throw invalid(cause.message);
  }
}

function lineFinder(document: Parsed, lines: LineCounter): (path: readonly string[]) => number {
  return (path) => {
    for (let length = path.length; length >= 0; length--) {
      const node: unknown = document.getIn(path.slice(0, length), true);
      if (node !== undefined) return lineAt(node, lines);
    }
    return 1;
  };
}

function lineAt(node: unknown, lines: LineCounter): number {
  const { range } = (node ?? {}) as { range?: readonly number[] | null };
  return range?.[0] === undefined ? 1 : lines.linePos(range[0]).line;
}

export function invalid(reason: string): CountersignError {
  return new CountersignError("document-invalid", reason);
}
