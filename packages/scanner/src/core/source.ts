import { readSync } from "node:fs";

/** Random access to bytes that may be larger than memory. */
export interface Source {
  readonly size: number;
  /** The bytes from `offset` on, at most `length`; fewer at the end. Never throws for a range out of bounds. */
  read(offset: number, length: number): Buffer;
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function bytesSource(bytes: Uint8Array): Source {
  const buffer = toBuffer(bytes);
  return {
    size: buffer.length,
    read: (offset, length) => {
      const start = Math.max(0, offset);
      return buffer.subarray(start, Math.max(start, Math.min(buffer.length, offset + length)));
    },
  };
}

/** Thrown when the file gives fewer bytes than its size said: it changes while it is read. */
export class SourceChanged extends Error {}

export function fileSource(fd: number, size: number): Source {
  return {
    size,
    read: (offset, length) => {
      const start = Math.max(0, offset);
      const wanted = Math.max(0, Math.min(size, offset + length) - start);
      const buffer = Buffer.allocUnsafe(wanted);
      let done = 0;
      while (done < wanted) {
        const got = readSync(fd, buffer, done, wanted - done, start + done);
        if (got === 0) throw new SourceChanged("the file became shorter while it was read");
        done += got;
      }
      return buffer;
    },
  };
}

export function slice(source: Source, offset: number, length: number): Source {
  const start = Math.max(0, Math.min(source.size, offset));
  const size = Math.max(0, Math.min(length, source.size - start));
  return {
    size,
    read: (at, count) => {
      const from = Math.max(0, at);
      return source.read(start + from, Math.max(0, Math.min(size - from, count - (from - at))));
    },
  };
}

const CHUNK = 1024 * 1024;

/** Finds `needle` at or after `from`, reading in chunks; -1 when it is not there. */
export function indexOf(source: Source, needle: Buffer, from = 0, end: number = source.size): number {
  let at = from;
  while (at < end) {
    const chunk = source.read(at, Math.min(CHUNK + needle.length - 1, end - at));
    const found = chunk.indexOf(needle);
    if (found >= 0) return at + found;
    if (chunk.length < CHUNK) return -1;
    at += CHUNK;
  }
  return -1;
}

/** Whether every byte of the range is zero (padding). */
export function isZero(source: Source, offset: number, length: number): boolean {
  const end = Math.min(source.size, offset + length);
  for (let at = offset; at < end; at += CHUNK) {
    const chunk = source.read(at, Math.min(CHUNK, end - at));
    if (!chunk.equals(Buffer.alloc(chunk.length))) return false;
  }
  return true;
}
