import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { classify } from "./classify.js";
import { ARGUMENT_CHECKS } from "./judgement.js";
import { STDLIB } from "./stdlib-modules.js";

interface Entry {
  reason: string;
  source: string;
  names: string[];
}

interface ListFile {
  sources: Record<string, string>;
  packages?: string[];
  allow?: (Entry & { module: string; check?: string })[];
  pure?: (Omit<Entry, "names"> & { modules: string[] })[];
  constructors?: (Omit<Entry, "names"> & { prefixes: string[] })[];
  dangerous?: Entry[];
  gadgets?: Entry[];
  escapes?: Entry[];
  vendored?: Entry[];
  borrowed?: Entry[];
}

const folder = fileURLToPath(new URL("./lists", import.meta.url));
const files: [string, ListFile][] = readdirSync(folder).map((file) => [
  file,
  JSON.parse(readFileSync(`${folder}/${file}`, "utf8")),
]);

const DOTTED = /^[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*)*$/u;
const KEYS: Record<string, string[]> = {
  allow: ["module", "names", "reason", "source", "check"],
  pure: ["modules", "reason", "source"],
  constructors: ["prefixes", "reason", "source"],
  dangerous: ["names", "reason", "source"],
  gadgets: ["names", "reason", "source"],
  escapes: ["names", "reason", "source"],
  vendored: ["names", "reason", "source"],
  borrowed: ["names", "reason", "source"],
};

function* entries(
  list: ListFile,
): Generator<[kind: string, entry: Record<string, unknown>, names: string[]]> {
  for (const kind of Object.keys(KEYS)) {
    for (const entry of (list[kind as keyof ListFile] ?? []) as Record<string, unknown>[]) {
      const names = (entry.names ?? entry.modules ?? entry.prefixes) as string[];
      yield [kind, entry, names];
    }
  }
}

const sorted = (names: readonly string[]): string[] => [...names].sort();
const allowed = files.flatMap(([, { allow = [] }]) =>
  allow.flatMap(({ module, names }) => names.map((name) => [module, name] as const)),
);
const dangerous = files.flatMap(([, { dangerous: entriesOf = [] }]) =>
  entriesOf.flatMap(({ names }) => names),
);

function repeated(names: readonly string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) !== index);
}

describe.each(files)("%s", (_, list) => {
  it("has a reason and a known source for each entry, and no unknown key", () => {
    const known = ["sources", "packages", ...Object.keys(KEYS)];
    expect(Object.keys(list).filter((key) => !known.includes(key))).toEqual([]);
    for (const [kind, entry, names] of entries(list)) {
      const label = `${kind} ${JSON.stringify(entry).slice(0, 120)}`;
      expect(
        Object.keys(entry).filter((key) => !KEYS[kind]?.includes(key)),
        label,
      ).toEqual([]);
      expect(entry.reason, label).toMatch(/\w/);
      expect(list.sources[String(entry.source)], label).toMatch(/\w/);
      expect(names.length, label).toBeGreaterThan(0);
      expect(
        names.filter((name) => !DOTTED.test(name)),
        label,
      ).toEqual([]);
    }
  });

  it("uses every source", () => {
    const used = new Set([...entries(list)].map(([, { source }]) => source));
    expect(Object.keys(list.sources).filter((key) => !used.has(key))).toEqual([]);
  });

  it("is sorted, so that two people who add a name meet in one place", () => {
    expect(list.packages ?? []).toEqual(sorted(list.packages ?? []));
    for (const [, , names] of entries(list)) expect(names).toEqual(sorted(names));
    const modules = (list.allow ?? []).map(({ module }) => module);
    expect(modules).toEqual(sorted(modules));
  });

  it("knows the checks that it names, and no package of Python", () => {
    for (const { check } of list.allow ?? []) {
      if (check !== undefined) expect(ARGUMENT_CHECKS).toContain(check);
    }
    expect((list.packages ?? []).filter((name) => STDLIB.has(name))).toEqual([]);
  });
});

describe("the lists together", () => {
  it("name nothing twice", () => {
    expect(repeated(allowed.map((pair) => pair.join(".")))).toEqual([]);
    expect(repeated(dangerous)).toEqual([]);
    expect(repeated(files.flatMap(([, { packages = [] }]) => packages))).toEqual([]);
  });

  it("allow nothing that they call dangerous by that very name", () => {
    const names = new Set(dangerous);
    expect(allowed.map((pair) => pair.join(".")).filter((name) => names.has(name))).toEqual([]);
  });

  it("are what the judge follows", () => {
    const other =
      (level: string) =>
      ([module, name]: readonly [string, string]) =>
        classify(module, name).level !== level;
    expect(allowed.filter(other("safe"))).toEqual([]);
    expect(
      dangerous
        .map(
          (path) => [path.split(".").slice(0, -1).join(".") || path, path.split(".").at(-1) ?? ""] as const,
        )
        .map(([module, name]) => (module === name ? ([module, "x"] as const) : ([module, name] as const)))
        .filter(other("dangerous")),
    ).toEqual([]);
  });

  it("call each class that acts when it only exists dangerous", () => {
    const gadgets = files.flatMap(([, list]) => (list.gadgets ?? []).flatMap(({ names }) => names));
    expect(gadgets.length).toBeGreaterThan(0);
    for (const path of gadgets) {
      const dot = path.lastIndexOf(".");
      const { level, instances } = classify(path.slice(0, dot), path.slice(dot + 1));
      expect([path, level, instances]).toEqual([path, "dangerous", undefined]);
    }
  });

  it("are the ones in lists.ts", () => {
    const script = fileURLToPath(new URL("../../../../conformance/scanner/write-lists.mjs", import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(status).toBe(0);
  });
});
