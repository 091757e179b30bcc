import {
  closeSync,
  type Dirent,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
} from "node:fs";
import { join } from "node:path";
import type { Note } from "../finding.js";
import { trackedPaths } from "./git-index.js";
import { isOthers } from "./skip.js";
import { LIMITS, type Limits, type Tree, type TreeFile } from "./tree.js";

export interface WalkOptions {
  readonly limits?: Partial<Limits>;
  readonly signal?: AbortSignal;
  /** Only this file at the top. */
  readonly only?: string;
}

interface Walk {
  readonly limits: Limits;
  readonly signal: AbortSignal | undefined;
  readonly files: TreeFile[];
  readonly notes: Note[];
}

interface Repository {
  readonly prefix: string;
  readonly tracked: ReadonlySet<string>;
}

/** Lists a directory. Links are not followed, so no loop and no way out; Git's own files are not looked at. */
export function walkDirectory(root: string, options: WalkOptions = {}): Tree {
  const walk: Walk = {
    limits: { ...LIMITS, ...options.limits },
    signal: options.signal,
    files: [],
    notes: [],
  };
  if (options.only === undefined) visit(walk, root, "", 0, undefined);
  else add(walk, root, options.only, undefined);
  walk.files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return walk;
}

function visit(walk: Walk, root: string, path: string, depth: number, above: Repository | undefined): void {
  walk.signal?.throwIfAborted();
  if (depth > walk.limits.depth) {
    walk.notes.push({
      file: path,
      reason: `directories deeper than ${walk.limits.depth} were not looked at`,
    });
    return;
  }
  const entries = list(walk, join(root, path), path);
  const repository = entries.some(({ name }) => name === ".git") ? (open(root, path) ?? above) : above;
  for (const entry of entries) {
    if (walk.files.length >= walk.limits.files) {
      full(walk, path);
      return;
    }
    const below = path === "" ? entry.name : `${path}/${entry.name}`;
    if (entry.isFile()) add(walk, root, below, repository);
    else if (entry.isSymbolicLink()) link(walk, below, repository);
    else if (entry.isDirectory() && !isOthers(entry.name)) visit(walk, root, below, depth + 1, repository);
  }
}

function full(walk: Walk, path: string): void {
  const reason = `more than ${walk.limits.files} files: the rest was not looked at`;
  if (!walk.notes.some((note) => note.reason === reason)) walk.notes.push({ file: path, reason });
}

function list(walk: Walk, absolute: string, path: string): Dirent[] {
  try {
    return readdirSync(absolute, { withFileTypes: true });
  } catch (error) {
    walk.notes.push({
      file: path,
      reason: `cannot be listed (${(error as NodeJS.ErrnoException).code ?? "unknown"})`,
    });
    return [];
  }
}

function add(walk: Walk, root: string, path: string, repository: Repository | undefined): void {
  const absolute = join(root, path);
  try {
    const { size } = lstatSync(absolute);
    walk.files.push({
      path,
      size,
      read: (limit) => readStart(absolute, limit),
      tracked: isTracked(repository, path),
    });
  } catch {
    walk.notes.push({ file: path, reason: "went away while it was read" });
  }
}

// Hugging Face caches are links to blobs; elsewhere a link is another name for what is found anyway.
function link(walk: Walk, path: string, repository: Repository | undefined): void {
  if (!/(^|\/)(models|datasets)--[^/]+\/snapshots\//.test(path)) return;
  walk.files.push({ path, size: 0, read: () => undefined, tracked: isTracked(repository, path) });
}

const isTracked = (repository: Repository | undefined, path: string): boolean =>
  repository === undefined || repository.tracked.has(path.slice(repository.prefix.length));

function open(root: string, path: string): Repository | undefined {
  const git = join(root, path, ".git");
  try {
    const directory = lstatSync(git).isDirectory() ? git : worktree(join(root, path), git);
    const index = directory && join(directory, "index");
    if (!index || !existsSync(index) || lstatSync(index).size > 512 * 2 ** 20) return undefined;
    const tracked = trackedPaths(readFileSync(index));
    return tracked && tracked.size > 0 ? { prefix: path === "" ? "" : `${path}/`, tracked } : undefined;
  } catch {
    return undefined;
  }
}

// A worktree's or a submodule's `.git` is a file that names the directory.
function worktree(base: string, file: string): string | undefined {
  if (lstatSync(file).size > 4_096) return undefined;
  const named = /^gitdir: (.+)$/m.exec(readFileSync(file, "utf8"))?.[1];
  return named === undefined ? undefined : join(named.startsWith("/") ? "/" : base, named);
}

function readStart(absolute: string, limit: number): Buffer | undefined {
  let file: number | undefined;
  try {
    file = openSync(absolute, "r");
    const wanted = Math.min(limit, fstatSync(file).size);
    const buffer = Buffer.alloc(wanted);
    let done = 0;
    while (done < wanted) {
      const read = readSync(file, buffer, done, wanted - done, done);
      if (read === 0) break;
      done += read;
    }
    return buffer.subarray(0, done);
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
