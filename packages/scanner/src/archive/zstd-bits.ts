/** Reads bits backwards from the end of a block, where a one marks the beginning (RFC 8878 section 4.1). */
export class BackwardBits {
  /** Bits that are left; negative once the reader went beyond the front, where it finds zeros. */
  left: number;
  private readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    const last = bytes[bytes.length - 1] ?? 0;
    if (last === 0) throw new Error("bad zstd bit stream");
    this.bytes = bytes;
    this.left = bytes.length * 8 - 8 + (31 - Math.clz32(last));
  }

  /** At most 24 bits, which stay. */
  peek(count: number): number {
    const from = this.left - count;
    if (from < 0) return this.peekFront(count);
    const { bytes } = this;
    const at = from >> 3;
    const word =
      (bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24);
    return (word >>> (from & 7)) & ((1 << count) - 1);
  }

  read(count: number): number {
    const value = this.peek(count);
    this.left -= count;
    return value;
  }

  private peekFront(count: number): number {
    if (this.left <= 0) return 0;
    const word = this.bytes.readUIntLE(0, Math.min(4, this.bytes.length));
    return ((word & ((1 << this.left) - 1)) << (count - this.left)) >>> 0;
  }
}
