import type * as Crypto from "node:crypto";
import type * as Fs from "node:fs";

/** One byte range of one file. `stamp` is what the walk saw: another state of the file is a fault. */
export interface HashJob {
  name: string;
  path: string;
  start: number;
  end: number;
  stamp: string;
  /** As node:crypto names it. */
  algorithm: string;
}

export type HashResult =
  | { digest: string }
  | { code: "file-changed" | "file-kind-refused" | "cancelled" | "errno"; errno: string };

/** Shared with the workers: element 0 counts the bytes hashed, element 1 is not zero once the work is cancelled. */
export type HashShared = BigInt64Array;

/**
 * Hashes one byte range. The workers run these two functions from their own source text, which works alike from
 * TypeScript and from the build: so they name nothing but each other and their parameters.
 */
export function hashJob(
  fs: typeof Fs,
  createHash: typeof Crypto.createHash,
  job: HashJob,
  buffer: Uint8Array,
  shared: HashShared,
): HashResult {
  let fd = -1;
  try {
    // O_NONBLOCK: a pipe that took the file's place must not hang us; O_NOFOLLOW: nor may a link lead us astray.
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
    fd = fs.openSync(job.path, O_RDONLY | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0));
    const before = checkState(fs, fd, job);
    if (before) return before;
    const hash = createHash(job.algorithm);
    for (let position = job.start; position < job.end; ) {
      if (Atomics.load(shared, 1) !== 0n) return { code: "cancelled", errno: "" };
      const read = fs.readSync(fd, buffer, 0, Math.min(buffer.length, job.end - position), position);
      if (read === 0) return { code: "file-changed", errno: "" };
      hash.update(buffer.subarray(0, read));
      Atomics.add(shared, 0, BigInt(read));
      position += read;
    }
    return checkState(fs, fd, job) ?? { digest: hash.digest("hex") };
  } catch (cause) {
    return { code: "errno", errno: String((cause as NodeJS.ErrnoException).code ?? cause) };
  } finally {
    if (fd !== -1) fs.closeSync(fd);
  }
}

/** The file is still the one that the walk saw; compare `stampOf`. */
export function checkState(fs: typeof Fs, fd: number, job: HashJob): HashResult | undefined {
  const stat = fs.fstatSync(fd, { bigint: true });
  if (!stat.isFile()) return { code: "file-kind-refused", errno: "" };
  const stamp = [stat.size, stat.mtimeNs, stat.ctimeNs, stat.ino, stat.dev];
  const seen = job.stamp.split(":");
  // Other names of the same file come and go, as stored artifacts are linked: that changes its ctime and none of its bytes.
  const linked = stat.nlink > 1n;
  const same = stamp.every((value, at) => String(value) === seen[at] || (at === 2 && linked));
  return same ? undefined : { code: "file-changed", errno: "" };
}
