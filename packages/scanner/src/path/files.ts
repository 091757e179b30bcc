import type { Dirent, Stats } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { fileFault } from "@countersign/evidence/errors";
import { excludes, matchesPath } from "./glob.js";

export interface Candidate {
  /** Relative to the scanned path, with `/`. */
  name: string;
  absolute: string;
  /** Where its name lies, when a link leads elsewhere. */
  directory?: string;
  size: number;
  /** Why the file cannot be scanned. */
  problem?: "symlink-skipped" | "file-unreadable";
}

export interface Choice {
  /** Only files whose path below the scanned one fits this pattern. */
  include?: string;
  /** Not what fits one of these patterns. */
  exclude?: readonly string[];
  /** Follow links out of the scanned directory too. */
  followLinks?: boolean;
  signal?: AbortSignal;
}

/** What model signing leaves out, only at the top. */
const SKIPPED = new Set([".git", ".gitignore", ".gitattributes", ".github"]);
/** Files whose state is asked for at once. */
const AT_ONCE = 256;

/** Lists what is to be scanned in the order of names. Links are followed only inside the scanned directory, unless told otherwise. */
export async function listFiles(path: string, choice: Choice = {}): Promise<Candidate[]> {
  const { root, info } = await openRoot(path);
  if (!info.isDirectory()) {
    const problem = info.isFile() ? {} : { problem: "file-unreadable" as const };
    const directory = dirname(resolve(path));
    return [{ name: basename(path), absolute: root, directory, size: info.size, ...problem }];
  }
  const walk = new Walk(root, choice);
  await walk.enter(root, "");
  return walk.found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function openRoot(path: string): Promise<{ root: string; info: Stats }> {
  try {
    const root = await realpath(path);
    return { root, info: await stat(root) };
  } catch (error) {
    throw fileFault(path, error);
  }
}

const SNAPSHOT = /^(.*[/\\](?:models|datasets|spaces)--[^/\\]+)[/\\]snapshots[/\\][^/\\]+/;

class Walk {
  readonly found: Candidate[] = [];
  private readonly root: string;
  private readonly choice: Choice;
  /** A snapshot in Hugging Face's cache is made of links to files beside it. */
  private readonly blobs: string | undefined;
  /** Directories on the way here by links: a link to one of them would lead round in a circle. */
  private readonly entered = new Set<string>();

  constructor(root: string, choice: Choice) {
    this.root = root;
    this.choice = choice;
    const [, repository] = SNAPSHOT.exec(root) ?? [];
    this.blobs = repository === undefined ? undefined : join(repository, "blobs") + sep;
  }

  async enter(directory: string, prefix: string): Promise<void> {
    this.choice.signal?.throwIfAborted();
    let entries: Dirent[];
    try {
      entries = await readdir(directory, { withFileTypes: true });
    } catch {
      const name = prefix.slice(0, -1) || ".";
      this.found.push({ name, absolute: directory, size: 0, problem: "file-unreadable" });
      return;
    }
    for (let at = 0; at < entries.length; at += AT_ONCE) {
      const some = entries.slice(at, at + AT_ONCE).filter(({ name }) => prefix !== "" || !SKIPPED.has(name));
      await Promise.all(
        some.map((entry) => (entry.isDirectory() ? undefined : this.file(entry, directory, prefix))),
      );
      for (const entry of some)
        if (entry.isDirectory()) await this.below(join(directory, entry.name), `${prefix}${entry.name}`);
    }
  }

  private async below(directory: string, name: string): Promise<void> {
    if (!this.isExcluded(name)) await this.enter(directory, `${name}/`);
  }

  private isExcluded(name: string): boolean {
    return (this.choice.exclude ?? []).some((pattern) => excludes(pattern, name));
  }

  private async file(entry: Dirent, directory: string, prefix: string): Promise<void> {
    const name = `${prefix}${entry.name}`;
    const absolute = join(directory, entry.name);
    if (this.isExcluded(name)) return;
    if (entry.isSymbolicLink()) return this.link(absolute, name);
    if (this.isWanted(name)) this.found.push(await describe(absolute, name, entry.isFile()));
  }

  private isWanted(name: string): boolean {
    return this.choice.include === undefined || matchesPath(this.choice.include, name);
  }

  private holds(path: string): boolean {
    return path.startsWith(this.root + sep) || (this.blobs !== undefined && path.startsWith(this.blobs));
  }

  /** Whether what lies in a directory is scanned under its own name. */
  private isFoundAnyway(path: string): boolean {
    if (path === this.root) return true;
    if (!path.startsWith(this.root + sep)) return false;
    const parts = path.slice(this.root.length + 1).split(sep);
    const excluded = parts.some((_, at) => this.isExcluded(parts.slice(0, at + 1).join("/")));
    return !SKIPPED.has(parts[0] ?? "") && !excluded && this.choice.include === undefined;
  }

  private async link(absolute: string, name: string): Promise<void> {
    const target = await targetOf(absolute);
    const inside = target !== undefined && this.holds(target.path);
    if (target?.info.isDirectory() && this.isFoundAnyway(target.path)) return;
    if (target?.info.isDirectory() && this.choice.followLinks && !this.root.startsWith(target.path + sep)) {
      if (this.entered.has(target.path)) return;
      this.entered.add(target.path);
      await this.below(target.path, name);
    } else if (this.isWanted(name)) {
      const followed = target?.info.isFile() && (inside || this.choice.followLinks);
      const directory = dirname(absolute);
      if (target && followed)
        this.found.push({ name, absolute: target.path, directory, size: target.info.size });
      else this.found.push({ name, absolute, size: 0, problem: "symlink-skipped" });
    }
  }
}

/** Undefined for a link to nothing, which is reported like one that leads out. */
async function targetOf(link: string): Promise<{ path: string; info: Stats } | undefined> {
  try {
    const path = await realpath(link);
    return { path, info: await stat(path) };
  } catch {
    return undefined;
  }
}

async function describe(absolute: string, name: string, regular: boolean): Promise<Candidate> {
  if (!regular) return { name, absolute, size: 0, problem: "file-unreadable" };
  try {
    return { name, absolute, size: (await stat(absolute)).size };
  } catch {
    return { name, absolute, size: 0, problem: "file-unreadable" };
  }
}
