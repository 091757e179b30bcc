import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CountersignError, fileFault } from "@countersign/evidence";
import { equalBytes } from "./bytes.js";
import { type Disk, hasErrno, nodeDisk } from "./disk.js";
import { fault } from "./faults.js";
import { openFileJournal } from "./file-journal.js";
import type { Journal, Store, StoredFile } from "./store.js";

/** Node has four threads for files: one stays free for the journal, whose writes somebody waits for. */
const PARALLEL = 3;
const SWAP_ATTEMPTS = 40;
const SWAP_PAUSE_MS = 50;
const PATH = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

/** A log in a directory. Reading needs no lock; writing (`openJournal`) takes it. */
export function fileStore(directory: string, options: FileStoreOptions = {}): Store {
  return new FileStore(directory, options);
}

export interface FileStoreOptions {
  readonly disk?: Disk;
  /** When the journal begins a new file. */
  readonly segmentBytes?: number;
}

const SEGMENT_BYTES = 16 * 1024 * 1024;

class FileStore implements Store {
  readonly #root: string;
  readonly #staging: string;
  readonly #disk: Disk;
  readonly #segmentBytes: number;
  /** Directories that are there for sure. */
  readonly #known = new Map<string, Promise<void>>();
  /** Whether this store holds the directory, since `openJournal`. */
  #writing = false;
  /** Tells this store's staged files from those of another one on the same directory. */
  readonly #name: string = randomBytes(6).toString("hex");
  #staged = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(root: string, { disk = nodeDisk, segmentBytes = SEGMENT_BYTES }: FileStoreOptions) {
    this.#root = root;
    this.#staging = join(root, "staged");
    this.#disk = disk;
    this.#segmentBytes = segmentBytes;
  }

  get(path: string): Promise<Uint8Array | undefined> {
    return this.#guard(path, () => this.#disk.read(this.#resolve(path)));
  }

  async putIfAbsent(path: string, bytes: Uint8Array): Promise<boolean> {
    const [put] = await this.putAll([{ path, bytes }]);
    return put ?? false;
  }

  /** Also what exists already is made sure of: whoever put it may have died before its directory was synced. */
  async putAll(files: readonly StoredFile[]): Promise<boolean[]> {
    const put: boolean[] = [];
    const rest = [...files.entries()];
    const work = async (): Promise<void> => {
      for (let next = rest.shift(); next; next = rest.shift()) {
        const [i, file] = next;
        put[i] = await this.#guard(file.path, () => this.#place(file));
      }
    };
    const workers = await Promise.allSettled(Array.from({ length: PARALLEL }, work));
    const failed = workers.find((worker) => worker.status === "rejected");
    if (failed) throw failed.reason;
    const directories = new Set(files.map(({ path }) => dirname(this.#resolve(path))));
    for (const path of directories) await this.#guard(path, () => this.#disk.syncDirectory(path));
    return put;
  }

  async #place({ path, bytes }: StoredFile): Promise<boolean> {
    const staged = await this.#stage(bytes);
    try {
      await this.#ensureDirectory(dirname(this.#resolve(path)));
      return await this.#disk.link(staged, this.#resolve(path));
    } finally {
      await this.#disk.unlink(staged);
    }
  }

  /** One at a time here, and one process at a time: by the lock that `openJournal` takes, or else by one for the moment. */
  putIfMatch(path: string, bytes: Uint8Array, expected: Uint8Array | undefined): Promise<boolean> {
    const turn = this.#turn.then(() => this.#guard(path, () => this.#swapAlone(path, bytes, expected)));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #swapAlone(path: string, bytes: Uint8Array, expected: Uint8Array | undefined): Promise<boolean> {
    if (this.#writing) return this.#swap(path, bytes, expected);
    await this.#ensureDirectory(this.#root);
    const unlock = await this.#lockSoon();
    try {
      return await this.#swap(path, bytes, expected);
    } finally {
      await unlock();
    }
  }

  async #lockSoon(): Promise<() => Promise<void>> {
    for (let attempt = 0; attempt < SWAP_ATTEMPTS; attempt++) {
      try {
        return await this.#disk.lock(this.#root);
      } catch (error) {
        if (!(error instanceof CountersignError && error.code === "directory-locked")) throw error;
      }
      await sleep(Math.random() * SWAP_PAUSE_MS);
    }
    return this.#disk.lock(this.#root);
  }

  async #swap(path: string, bytes: Uint8Array, expected: Uint8Array | undefined): Promise<boolean> {
    const target = this.#resolve(path);
    const present = await this.#disk.read(target);
    if (present === undefined ? expected !== undefined : !expected || !equalBytes(present, expected))
      return false;
    const staged = await this.#stage(bytes);
    await this.#ensureDirectory(dirname(target));
    await this.#disk.rename(staged, target);
    await this.#disk.syncDirectory(dirname(target));
    return true;
  }

  async openJournal(): Promise<Journal> {
    return this.#guard(this.#root, async () => {
      await this.#makeRoot();
      const unlock = await this.#disk.lock(this.#root);
      this.#writing = true;
      const stop = async (): Promise<void> => {
        this.#writing = false;
        await unlock();
      };
      try {
        for (const name of await this.#disk.list(this.#staging))
          await this.#disk.unlink(join(this.#staging, name));
        await this.#ensureDirectory(join(this.#root, "journal"));
        const directory = join(this.#root, "journal");
        return await openFileJournal(this.#disk, directory, this.#segmentBytes, stop);
      } catch (error) {
        await stop();
        throw error;
      }
    });
  }

  /** The root's own name must be durable as well; a parent that may not be opened is left to whoever made it. */
  async #makeRoot(): Promise<void> {
    const made = await this.#disk.makeDirectory(this.#root);
    try {
      await this.#disk.syncDirectory(dirname(this.#root));
    } catch (error) {
      if (made || !hasErrno(error, "EACCES", "EPERM")) throw error;
    }
    this.#known.set(this.#root, Promise.resolve());
  }

  prune(directory: string): Promise<void> {
    return this.#guard(directory, () => this.#disk.remove(this.#resolve(directory)));
  }

  async #stage(bytes: Uint8Array): Promise<string> {
    await this.#ensureDirectory(this.#staging);
    const path = join(this.#staging, `${this.#name}-${this.#staged++}`);
    const file = await this.#disk.create(path, true);
    try {
      await file.write([bytes], 0);
    } catch (error) {
      await file.close();
      await this.#disk.unlink(path).catch(() => undefined);
      throw error;
    }
    await file.close();
    return path;
  }

  async #ensureDirectory(path: string): Promise<void> {
    const known = this.#known.get(path) ?? this.#makeDirectory(path);
    this.#known.set(path, known);
    try {
      await known;
    } catch (error) {
      this.#known.delete(path);
      throw error;
    }
  }

  async #makeDirectory(path: string): Promise<void> {
    if (path === this.#root) return this.#makeRoot();
    await this.#ensureDirectory(dirname(path));
    // Also when it was there: whoever made it may have died before it synced the parent.
    await this.#disk.makeDirectory(path);
    await this.#disk.syncDirectory(dirname(path));
  }

  #resolve(path: string): string {
    if (!PATH.test(path)) throw fault("path-outside", `"${path}" is no path inside the log`);
    return join(this.#root, path);
  }

  async #guard<T>(path: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw fileFault(path, error, "log-unavailable");
    }
  }
}
