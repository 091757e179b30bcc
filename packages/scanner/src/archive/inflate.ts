import { createInflateRaw } from "node:zlib";
import type { Source } from "../core/source.js";
import { inflateExactly } from "./deflate.js";
import { Output } from "./output.js";

const CHUNK = 128 * 1024;
const BUFFER: Buffer = Buffer.allocUnsafe(256 * 1024);
const SYNC_FLUSH = 2;
const FINISH = 4;

/** What zlib's synchronous functions are made of: Node offers no synchronous way to unpack piece by piece. */
interface Engine {
  _handle?: {
    writeSync?(
      flush: number,
      from: Buffer,
      at: number,
      length: number,
      to: Buffer,
      start: number,
      room: number,
    ): void;
  };
  _writeState?: Uint32Array;
  errored: unknown;
  close(): void;
  on(event: "error", listener: () => void): void;
}

/** Inflates raw deflate (RFC 1951) from `start` on and answers where the stream ends. */
export function inflate(packed: Source, out: Output, start = 0): number {
  const before = out.size;
  const end = inflateNatively(packed, out, start);
  if (end >= 0) return end;
  // zlib does not tell what precedes a fault within its last step: our own decoder does.
  const rest = new Output(new After(out, out.size - before));
  try {
    return inflateExactly(packed, rest, start);
  } finally {
    rest.flush();
  }
}

/** Answers -1 when the stream breaks. */
function inflateNatively(packed: Source, out: Output, start: number): number {
  const engine = createInflateRaw({ chunkSize: 64 }) as unknown as Engine;
  engine.on("error", () => undefined);
  try {
    for (let at = start; ; ) {
      const chunk = packed.read(at, CHUNK);
      const left = step(engine, chunk, out);
      if (left < 0) return -1;
      at += chunk.length - left;
      if (left > 0 || chunk.length === 0) return at;
    }
  } finally {
    engine.close();
  }
}

/** Takes one chunk, as far as the stream goes; answers how many of its bytes are left, or -1 when the stream breaks. */
function step(engine: Engine, chunk: Buffer, out: Output): number {
  const { _handle: handle, _writeState: state } = engine;
  if (!handle?.writeSync || !state) return -1;
  const flush = chunk.length === 0 ? FINISH : SYNC_FLUSH;
  let left = chunk.length;
  for (let room = 0; room === 0; ) {
    handle.writeSync(flush, chunk, chunk.length - left, left, BUFFER, 0, BUFFER.length);
    if (engine.errored) return -1;
    room = state[0] ?? 0;
    left = state[1] ?? 0;
    if (room < BUFFER.length) out.emit(BUFFER.subarray(0, BUFFER.length - room));
  }
  return left;
}

/** Drops the first bytes, which were passed on before. */
class After {
  private readonly out: Output;
  private readonly from: number;
  private skip: number;

  constructor(out: Output, skip: number) {
    this.out = out;
    this.from = out.size - skip;
    this.skip = skip;
  }

  write(chunk: Buffer): void {
    const dropped = Math.min(this.skip, chunk.length);
    this.skip -= dropped;
    if (dropped < chunk.length) this.out.emit(chunk.subarray(dropped));
  }

  recall(from: number, length: number): Buffer {
    return this.out.recall(this.from + from, length);
  }
}

/** Unpacks a zlib stream (RFC 1950). Its checksum is not verified, because loaders differ there. */
export function inflateZlib(packed: Source, out: Output, start = 0): number {
  const head = packed.read(start, 2);
  if (head.length < 2) throw new Error("truncated");
  if (((head[0] ?? 0) & 15) !== 8 || head.readUInt16BE(0) % 31 !== 0) throw new Error("no zlib header");
  if ((head[1] ?? 0) & 0x20) throw new Error("a zlib dictionary");
  return Math.min(packed.size, inflate(packed, out, start + 2) + 4);
}
