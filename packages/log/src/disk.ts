import { constants } from "node:fs";
import { link, mkdir, open, readdir, readFile, rename, rm, unlink } from "node:fs/promises";
import { lockDirectory } from "./lock.js";

/** The few calls of a file system that durability hangs on, apart so that tests can lose power between any two of them. */
export interface Disk {
  /** Undefined when there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Creates or empties a file. Where `durable`, its writes are durable when they resolve. */
  create(path: string, durable?: boolean): Promise<DiskFile>;
  /** Opens an existing file for writing. */
  open(path: string): Promise<DiskFile>;
  /** False when `to` exists. */
  link(from: string, to: string): Promise<boolean>;
  unlink(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** A file or a directory with all it holds; nothing there is no error. */
  remove(path: string): Promise<void>;
  /** The names in a directory; none when there is no such directory. */
  list(path: string): Promise<string[]>;
  /** False when the directory exists. */
  makeDirectory(path: string): Promise<boolean>;
  syncDirectory(path: string): Promise<void>;
  /** Makes this process the only writer of a directory; throws `directory-locked`. */
  lock(path: string): Promise<() => Promise<void>>;
}

export interface DiskFile {
  write(pieces: readonly Uint8Array[], position: number): Promise<void>;
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

export function hasErrno(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}

async function unless<T>(work: Promise<T>, otherwise: T, ...codes: string[]): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (hasErrno(error, ...codes)) return otherwise;
    throw error;
  }
}

const CREATE = constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC;
/** A write and its fdatasync in one call. Windows has no such flag. */
const DURABLE: number | undefined = constants.O_DSYNC;

async function openFile(path: string, flags: number, durable: boolean): Promise<DiskFile> {
  const handle = await open(path, durable ? flags | (DURABLE ?? 0) : flags, 0o644);
  return {
    async write(pieces, position) {
      const { bytesWritten } = await handle.writev(pieces, position);
      let done = bytesWritten;
      const whole = pieces.reduce((sum, { length }) => sum + length, 0);
      if (done === whole) return;
      // A short write: the disk is nearly full, and the next one says so.
      const rest = Buffer.concat(pieces);
      while (done < whole)
        done += (await handle.write(rest, done, whole - done, position + done)).bytesWritten;
    },
    sync: () => handle.datasync(),
    truncate: (length) => handle.truncate(length),
    close: () => handle.close(),
  };
}

export const nodeDisk: Disk = {
  read: (path) => unless<Uint8Array | undefined>(readFile(path), undefined, "ENOENT", "ENOTDIR"),
  create: (path, durable = false) => openFile(path, CREATE, durable),
  open: (path) => openFile(path, constants.O_RDWR, false),
  link: (from, to) =>
    unless(
      link(from, to).then(() => true),
      false,
      "EEXIST",
    ),
  rename,
  unlink,
  remove: (path) => rm(path, { recursive: true, force: true }),
  list: (path) => unless(readdir(path), [], "ENOENT"),
  makeDirectory: (path) =>
    unless(
      mkdir(path).then(() => true),
      false,
      "EEXIST",
    ),
  async syncDirectory(path) {
    const handle = await open(path, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  lock: (path) => lockDirectory(path),
};
