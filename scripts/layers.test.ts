import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

// A room imports only rooms on lower floors, through their package entry.
const FLOORS: Record<string, number> = {
  evidence: 0,
  log: 1,
  facts: 1,
  policy: 2,
  scanner: 2,
  datasets: 2,
  inventory: 2,
  lineage: 2,
  tracking: 2,
  discovery: 3,
  importers: 3,
  api: 3,
  example: 3,
  workspace: 3,
  control: 4,
  cli: 5,
  console: 5,
};
// Modules that would let a library reach a database, a server or the network.
const FORBIDDEN_IN_LIBRARIES =
  /^(node:(http|https|http2|net|tls|dgram|cluster)|fastify|pg|drizzle-orm|undici)(\/|$)/;
// Rooms that the browser loads must not need Node at all.
const BROWSER = ["api", "console"];
// A room's own entry, and those that need no Node for the browser.
const ENTRIES = [undefined, "proof", "references", "bytes", "secrets", "errors", "ahead"];

const root = join(import.meta.dirname, "..");
const rooms = ["packages", "apps"].flatMap((floor) =>
  readdirSync(join(root, floor)).map((name) => ({
    name,
    directory: join(root, floor, name),
    library: floor === "packages",
  })),
);

function sources(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

const IMPORT = /(?:from|import)\s*\(?\s*["']([^"']+)["']/g;
const importsOf = (path: string): string[] =>
  [...readFileSync(path, "utf8").matchAll(IMPORT)].map((match) => match[1] ?? "");

describe.each(rooms)("$name", ({ name, directory, library }) => {
  const files = sources(join(directory, "src"));

  it("stands on a floor and has sources", () => {
    expect(FLOORS[name]).toBeDefined();
    expect(files.length).toBeGreaterThan(0);
  });

  it("imports only lower floors, by package name", () => {
    for (const path of files) {
      for (const specifier of importsOf(path)) {
        const other = /^@countersign\/([a-z]+)(\/(.*))?$/.exec(specifier);
        if (other === null) {
          const outside =
            specifier.startsWith("..") && !join(path, "..", specifier).startsWith(join(directory, "src"));
          expect(outside && !specifier.endsWith("package.json"), `${path} reaches ${specifier}`).toBe(false);
          continue;
        }
        const [, room = "", , below] = other;
        expect(FLOORS[room], `${path} imports ${specifier}`).toBeLessThan(FLOORS[name] ?? -1);
        expect(ENTRIES, `${path} imports ${specifier}`).toContain(below);
      }
    }
  });

  it.runIf(library)("knows no database, server, environment or wall clock", () => {
    for (const path of files) {
      const text = readFileSync(path, "utf8");
      for (const specifier of importsOf(path)) expect(specifier, path).not.toMatch(FORBIDDEN_IN_LIBRARIES);
      expect(text, path).not.toMatch(/process\.env\b/);
      expect(text, path).not.toMatch(/\bDate\.now\(\)|new Date\(\)/);
    }
  });

  it.runIf(BROWSER.includes(name))("needs no Node in the browser", () => {
    for (const path of files)
      for (const specifier of importsOf(path)) expect(specifier, path).not.toMatch(/^node:/);
  });
});
