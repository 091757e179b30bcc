import type { Source } from "./source.js";

const SCRIPTS = [
  ".ts",
  ".tsx",
  ".js",
  ".jsx",
  ".mjs",
  ".cjs",
  ".mts",
  "/index.ts",
  "/index.js",
  "/index.tsx",
  "",
];

/** The file of the tree that a module name means in a file, if it is one of the tree's own. */
export function resolveModule(from: Source, module: string, paths: readonly string[]): string | undefined {
  switch (from.dialect.name) {
    case "python":
      return python(from.path, module, paths);
    case "javascript":
      return javascript(from.path, module, paths);
    case "go":
      return undefined;
    default:
      return dotted(from, module, paths);
  }
}

const known = new WeakMap<readonly string[], { all: Set<string>; byName: Map<string, string[]> }>();

function indexOf(paths: readonly string[]): { all: Set<string>; byName: Map<string, string[]> } {
  const before = known.get(paths);
  if (before) return before;
  const byName = new Map<string, string[]>();
  for (const path of paths) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    const list = byName.get(name);
    if (list) list.push(path);
    else byName.set(name, [path]);
  }
  const made = { all: new Set(paths), byName };
  known.set(paths, made);
  return made;
}

const directoryOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}

function python(from: string, module: string, paths: readonly string[]): string | undefined {
  const dots = /^\.*/.exec(module)?.[0].length ?? 0;
  const file = module.slice(dots).replace(/^\./, "").replaceAll(".", "/");
  const { all } = indexOf(paths);
  if (dots > 0) {
    const base = normal(`${directoryOf(from)}/${"../".repeat(dots - 1)}${file}`);
    return [`${base}.py`, `${base}/__init__.py`].find((path) => all.has(path));
  }
  if (file === "") return undefined;
  return nearest(from, [`${file}.py`, `${file}/__init__.py`], paths);
}

/** The path that ends so and shares most with `from`. */
function nearest(from: string, ends: readonly string[], paths: readonly string[]): string | undefined {
  const { byName } = indexOf(paths);
  const candidates = ends.flatMap((end) =>
    (byName.get(end.slice(end.lastIndexOf("/") + 1)) ?? []).filter(
      (path) => path === end || path.endsWith(`/${end}`),
    ),
  );
  return candidates.sort((a, b) => shared(b, from) - shared(a, from))[0];
}

function shared(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length * 1_000 - a.length;
}

function javascript(from: string, module: string, paths: readonly string[]): string | undefined {
  const { all } = indexOf(paths);
  const stem = module.replace(/\.(js|mjs|cjs|jsx)$/, "");
  const tries = (base: string): string | undefined =>
    [module.endsWith(".json") ? base : "", ...SCRIPTS.map((end) => base + end)].find(
      (path) => path !== "" && all.has(path),
    );
  if (module.startsWith("."))
    return tries(normal(`${directoryOf(from)}/${stem}`)) ?? tries(normal(`${directoryOf(from)}/${module}`));
  const alias = /^(@|~|#|\$lib)\/(.+)$/.exec(stem);
  if (!alias?.[2]) return undefined;
  return nearest(
    from,
    SCRIPTS.map((end) => alias[2] + end),
    paths,
  );
}

// A class is in the file of its name; Rust's modules are files too.
function dotted(from: Source, module: string, paths: readonly string[]): string | undefined {
  const parts = module.split(".");
  const name = parts.at(-1) ?? "";
  const extension = from.path.slice(from.path.lastIndexOf("."));
  if (from.dialect.name === "rust") {
    if (!/^(crate|super|self)$/.test(parts[0] ?? "")) return undefined;
    const file = parts.slice(1).join("/");
    return file === "" ? undefined : nearest(from.path, [`${file}.rs`, `${file}/mod.rs`], paths);
  }
  return parts.length < 2
    ? undefined
    : nearest(
        from.path,
        [`${parts.slice(-2).join("/")}${extension}`, `${name}${extension}`].slice(0, 1),
        paths,
      );
}
