import type { Source } from "../core/source.js";
import { Input } from "./input.js";

/** Bits from the highest to the lowest of each byte. */
export class Bits {
  private readonly input: Input;
  private hold = 0;
  private count = 0;

  constructor(source: Source, start: number) {
    this.input = new Input(source, start);
  }

  /** At most 24 bits. */
  read(count: number): number {
    while (this.count < count) {
      this.hold = (this.hold << 8) | this.input.byte();
      this.count += 8;
    }
    this.count -= count;
    return (this.hold >>> this.count) & ((1 << count) - 1);
  }

  /** The next bits, which stay; zeros beyond the end. */
  peek(count: number): number {
    while (this.count < count && !this.input.ended) {
      this.hold = (this.hold << 8) | this.input.byte();
      this.count += 8;
    }
    const missing = Math.max(0, count - this.count);
    return ((this.hold << missing) >>> (this.count + missing - count)) & ((1 << count) - 1);
  }

  skip(count: number): void {
    for (let left = count; left > 0; left -= 16) this.read(Math.min(16, left));
  }

  /** The offset of the next whole byte. */
  align(): number {
    return this.input.position - (this.count >> 3);
  }
}
