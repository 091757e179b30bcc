import type { Node } from "./node.js";

/** `KEY=value` lines as in .env files, properties and shells' exports. */
export function fromEnv(text: string): { name: string; value: string; line: number }[] {
  return text.split("\n").flatMap((row, index) => {
    const found = /^\s*(?:export\s+|ENV\s+|ARG\s+)?([A-Za-z_][\w.-]*)\s*[=:]\s*(.*)$/.exec(row);
    if (!found || /^\s*[#;!]/.test(row)) return [];
    return [{ name: found[1] ?? "", value: unquote(found[2] ?? ""), line: index + 1 }];
  });
}

function unquote(text: string): string {
  const quoted = /^\s*(["'])(.*?)\1/.exec(text);
  return quoted ? (quoted[2] ?? "") : text.replace(/\s+#.*$/, "").trim();
}

interface Branch {
  is: "map";
  line: number;
  entries: Map<string, Node>;
}

/** Puts a value under a path of keys. */
function put(root: Branch, keys: readonly string[], value: Node): void {
  let at = root;
  for (const key of keys.slice(0, -1)) {
    const below = at.entries.get(key);
    const next: Branch =
      below?.is === "map" ? (below as Branch) : { is: "map", line: value.line, entries: new Map() };
    at.entries.set(key, next);
    at = next;
  }
  at.entries.set(keys.at(-1) ?? "", value);
}

export function fromProperties(text: string): Node {
  const root: Branch = { is: "map", line: 1, entries: new Map() };
  for (const { name, value, line } of fromEnv(text))
    put(root, name.split("."), { is: "scalar", line, text: value });
  return root;
}

/** Reads what configuration needs of TOML and INI: tables, keys, strings and lists of strings. */
export function fromToml(text: string): Node {
  const root: Branch = { is: "map", line: 1, entries: new Map() };
  let table: string[] = [];
  for (const [index, row] of text.split("\n").entries()) {
    const header = /^\s*\[\[?\s*([^\]]+?)\s*\]\]?/.exec(row);
    if (header) {
      table = keysOf(header[1] ?? "");
      continue;
    }
    const found = /^\s*((?:"[^"]*"|[\w-]+)(?:\.(?:"[^"]*"|[\w-]+))*)\s*=\s*(.+)$/.exec(row);
    if (!found) continue;
    put(root, [...table, ...keysOf(found[1] ?? "")], tomlValue(found[2] ?? "", index + 1));
  }
  return root;
}

const keysOf = (text: string): string[] =>
  (text.match(/"[^"]*"|[^."\s]+/g) ?? []).map((key) => key.replaceAll('"', ""));

function tomlValue(text: string, line: number): Node {
  const trimmed = text.trim();
  if (trimmed.startsWith("["))
    return { is: "list", line, items: strings(trimmed).map((item) => ({ is: "scalar", line, text: item })) };
  if (trimmed.startsWith("{")) {
    const entries = [...trimmed.matchAll(/([\w-]+)\s*=\s*("([^"]*)"|'([^']*)'|[^,}]+)/g)];
    return {
      is: "map",
      line,
      entries: new Map(
        entries.map((pair) => [
          pair[1] ?? "",
          { is: "scalar", line, text: pair[3] ?? pair[4] ?? pair[2] ?? "" } as const,
        ]),
      ),
    };
  }
  return { is: "scalar", line, text: unquote(trimmed) };
}

const strings = (text: string): string[] =>
  [...text.matchAll(/"([^"]*)"|'([^']*)'/g)].map((found) => found[1] ?? found[2] ?? "");
