import { readFile, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { CountersignError } from "@countersign/evidence";
import { importCycloneDx, importFolder, importHuggingFace } from "@countersign/importers";
import type { Session } from "../session.js";
import { type ImportOptions, runImport } from "./import.js";

const MAX_BOM = 64 * 1024 * 1024;

interface CycloneDxOptions extends ImportOptions {
  all?: boolean;
}

const named = ({ name }: ImportOptions): { name?: string } => (name === undefined ? {} : { name });

export async function importFromHuggingFace(
  session: Session,
  options: ImportOptions,
  given: string,
): Promise<number> {
  const path = resolve(session.io.cwd, given);
  return runImport(session, options, `huggingface ${basename(path)}`, () =>
    importHuggingFace(path, named(options)),
  );
}

export async function importFromFolder(
  session: Session,
  options: ImportOptions,
  given: string,
): Promise<number> {
  const path = resolve(session.io.cwd, given);
  return runImport(session, options, `folder ${basename(path)}`, () => importFolder(path, named(options)));
}

export async function importFromCycloneDx(
  session: Session,
  options: CycloneDxOptions,
  given: string,
): Promise<number> {
  const path = resolve(session.io.cwd, given);
  const bytes = await readBom(path, given);
  const wanted = { ...named(options), ...(options.all === true ? { all: true } : {}) };
  return runImport(session, options, `cyclonedx ${basename(path)}`, () => importCycloneDx(bytes, wanted));
}

async function readBom(path: string, given: string): Promise<Uint8Array> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new CountersignError("path-not-found", `there is no file at ${given}`);
  if (found.size > MAX_BOM)
    throw new CountersignError("too-complex", `${given} is larger than ${MAX_BOM} bytes`);
  return readFile(path);
}
