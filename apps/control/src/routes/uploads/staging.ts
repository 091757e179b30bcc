import { createHash } from "node:crypto";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import type { Readable } from "node:stream";
import { CountersignError, fileFault, isRelativeName } from "@countersign/evidence";

/** Uploaded files wait here until their job ends; then they are dropped, and only the manifest stays. */
const UPLOADS = "uploads";

export function stagedDirectory(directory: string, job: string): string {
  return join(directory, UPLOADS, job);
}

export async function dropStaged(directory: string, job: string): Promise<void> {
  await rm(stagedDirectory(directory, job), { recursive: true, force: true });
}

/** What no open job waits for was left by a kill. */
export async function sweepStaged(directory: string, open: readonly string[]): Promise<void> {
  const keep = new Set(open);
  for (const name of await readdir(join(directory, UPLOADS)).catch(() => [])) {
    if (!keep.has(name)) await rm(join(directory, UPLOADS, name), { recursive: true, force: true });
  }
}

export interface StagedFile {
  path: string;
  size: number;
  sha256: string;
}

/** One upload on its way in: files below a draft directory, which becomes the job's once all of it is durable. */
export class Staging {
  readonly files: StagedFile[] = [];
  readonly #draft: string;
  readonly #directory: string;
  readonly #limit: number;
  #size = 0;

  constructor(directory: string, draft: string, limit: number) {
    this.#directory = directory;
    this.#draft = stagedDirectory(directory, `draft-${draft}`);
    this.#limit = limit;
  }

  async add(path: string, data: Readable): Promise<void> {
    const target = this.#target(path);
    const handle = await mkdir(dirname(target), { recursive: true, mode: 0o700 })
      .then(() => open(target, "wx", 0o600))
      .catch((cause: unknown) => {
        throw this.#refusal(path, cause);
      });
    const hash = createHash("sha256");
    let size = 0;
    try {
      for await (const chunk of data as AsyncIterable<Buffer>) {
        size += chunk.length;
        this.#count(chunk.length);
        hash.update(chunk);
        await handle.write(chunk);
      }
      await handle.sync();
    } catch (cause) {
      throw fileFault(path, cause, "bad-request");
    } finally {
      await handle.close();
    }
    this.files.push({ path, size, sha256: hash.digest("hex") });
  }

  /** The draft becomes the job's directory. */
  async commit(job: string): Promise<string> {
    const target = stagedDirectory(this.#directory, job);
    await rm(target, { recursive: true, force: true });
    await rename(this.#draft, target);
    await syncDirectory(dirname(target));
    return target;
  }

  async discard(): Promise<void> {
    await rm(this.#draft, { recursive: true, force: true });
  }

  /** The name comes from outside: it may only lead down from the draft directory. */
  #target(path: string): string {
    const target = join(this.#draft, path);
    if (!isRelativeName(path) || path.includes("\\") || !target.startsWith(this.#draft + sep)) {
      throw new CountersignError("path-outside", `${JSON.stringify(path)} is not a relative path of a file`);
    }
    return target;
  }

  #count(bytes: number): void {
    this.#size += bytes;
    if (this.#size > this.#limit) {
      throw new CountersignError("payload-too-large", `an upload may have ${this.#limit} bytes`);
    }
  }

  #refusal(path: string, cause: unknown): CountersignError {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "EEXIST" || code === "ENOTDIR" || code === "EISDIR") {
      return new CountersignError("bad-request", `${JSON.stringify(path)} stands twice in the upload`);
    }
    if (code === "ENAMETOOLONG") return new CountersignError("bad-request", "a file name is too long");
    return fileFault(path, cause);
  }
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
