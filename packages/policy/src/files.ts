import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { CountersignError } from "@countersign/evidence";

const MOST_FILES = 1_000;
const MOST_BYTES = 1024 * 1024;

/** Text by name, relative to its directory. */
export type Files = Readonly<Record<string, string>>;

/** The files below `directory` whose names end so, dot files left out. */
export function readFiles(directory: string, ending: string): Files {
  const names = walk(directory, "", ending).sort();
  if (names.length > MOST_FILES)
    throw invalid(directory, `there are more than ${MOST_FILES} ${ending} files`);
  return Object.fromEntries(names.map((name) => [name, readText(join(directory, name), name)]));
}

export function invalid(file: string, message: string, line?: number, cause?: unknown): CountersignError {
  const where = line === undefined ? file : `${file}:${line}`;
  const detail = { file, ...(line === undefined ? {} : { line }) };
  return new CountersignError("policy-invalid", `${where}: ${message}`, { detail, cause });
}

// Subdirectories are read too: a rule that somebody filed away must not be lost. Links to files are followed,
// because mounted configuration consists of them; links to directories could go round in circles.
function walk(root: string, below: string, ending: string): string[] {
  const found: string[] = [];
  for (const entry of list(join(root, below))) {
    if (entry.name.startsWith(".")) continue;
    const name = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) found.push(...walk(root, name, ending));
    else if (entry.name.endsWith(ending)) found.push(name);
    else if (entry.isSymbolicLink() && isDirectory(join(root, name))) {
      throw invalid(name, "a link to a directory is not followed");
    }
  }
  return found;
}

function list(directory: string): import("node:fs").Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (cause) {
    throw invalid(directory, "the policy directory cannot be read", undefined, cause);
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function readText(path: string, name: string): string {
  try {
    const status = statSync(path);
    if (!status.isFile()) throw new Error("it is not a regular file");
    if (status.size > MOST_BYTES) throw new Error("it is larger than 1 MiB");
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
  } catch (cause) {
    throw invalid(name, cause instanceof Error ? cause.message : String(cause), undefined, cause);
  }
}
