import { randomUUID } from "node:crypto";
import { closeSync, ftruncateSync, openSync, statfsSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { LimitReached } from "../core/limits.js";
import { fileSource, type Source } from "../core/source.js";
import { MemorySpool, type Spill, type Spool } from "../core/spill.js";

/** What is smaller stays in memory. */
const IN_MEMORY = 4 * 1024 * 1024;
/** The disk is asked again for its free space after this many bytes. */
const CHECK_EVERY = 64 * 1024 * 1024;

/** Writes large unpacked members into temporary files that have no name, so that nothing stays behind after a crash. */
export function temporarySpill(directory: string, freeBytes: number): Spill {
  return { create: () => new TemporarySpool(directory, freeBytes) };
}

class TemporarySpool implements Spool {
  private readonly directory: string;
  private readonly freeBytes: number;
  private memory: MemorySpool | undefined = new MemorySpool(IN_MEMORY);
  private fd = -1;
  private length = 0;
  private checkAt = 0;
  /** The file ends in zeros that were not written. */
  private hole = false;

  constructor(directory: string, freeBytes: number) {
    this.directory = directory;
    this.freeBytes = freeBytes;
  }

  write(chunk: Uint8Array): void {
    if (this.memory && this.length + chunk.length <= IN_MEMORY) this.memory.write(chunk);
    else this.append(chunk);
    this.length += chunk.length;
  }

  source(): Source {
    if (this.memory) return this.memory.source();
    if (this.hole) ftruncateSync(this.fd, this.length);
    this.hole = false;
    return fileSource(this.fd, this.length);
  }

  close(): void {
    this.memory?.close();
    if (this.fd >= 0) closeSync(this.fd);
    this.fd = -1;
    this.length = 0;
  }

  private append(chunk: Uint8Array): void {
    // Zeros stay a hole in the file: arrays of them take no disk.
    if (!this.memory && isZeros(chunk)) {
      this.hole = true;
      return;
    }
    if (this.length + chunk.length > this.checkAt) this.checkFree(chunk.length);
    if (this.memory) {
      this.fd = openUnnamed(this.directory);
      const kept = this.memory.source();
      this.memory = undefined;
      this.writeAll(kept.read(0, kept.size), 0);
    }
    this.writeAll(chunk, this.length);
    this.hole = false;
  }

  private checkFree(wanted: number): void {
    const { bavail, bsize } = statfsSync(this.directory);
    const free = bavail * bsize - this.freeBytes;
    if (free < wanted) throw new LimitReached("freeBytes");
    this.checkAt = this.length + Math.min(CHECK_EVERY, free);
  }

  private writeAll(chunk: Uint8Array, at: number): void {
    try {
      for (let done = 0; done < chunk.length; )
        done += writeSync(this.fd, chunk, done, chunk.length - done, at + done);
    } catch (error) {
      if (error instanceof Error && "code" in error && /^(ENOSPC|EDQUOT|EFBIG)$/.test(String(error.code)))
        throw new LimitReached("freeBytes");
      throw error;
    }
  }
}

const ZEROS = Buffer.alloc(64 * 1024);

function isZeros(chunk: Uint8Array): boolean {
  for (let at = 0; at < chunk.length; at += ZEROS.length) {
    const piece = chunk.subarray(at, at + ZEROS.length);
    if (ZEROS.compare(piece, 0, piece.length, 0, piece.length) !== 0) return false;
  }
  return true;
}

function openUnnamed(directory: string): number {
  const path = join(directory, `countersign-${randomUUID()}`);
  const fd = openSync(path, "wx+", 0o600);
  unlinkSync(path);
  return fd;
}
