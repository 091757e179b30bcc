/** Takes unpacked bytes in order. */
export interface Sink {
  /** The chunk is only lent. */
  write(chunk: Buffer): void;
  /** Reads back what was written, for matches that reach beyond the window. */
  recall(from: number, length: number): Buffer;
}

const FIRST = 16 * 1024;
const SLACK = 256 * 1024;
/** Up to here a loop is faster than a call. */
const SHORT = 48;
const REACH = 16 * 1024 * 1024;

/**
 * What a decompressor writes into. The latest bytes stay in memory as its dictionary; older ones are read back from
 * where they went, so that memory is bounded whatever window a stream asks for.
 */
export class Output {
  private readonly sink: Sink;
  private readonly most: number;
  private bytes: Buffer = Buffer.allocUnsafe(FIRST);
  private at = 0;
  private flushed = 0;
  private base = 0;
  private reach = 0;
  private start = 0;

  constructor(sink: Sink, most: number = REACH) {
    this.sink = sink;
    this.most = most;
  }

  /** Bytes put so far. */
  get size(): number {
    return this.base + this.at;
  }

  /** Begins a stream that knows nothing of the bytes before it and reaches back `reach` bytes at most. */
  begin(reach: number): void {
    this.start = this.size;
    this.reach = Math.max(this.reach, Math.min(reach, this.most));
  }

  put(byte: number): void {
    if (this.at === this.bytes.length) this.room(1);
    this.bytes[this.at++] = byte;
  }

  /** The byte that was put `distance` bytes ago. */
  back(distance: number): number {
    if (distance <= this.at) return this.bytes[this.at - distance] ?? 0;
    this.flush();
    return this.sink.recall(this.size - distance, 1)[0] ?? 0;
  }

  append(chunk: Buffer, from = 0, to: number = chunk.length): void {
    const count = to - from;
    if (count > SLACK) {
      for (let at = from; at < to; at += SLACK) this.append(chunk, at, Math.min(to, at + SLACK));
      return;
    }
    this.room(count);
    const { bytes, at } = this;
    if (count > SHORT) chunk.copy(bytes, at, from, to);
    else for (let i = 0; i < count; i++) bytes[at + i] = chunk[from + i] ?? 0;
    this.at = at + count;
  }

  fill(byte: number, length: number): void {
    for (let left = length; left > 0; ) {
      const count = Math.min(left, SLACK);
      this.room(count);
      this.bytes.fill(byte, this.at, this.at + count);
      this.at += count;
      left -= count;
    }
  }

  /** Repeats bytes that were put before. */
  repeat(distance: number, length: number): void {
    if (distance < 1 || distance > this.size - this.start) throw new Error("bad distance");
    for (let left = length; left > 0; ) {
      const count = Math.min(left, SLACK);
      this.room(count);
      if (distance <= this.at) {
        this.copy(distance, count);
        left -= count;
      } else left -= this.copyFar(distance, count);
    }
  }

  /** Passes bytes on that nothing refers back to. */
  emit(chunk: Buffer): void {
    this.flush();
    this.base += this.at + chunk.length;
    this.at = 0;
    this.flushed = 0;
    this.sink.write(chunk);
  }

  /** Reads back bytes that were flushed. */
  recall(from: number, length: number): Buffer {
    return this.sink.recall(from, length);
  }

  flush(): void {
    const from = this.flushed;
    if (from === this.at) return;
    this.flushed = this.at;
    this.sink.write(this.bytes.subarray(from, this.at));
  }

  private copy(distance: number, count: number): void {
    const { bytes, at } = this;
    if (count <= SHORT) for (let to = at; to < at + count; to++) bytes[to] = bytes[to - distance] ?? 0;
    else if (distance >= count) bytes.copyWithin(at, at - distance, at - distance + count);
    else if (distance === 1) bytes.fill(bytes[at - 1] ?? 0, at, at + count);
    else for (let to = at; to < at + count; to++) bytes[to] = bytes[to - distance] ?? 0;
    this.at += count;
  }

  private copyFar(distance: number, count: number): number {
    this.flush();
    const piece = this.sink.recall(this.size - distance, Math.min(count, distance));
    this.append(piece);
    if (piece.length === 0) throw new Error("bad distance");
    return piece.length;
  }

  /** Makes room: by a larger buffer until the window fits, then by moving the window to the front. */
  private room(count: number): void {
    if (this.at + count <= this.bytes.length) return;
    this.flush();
    const most = this.reach + Math.max(SLACK, this.reach >> 1);
    const kept = Math.min(this.at, this.reach);
    const wanted = Math.max(kept + count, Math.min(most, this.bytes.length * 2));
    const target = wanted > this.bytes.length ? Buffer.allocUnsafe(wanted) : this.bytes;
    this.bytes.copy(target, 0, this.at - kept, this.at);
    this.base += this.at - kept;
    this.bytes = target;
    this.at = kept;
    this.flushed = kept;
  }
}
