// The inputs to begin with: files that real libraries wrote (seeds/) and small texts and messages built here.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { BUILT } from "./built.mjs";
import { STREAMS } from "./built-streams.mjs";
import { TEXTS } from "./built-texts.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
/** The samples of the scanner's own tests are honest files of real libraries as well. */
const DIRECTORIES = [join(HERE, "seeds"), join(HERE, "../../../packages/scanner/src/testing/samples")];
const MAX_SEED = 40_000;

function files(path) {
  if (statSync(path).isDirectory()) return readdirSync(path).flatMap((name) => files(join(path, name)));
  return path.endsWith(".md") || statSync(path).size > MAX_SEED ? [] : [path];
}

export function seeds(extra = []) {
  const found = Object.entries({ ...BUILT, ...STREAMS, ...TEXTS }).map(([name, data]) => ({ name, data }));
  for (const path of [...DIRECTORIES, ...extra].flatMap(files))
    found.push({ name: basename(path), data: readFileSync(path) });
  return found;
}
