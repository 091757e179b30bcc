import { dirname } from "node:path";
import type { Disk, DiskFile } from "../src/disk.js";

/** A file: what a process sees, and what a loss of power leaves. */
class Inode {
  seen: Buffer = Buffer.alloc(0);
  kept: Buffer = Buffer.alloc(0);
}

class Directory {
  seen: Map<string, Inode | Directory> = new Map();
  kept: Map<string, Inode | Directory> = new Map();
}

export type Loss =
  /** The process died; the operating system lives on. */
  | "none"
  /** Only what was synced is left. */
  | "all"
  /** As "all", and of each unsynced file a first part was written. */
  | "torn"
  /** Each unsynced file and name was kept or not, by chance. */
  | "some";

type Step = (disk: LossyDisk) => void;

/** A disk in memory that records each operation, and can be rebuilt as it would be after any of them and a loss of power. */
export class LossyDisk implements Disk {
  readonly steps: Step[] = [];
  /** Bytes that may still be written before the disk is full. */
  room: number = Number.POSITIVE_INFINITY;
  #root = new Directory();
  #base = new Directory();

  /** This disk after its first `count` operations and a loss. */
  after(count: number, loss: Loss, random: () => number = Math.random): LossyDisk {
    const disk = new LossyDisk();
    disk.#root = copy(this.#base);
    for (const step of this.steps.slice(0, count)) step(disk);
    disk.#base = loss === "none" ? disk.#root : lose(disk.#root, loss, random);
    disk.#root = copy(disk.#base);
    return disk;
  }

