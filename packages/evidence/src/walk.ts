import type { BigIntStats } from "node:fs";
import * as fs from "node:fs/promises";
import { basename, isAbsolute, relative, resolve, sep } from "node:path";
import { CountersignError, checkCancelled, fileFault } from "./errors.js";
import { byCodePoint } from "./order.js";

export interface WalkOptions {
  /** Exact relative paths, no patterns; one that names a directory leaves out all of it. */
  ignore?: readonly string[];
  /** Follow symbolic links; one that leads outside the artifact gives a warning. */
  allowSymlinks?: boolean;
  signal?: AbortSignal;
}

/** A file as the walk saw it: a later look that disagrees means that it changed. */
export interface FoundFile {
  name: string;
  path: string;
  size: number;
  stamp: string;
}

export interface Walk {
  /** The artifact's own name: the last part of its path. */
  name: string;
  files: FoundFile[];
  ignored: string[];
  /** What a person should know of what was followed. */
  warnings: string[];
  /** Whether the artifact is a single file. */
  single: boolean;
}

// OMS v1.0: left out at the top level only; a nested one is part of the artifact.
export const EXCLUDED: ReadonlySet<string> = new Set([".git", ".gitignore", ".gitattributes", ".github"]);

/** Lists the files of an artifact without following a link or opening anything. */
export async function walk(path: string, options: WalkOptions = {}): Promise<Walk> {
  const root = resolve(path);
  const stat = await look(root);
  if (stat.isSymbolicLink() && !options.allowSymlinks) throw symlinkRefused(path);
  const real = stat.isSymbolicLink() ? await fs.realpath(root).catch((cause) => fail(root, cause)) : root;
  const target = stat.isSymbolicLink() ? await look(real) : stat;
  const job = new Walker(real, options);
  if (target.isDirectory()) await job.directory("", real, [real]);
  else job.file(basename(root), real, target);
  job.files.sort((a, b) => byCodePoint(a.name, b.name));
  if (job.files.length === 0) throw new CountersignError("manifest-empty", `${path} holds no file to name`);
  return {
    name: basename(root),
    files: job.files,
    ignored: job.ignored.sort(byCodePoint),
    warnings: job.warnings,
    single: !target.isDirectory(),
  };
}

async function look(path: string): Promise<BigIntStats> {
  return fs.lstat(path, { bigint: true }).catch((cause) => fail(path, cause));
}

function fail(path: string, cause: unknown): never {
  throw fileFault(path, cause);
}

/** What tells one state of a file from another without reading it. */
function stampOf(stat: Pick<BigIntStats, "size" | "mtimeNs" | "ctimeNs" | "ino" | "dev">): string {
  return [stat.size, stat.mtimeNs, stat.ctimeNs, stat.ino, stat.dev].join(":");
}

const MAX_FILES = 1_000_000;

class Walker {
  readonly files: FoundFile[] = [];
  readonly ignored: string[] = [];
  readonly warnings: string[] = [];
  readonly #root: string;
  readonly #ignore: ReadonlySet<string>;
  readonly #options: WalkOptions;

  constructor(root: string, options: WalkOptions) {
    this.#root = root;
    this.#options = options;
    this.#ignore = new Set((options.ignore ?? []).map((name) => name.replace(/\/+$/, "")));
  }

  async directory(name: string, path: string, above: readonly string[]): Promise<void> {
    // Buffers: a name that is not UTF-8 would otherwise come back as another name.
    const entries = await fs.readdir(path, { encoding: "buffer" }).catch((cause) => fail(path, cause));
    for (const entry of entries) {
      checkCancelled(this.#options.signal);
      const base = decodeName(entry, name);
      const child = name === "" ? base : `${name}/${base}`;
      if ((name === "" && EXCLUDED.has(base)) || this.#ignore.has(child)) this.ignored.push(child);
      else await this.#entry(child, `${path}/${base}`, above);
    }
  }

  async #entry(name: string, path: string, above: readonly string[]): Promise<void> {
    const stat = await look(path);
    if (stat.isDirectory()) return this.directory(name, path, [...above, path]);
    if (!stat.isSymbolicLink()) return this.file(name, path, stat);
    if (!this.#options.allowSymlinks) throw symlinkRefused(name);
    await this.#link(name, path, above);
  }

  async #link(name: string, path: string, above: readonly string[]): Promise<void> {
    const real = await fs.realpath(path).catch((cause) => fail(name, cause));
    const way = relative(this.#root, real);
    if (way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way)) {
      this.warnings.push(`${name} is a symbolic link that leads outside the artifact`);
    }
    const stat = await look(real);
    if (!stat.isDirectory()) return this.file(name, real, stat);
    if (above.some((ancestor) => ancestor === real || ancestor.startsWith(`${real}/`))) {
      throw new CountersignError("symlink-refused", `${name} is a symbolic link that leads back to itself`);
    }
    await this.directory(name, real, [...above, real]);
  }

  file(name: string, path: string, stat: BigIntStats): void {
    if (!stat.isFile()) {
      throw new CountersignError(
        "file-kind-refused",
        `${name} is not a regular file (a pipe, socket or device)`,
      );
    }
    if (this.files.length >= MAX_FILES)
      throw new CountersignError("too-complex", `more than ${MAX_FILES} files`);
    this.files.push({ name, path, size: Number(stat.size), stamp: stampOf(stat) });
  }
}

function symlinkRefused(name: string): CountersignError {
  return new CountersignError(
    "symlink-refused",
    `${name} is a symbolic link: give the real file, or allow links`,
  );
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decodeName(bytes: Buffer, directory: string): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    const shown = bytes.toString("latin1").replace(/[^ -~]/g, "?");
    throw new CountersignError(
      "name-not-utf8",
      `${directory || "."} holds a name that is not UTF-8: ${shown}`,
    );
  }
}
