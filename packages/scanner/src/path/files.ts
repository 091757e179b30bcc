import type { Dirent, Stats } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { basename, join, sep } from "node:path";
import { fileFault } from "@countersign/evidence";

export interface Candidate {
  /** Relative to the scanned path, with `/`. */
  name: string;
  absolute: string;
  size: number;
  /** Why the file cannot be scanned. */
  problem?: "symlink-skipped" | "file-unreadable";
}

/** What model signing leaves out, only at the top. */
const SKIPPED = new Set([".git", ".gitignore", ".gitattributes", ".github"]);

/** Lists what is to be scanned in the order of names. Links are followed only inside the scanned directory. */
export async function listFiles(path: string): Promise<Candidate[]> {
  const { root, info } = await openRoot(path);
  if (!info.isDirectory()) {
    const problem = info.isFile() ? {} : { problem: "file-unreadable" as const };
    return [{ name: basename(path), absolute: root, size: info.size, ...problem }];
  }
  const found: Candidate[] = [];
  await walk(root, root, "", found);
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function openRoot(path: string): Promise<{ root: string; info: Stats }> {
  try {
    const root = await realpath(path);
    return { root, info: await stat(root) };
  } catch (error) {
    throw fileFault(path, error);
  }
}

async function walk(root: string, directory: string, prefix: string, found: Candidate[]): Promise<void> {
  let entries: Dirent[];
  try {
    entries = await readdir(directory, { withFileTypes: true });
  } catch {
    found.push({
      name: prefix.slice(0, -1) || ".",
      absolute: directory,
      size: 0,
      problem: "file-unreadable",
    });
    return;
  }
  const files: Promise<Candidate>[] = [];
  for (const entry of entries) {
    if (prefix === "" && SKIPPED.has(entry.name)) continue;
    const absolute = join(directory, entry.name);
    const name = `${prefix}${entry.name}`;
    if (entry.isDirectory()) await walk(root, absolute, `${name}/`, found);
    else if (entry.isSymbolicLink()) files.push(followLink(root, absolute, name));
    else files.push(describe(absolute, name, entry.isFile()));
  }
  found.push(...(await Promise.all(files)));
}

async function describe(absolute: string, name: string, regular: boolean): Promise<Candidate> {
  if (!regular) return { name, absolute, size: 0, problem: "file-unreadable" };
  try {
    return { name, absolute, size: (await stat(absolute)).size };
  } catch {
    return { name, absolute, size: 0, problem: "file-unreadable" };
  }
}

async function followLink(root: string, absolute: string, name: string): Promise<Candidate> {
  try {
    const target = await realpath(absolute);
    const info = await stat(target);
    if (target.startsWith(root + sep) && info.isFile()) return { name, absolute: target, size: info.size };
  } catch {
    // A dangling link: reported like one that leads out.
  }
  return { name, absolute, size: 0, problem: "symlink-skipped" };
}