  #do(step: Step): void {
    step(this);
    this.steps.push(step);
  }

  #spend(bytes: number): number {
    const got = Math.min(this.room, bytes);
    this.room -= got;
    if (got < bytes && got === 0)
      throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    return got;
  }

  #directory(path: string): Directory {
    let at: Directory = this.#root;
    for (const name of path.split("/").filter(Boolean)) {
      const next = at.seen.get(name);
      if (!(next instanceof Directory)) throw missing(path);
      at = next;
    }
    return at;
  }

  #lookup(path: string): Inode | Directory | undefined {
    try {
      return this.#directory(dirname(path)).seen.get(nameOf(path));
    } catch {
      return undefined;
    }
  }

  #file(path: string): Inode {
    const inode = this.#lookup(path);
    if (!(inode instanceof Inode)) throw missing(path);
    return inode;
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    const inode = this.#lookup(path);
    return inode instanceof Inode ? Buffer.from(inode.seen) : undefined;
  }

  async create(path: string, durable = false): Promise<DiskFile> {
    this.#spend(1);
    this.#do((disk) => {
      const parent = disk.#directory(dirname(path));
      const present = parent.seen.get(nameOf(path));
      if (present instanceof Inode) present.seen = Buffer.alloc(0);
      else parent.seen.set(nameOf(path), new Inode());
    });
    return this.#handle(path, durable);
  }

  async open(path: string): Promise<DiskFile> {
    this.#file(path);
    return this.#handle(path, false);
  }

  #handle(path: string, durable: boolean): DiskFile {
    return {
      write: async (pieces, position) => {
        const bytes = Buffer.concat(pieces);
        const got = this.#spend(bytes.length);
        this.#do((disk) => {
          const inode = disk.#file(path);
          inode.seen = overlay(inode.seen, bytes.subarray(0, got), position);
        });
        if (got < bytes.length) this.#spend(bytes.length - got);
        if (durable) await this.#sync(path);
      },
      sync: () => this.#sync(path),
      truncate: async (length) => {
        this.#do((disk) => {
          const inode = disk.#file(path);
          inode.seen = Buffer.from(inode.seen.subarray(0, length));
        });
      },
      close: async () => undefined,
    };
  }

  async #sync(path: string): Promise<void> {
    this.#do((disk) => {
      const inode = disk.#file(path);
      inode.kept = Buffer.from(inode.seen);
    });
  }

  async link(from: string, to: string): Promise<boolean> {
    if (this.#lookup(to)) return false;
    this.#spend(1);
    this.#do((disk) => disk.#directory(dirname(to)).seen.set(nameOf(to), disk.#file(from)));
    return true;
  }

  async rename(from: string, to: string): Promise<void> {
    this.#do((disk) => {
      disk.#directory(dirname(to)).seen.set(nameOf(to), disk.#file(from));
      disk.#directory(dirname(from)).seen.delete(nameOf(from));
    });
  }

  async unlink(path: string): Promise<void> {
    this.#do((disk) => disk.#directory(dirname(path)).seen.delete(nameOf(path)));
  }

  async remove(path: string): Promise<void> {
    if (this.#lookup(path)) await this.unlink(path);
  }

  async list(path: string): Promise<string[]> {
    const directory = this.#lookup(path);
    return directory instanceof Directory ? [...directory.seen.keys()] : [];
  }

  async makeDirectory(path: string): Promise<boolean> {
    if (this.#lookup(path)) return false;
    this.#spend(1);
    this.#do((disk) => disk.#directory(dirname(path)).seen.set(nameOf(path), new Directory()));
    return true;
  }

  async syncDirectory(path: string): Promise<void> {
    this.#do((disk) => {
      const directory = disk.#directory(path);
      directory.kept = new Map(directory.seen);
    });
  }

  async lock(): Promise<() => Promise<void>> {
    return async () => undefined;
  }

  /** Flips one bit of a file, as a bad disk or a bad person would. */
  flip(path: string, bit: number): void {
    const inode = this.#file(path);
    inode.seen = Buffer.from(inode.seen);
    inode.seen[bit >> 3] = (inode.seen[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  }

  /** The paths of all files. */
  files(): string[] {
    const walk = (directory: Directory, prefix: string): string[] =>
      [...directory.seen].flatMap(([name, entry]) =>
        entry instanceof Directory ? walk(entry, `${prefix}/${name}`) : [`${prefix}/${name}`],
      );
    return walk(this.#root, "");
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function missing(path: string): Error {
  return Object.assign(new Error(`ENOENT: no such file or directory, '${path}'`), { code: "ENOENT" });
}

function overlay(under: Buffer, bytes: Uint8Array, position: number): Buffer {
  const result = Buffer.alloc(Math.max(under.length, position + bytes.length));
  under.copy(result);
  result.set(bytes, position);
  return result;
}

type Node = Inode | Directory;

/** Makes another tree out of one. Files with several names stay one. */
function remake(
  root: Directory,
  file: (from: Inode) => Inode,
  directory: (from: Directory, visit: Visit) => Directory,
): Directory {
  const done = new Map<Node, Node>();
  const visit = (from: Node): Node => {
    const made = done.get(from) ?? (from instanceof Directory ? directory(from, visit) : file(from));
    done.set(from, made);
    return made;
  };
  return visit(root) as Directory;
}

type Visit = (from: Node) => Node;

/** A copy in which what is unsynced is still so. */
function copy(root: Directory): Directory {
  return remake(
    root,
    (from) => Object.assign(new Inode(), from),
    (from, visit) => {
      const to = new Directory();
      for (const [name, entry] of from.seen) to.seen.set(name, visit(entry));
      for (const [name, entry] of from.kept) to.kept.set(name, visit(entry));
      return to;
    },
  );
}

/** What a loss of power leaves of a tree. */
function lose(root: Directory, loss: Loss, random: () => number): Directory {
  return remake(
    root,
    (from) => {
      const left = new Inode();
      left.seen = contentAfter(from, loss, random);
      left.kept = left.seen;
      return left;
    },
    (from, visit) => {
      const left = new Directory();
      for (const name of new Set([...from.seen.keys(), ...from.kept.keys()])) {
        const entry = (loss === "some" && random() < 0.5 ? from.seen : from.kept).get(name);
        if (entry) left.seen.set(name, visit(entry));
      }
      left.kept = new Map(left.seen);
      return left;
    },
  );
}

function contentAfter({ seen, kept }: Inode, loss: Loss, random: () => number): Buffer {
  if (seen.equals(kept)) return Buffer.from(seen);
  if (loss === "all") return Buffer.from(kept);
  const grown = seen.length - kept.length;
  const part = kept.length + Math.floor(random() * Math.max(0, grown + 1));
  if (loss === "torn") return Buffer.from(seen.subarray(0, part));
  if (grown <= 0 || random() < 0.5) return Buffer.from(random() < 0.5 ? seen : kept);
  // Blocks reach the disk in any order: the length may be there and the bytes not.
  return overlay(overlay(Buffer.alloc(seen.length), kept, 0), seen.subarray(part), part);
}
