// Checks packages/scanner/src/globals/lists/*.json and writes packages/scanner/src/globals/lists.ts from them.
//
//   node conformance/scanner/write-lists.mjs [--check]
//
// The lists are data with a reason and a source per entry. The module that the scanner loads holds only what a verdict
// needs, as one text per list: a small pickle that imports nothing never parses it.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const globals = join(dirname(fileURLToPath(import.meta.url)), "../../packages/scanner/src/globals");
const target = join(globals, "lists.ts");

function compact(list) {
  const words = (names) => names.join(" ");
  return {
    packages: words(list.packages ?? []),
    allow: (list.allow ?? []).map(({ module, names, reason, check }) =>
      check ? [module, words(names), reason, check] : [module, words(names), reason],
    ),
    pure: words((list.pure ?? []).flatMap(({ modules }) => modules)),
    constructors: words((list.constructors ?? []).flatMap(({ prefixes }) => prefixes)),
    dangerous: (list.dangerous ?? []).map(({ names, reason }) => [reason, words(names)]),
    gadgets: words((list.gadgets ?? []).flatMap(({ names }) => names)),
    escapes: words((list.escapes ?? []).flatMap(({ names }) => names)),
    vendored: words((list.vendored ?? []).flatMap(({ names }) => names)),
    borrowed: words((list.borrowed ?? []).flatMap(({ names }) => names)),
  };
}

/** Biome writes a text with the quotes that need fewer escapes. */
const literal = (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

const files = readdirSync(join(globals, "lists")).sort();
const lists = files.map((file) => [file, JSON.parse(readFileSync(join(globals, "lists", file), "utf8"))]);
const lines = lists.map(([, list]) => `  ${literal(JSON.stringify(compact(list)))},`);
const source = `/** Written by conformance/scanner/write-lists.mjs from lists/*.json: change those. */
export const LISTS: readonly string[] = [
${lines.join("\n")}
];
`;
if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== source) {
    console.error("globals/lists.ts is not what the lists say: node conformance/scanner/write-lists.mjs");
    process.exitCode = 1;
  }
} else writeFileSync(target, source);
