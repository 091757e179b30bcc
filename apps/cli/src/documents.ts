import { isUtf8 } from "node:buffer";
import { lstatSync, readdirSync } from "node:fs";
import { extname, join, relative, resolve } from "node:path";
import { buffer as bytesOf } from "node:stream/consumers";
import { CountersignError, fileFault } from "@countersign/evidence";
import { type Document, parseDocuments } from "@countersign/inventory";
import { readBytes } from "./actions/read.js";
import type { Session } from "./session.js";

const MOST_FILES = 20_000;
const MOST_BYTES = 16 * 1024 * 1024;
const ENDINGS = new Set([".yaml", ".yml", ".json"]);

/** Where a document was read. */
export interface Located {
  document: Document;
  source: string;
}

/** The documents of files, of whole directories, and of `-`, which is standard input. */
export async function readDocuments(session: Session, paths: readonly string[]): Promise<Located[]> {
  const found: Located[] = [];
  for (const path of paths) {
    if (path === "-") found.push(...read(await bytesOf(session.io.stdin), "standard input", true));
    else
      for (const { file, named } of filesOf(session, path))
        found.push(...read(readBytes(session, file), file, named));
  }
  checkUnique(found);
  if (found.length === 0) throw nothing(paths);
  return found;
}

function read(bytes: Uint8Array, source: string, named: boolean): Located[] {
  const text = new TextDecoder().decode(bytes);
  // Other programs' files lie in the same directories; they are not even parsed.
  if (!named && !text.includes("countersign.dev/")) return [];
  if (!isUtf8(bytes)) throw notUtf8(source);
  return parse(text, source, !named);
}

// Read in another way, a name would quietly become another one, and could not be exported as it stood.
const notUtf8 = (source: string): CountersignError =>
  new CountersignError(
    "document-invalid",
    `${source} is not UTF-8. Save it as UTF-8 (for example: iconv -f LATIN1 -t UTF-8)`,
  );

function parse(text: string, source: string, skipForeign: boolean): Located[] {
  return parseDocuments(text, { source, skipForeign }).map((document) => ({ document, source }));
}

interface Found {
  file: string;
  /** Whether the user named this very file. */
  named: boolean;
}

function filesOf({ io }: Session, path: string): Found[] {
  const start = resolve(io.cwd, path);
  const found: Found[] = [];
  const open = [start];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const stat = statOf(at, path);
    if (stat.isDirectory()) open.push(...children(at).reverse());
    else if (at === start || (stat.isFile() && ENDINGS.has(extname(at).toLowerCase()))) {
      if (stat.size > MOST_BYTES) throw tooLarge(at);
      found.push({ file: relative(io.cwd, at) || at, named: at === start });
    }
    if (found.length > MOST_FILES)
      throw new CountersignError("too-complex", `${path} holds more than ${MOST_FILES} files`);
  }
  return found;
}

function statOf(file: string, path: string): ReturnType<typeof lstatSync> & object {
  try {
    return lstatSync(file);
  } catch (cause) {
    throw fileFault(path, cause);
  }
}

function children(directory: string): string[] {
  const names = readdirSync(directory).filter((name) => !name.startsWith(".") && name !== "node_modules");
  return names.sort().map((name) => join(directory, name));
}

const tooLarge = (file: string): CountersignError =>
  new CountersignError(
    "too-complex",
    `${file} is larger than ${MOST_BYTES} bytes. Split it into several files.`,
  );

function checkUnique(found: readonly Located[]): void {
  const seen = new Map<string, string>();
  for (const { document, source } of found) {
    const name = `${document.kind} ${document.metadata.name}`;
    const first = seen.get(name);
    if (first !== undefined) {
      throw new CountersignError(
        "document-invalid",
        `${name} is described in ${first} and again in ${source}. Leave one of the two.`,
        { detail: { remedy: "leave one of the two, then run the command again" } },
      );
    }
    seen.set(name, source);
  }
}

const nothing = (paths: readonly string[]): CountersignError =>
  new CountersignError("usage", `there are no documents in ${paths.join(", ")}`, {
    detail: { remedy: "countersign export --out inventory   (writes what a server has, as a start)" },
  });
