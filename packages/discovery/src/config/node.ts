import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Node as YamlNode } from "yaml";
import type { Value } from "../code/value.js";

/** A value of a configuration file, with the line it stands on. */
export type Node =
  | { readonly is: "map"; readonly line: number; readonly entries: ReadonlyMap<string, Node> }
  | { readonly is: "list"; readonly line: number; readonly items: readonly Node[] }
  | { readonly is: "scalar"; readonly line: number; readonly text: string };

const MAX_NODES = 60_000;
const MAX_DEPTH = 40;

/** Reads YAML (also several documents in one file). Aliases stay unresolved: they are not followed, so no bomb. */
export function fromYaml(text: string): Node[] {
  const lines = new LineCounter();
  try {
    const documents = parseAllDocuments(text, {
      lineCounter: lines,
      logLevel: "silent",
      prettyErrors: false,
      uniqueKeys: false,
      strict: false,
    });
    if (!Array.isArray(documents)) return [];
    const budget = { left: MAX_NODES };
    return documents.flatMap(
      (document) => convert(document.contents as YamlNode | null, lines, budget, 0) ?? [],
    );
  } catch {
    return [];
  }
}

function convert(
  node: YamlNode | null,
  lines: LineCounter,
  budget: { left: number },
  depth: number,
): Node | undefined {
  if (node === null || node === undefined || isAlias(node) || depth > MAX_DEPTH || budget.left-- <= 0)
    return undefined;
  const line = lines.linePos(node.range?.[0] ?? 0).line;
  if (isScalar(node)) return { is: "scalar", line, text: node.value === null ? "" : String(node.value) };
  if (isSeq(node))
    return {
      is: "list",
      line,
      items: node.items.flatMap((item) => convert(item as YamlNode, lines, budget, depth + 1) ?? []),
    };
  if (!isMap(node)) return undefined;
  const entries = new Map<string, Node>();
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : undefined;
    const below = convert(value as YamlNode | null, lines, budget, depth + 1);
    if (name !== undefined && below) entries.set(name, below);
  }
  return { is: "map", line, entries };
}

/** Reads JSON; lines are those where a value's text first stands. */
export function fromJson(text: string): Node | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return fromYaml(stripComments(text))[0];
  }
  return plain(value, text, 0);
}

const stripComments = (text: string): string =>
  text
    .replace(/^\s*\/\/.*$/gm, "")
    .replace(/,(\s*[}\]])/g, "$1")
    .replaceAll("\t", "  ");

function plain(value: unknown, text: string, depth: number): Node | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if (Array.isArray(value))
    return {
      is: "list",
      line: 1,
      items: value.slice(0, 5_000).flatMap((item) => plain(item, text, depth + 1) ?? []),
    };
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).flatMap(([key, below]) => {
      const node = plain(below, text, depth + 1);
      return node ? [[key, node] as const] : [];
    });
    return { is: "map", line: 1, entries: new Map(entries) };
  }
  return {
    is: "scalar",
    line: typeof value === "string" ? lineOf(text, JSON.stringify(value)) : 1,
    text: value === null ? "" : String(value),
  };
}

function lineOf(text: string, part: string): number {
  const at = part.length > 4 ? text.indexOf(part) : -1;
  if (at < 0) return 1;
  let line = 1;
  for (let next = text.indexOf("\n"); next >= 0 && next < at; next = text.indexOf("\n", next + 1)) line++;
  return line;
}

export const child = (node: Node | undefined, ...keys: readonly string[]): Node | undefined =>
  keys.reduce<Node | undefined>((at, key) => (at?.is === "map" ? at.entries.get(key) : undefined), node);

export const textOf = (node: Node | undefined): string | undefined =>
  node?.is === "scalar" && node.text !== "" ? node.text : undefined;

export const itemsOf = (node: Node | undefined): readonly Node[] => (node?.is === "list" ? node.items : []);

/** The same as a value that expressions can be read with. */
export function toValue(node: Node, path: string): Value {
  if (node.is === "scalar") return { is: "text", text: node.text, at: { path, line: node.line } };
  if (node.is === "list") return { is: "list", items: node.items.map((item) => toValue(item, path)) };
  return {
    is: "map",
    entries: new Map([...node.entries].map(([key, below]) => [key, [toValue(below, path)]])),
  };
}
