import { constants } from "node:fs";
import { lstat, open, readdir, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { CountersignError } from "@countersign/evidence";

/** A file below a root, by its path from there with `/`. */
export interface TreeFile {
  path: string;
  size: number;
  /** Reached through a symbolic link that stays below the root. */
  linked: boolean;
}

/** Files below a directory as importers read them: nothing outside of it, nothing without a limit. */
export interface FileTree {
  root: string;
  files: TreeFile[];
  notes: string[];
  /** The beginning of a file; undefined where it is larger than `most`, or gone. */
  read(path: string, most: number): Promise<Uint8Array | undefined>;
}

const MAX_FILES = 200_000;
const MAX_DEPTH = 24;
const SKIPPED = new Set([".git", ".cache", "node_modules", "__pycache__", ".venv", ".locks"]);

/** Lists a directory. Links to files below the root are files; links to directories or out of it are left out and noted. */
export async function openTree(directory: string): Promise<FileTree> {
  const root = await realpath(resolve(directory)).catch(() => undefined);
  if (root === undefined || !(await stat(root)).isDirectory()) {
    throw new CountersignError("path-not-found", `there is no directory at ${directory}`);
  }
  const tree: FileTree = { root, files: [], notes: [], read: (path, most) => readStart(root, path, most) };
  await list(tree, "", 0);
  tree.files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return tree;
}

async function list(tree: FileTree, at: string, depth: number): Promise<void> {
  if (depth > MAX_DEPTH) {
    tree.notes.push(`${at} lies more than ${MAX_DEPTH} directories deep; it is left out`);
    return;
  }
  const entries = await readdir(join(tree.root, at), { withFileTypes: true });
  for (const entry of entries) {
    const path = at === "" ? entry.name : `${at}/${entry.name}`;
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) await list(tree, path, depth + 1);
    else if (entry.isSymbolicLink()) await link(tree, path);
    else if (entry.isFile()) await add(tree, path, false);
    if (tree.files.length > MAX_FILES)
      throw new CountersignError(
        "too-complex",
        `there are more than ${MAX_FILES} files; import its parts one by one`,
      );
  }
}

async function link(tree: FileTree, path: string): Promise<void> {
  const real = await realpath(join(tree.root, path)).catch(() => undefined);
  if (real === undefined) tree.notes.push(`${path} is a link that leads nowhere; it is left out`);
  else if (!isBelow(tree.root, real))
    tree.notes.push(`${path} is a link that leads out of the directory; it is left out`);
  else if ((await stat(real)).isFile()) await add(tree, path, true);
  else tree.notes.push(`${path} is a link to a directory; it is left out`);
}

async function add(tree: FileTree, path: string, linked: boolean): Promise<void> {
  const { size } = linked ? await stat(join(tree.root, path)) : await lstat(join(tree.root, path));
  tree.files.push({ path, size, linked });
}

function isBelow(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

async function readStart(root: string, path: string, most: number): Promise<Uint8Array | undefined> {
  const real = await realpath(join(root, path)).catch(() => undefined);
  if (real === undefined || !isBelow(root, real)) return undefined;
  // What became a link meanwhile is not followed, and a pipe is not waited for.
  const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => undefined,
  );
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    if (size > most) return undefined;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
