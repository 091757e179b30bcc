import type { Input } from "./input.js";
import type { Output } from "./output.js";

export interface LzmaProperties {
  lc: number;
  lp: number;
  pb: number;
}

const HALF = 1024;
/** Turns the order of signed numbers into that of unsigned ones: range and code stay small integers of the engine. */
const SIGN = -2147483648;

/** Where the probabilities of each decision stand. */
const IS_MATCH = 0;
const IS_REP = 192;
const IS_REP_G0 = 204;
const IS_REP_G1 = 216;
const IS_REP_G2 = 228;
const IS_REP0_LONG = 240;
const SLOTS = 432;
const SPECIAL = 688;
const ALIGN = 816;
const LENGTHS = 832;
const REPEATS = 1346;
const LITERALS = 1860;
/** Inside the lengths: two choices, then three trees. */
const LOW = 2;
const MIDDLE = 130;
const HIGH = 258;

/** An LZMA decoder after the specification of the 7-Zip SDK. */
export class LzmaDecoder {
  private readonly input: Input;
  private readonly out: Output;
  private properties: LzmaProperties;
  private probabilities: Uint16Array = new Uint16Array(0);
  private range = 0;
  private code = 0;
  private state = 0;
  private rep0 = 0;
  private rep1 = 0;
  private rep2 = 0;
  private rep3 = 0;
  /** Bytes since the dictionary began, as far as its low bits matter. */
  private position = 0;
  private previous = 0;

  constructor(input: Input, out: Output, properties: LzmaProperties) {
    this.input = input;
    this.out = out;
    this.properties = properties;
    this.resetState(properties);
  }

  get current(): LzmaProperties {
    return this.properties;
  }

  resetState(properties: LzmaProperties): void {
    const size = LITERALS + (0x300 << (properties.lc + properties.lp));
    if (this.probabilities.length !== size) this.probabilities = new Uint16Array(size);
    this.probabilities.fill(HALF);
    this.properties = properties;
    this.state = 0;
    this.rep0 = 0;
    this.rep1 = 0;
    this.rep2 = 0;
    this.rep3 = 0;
  }

  resetDictionary(reach: number): void {
    this.out.begin(reach);
    this.position = 0;
    this.previous = 0;
  }

  /** Reads the five bytes with which a range-coded stream begins. */
  start(): void {
    if (this.input.byte() !== 0) throw new Error("bad LZMA stream");
    this.range = -1;
    this.code = this.input.take(4).readInt32BE(0);
  }

  /** Copies bytes as they are (an uncompressed LZMA2 chunk). */
  copy(bytes: Buffer): void {
    this.out.append(bytes);
    this.moved(bytes.length);
  }

  /** Decodes until `size` bytes are out, or the end marker. */
  decode(size: number): void {
    for (let left = size; left > 0; ) {
      const count = this.symbol(left);
      if (count === 0) return;
      left -= count;
    }
  }

  /** Takes the byte that an encoder writes behind the last decision. */
  finish(): void {
    if (this.range >>> 24 === 0 && !this.input.ended) this.normalize();
  }

  private normalize(): void {
    this.range <<= 8;
    this.code = (this.code << 8) | this.input.byte();
  }

  private moved(count: number): void {
    this.position = (this.position + count) & 0xffff;
    this.previous = this.out.back(1);
  }

  private bit(at: number): number {
    if (this.range >>> 24 === 0) this.normalize();
    const probability = this.probabilities[at] ?? HALF;
    const bound = Math.imul(this.range >>> 11, probability);
    let bit = 0;
    if ((this.code ^ SIGN) < (bound ^ SIGN)) {
      this.range = bound;
      this.probabilities[at] = probability + ((2048 - probability) >> 5);
    } else {
      this.range = (this.range - bound) | 0;
      this.code = (this.code - bound) | 0;
      this.probabilities[at] = probability - (probability >> 5);
      bit = 1;
    }
    return bit;
  }

  private direct(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) {
      if (this.range >>> 24 === 0) this.normalize();
      this.range >>>= 1;
      this.code = (this.code - this.range) | 0;
      const bit = this.code < 0 ? 0 : 1;
      if (bit === 0) this.code = (this.code + this.range) | 0;
      value = value * 2 + bit;
    }
    return value;
  }

  /** Walks down a tree of decisions: where most of the time goes, so range and code stay out of the object. */
  private walk(base: number, start: number, end: number): number {
    const { probabilities, input } = this;
    let { range, code } = this;
    let at = start;
    while (at < end) {
      if (range >>> 24 === 0) {
        range <<= 8;
        code = (code << 8) | input.byte();
      }
      const probability = probabilities[base + at] ?? HALF;
      const bound = Math.imul(range >>> 11, probability);
      if ((code ^ SIGN) < (bound ^ SIGN)) {
        range = bound;
        probabilities[base + at] = probability + ((2048 - probability) >> 5);
        at <<= 1;
      } else {
        range = (range - bound) | 0;
        code = (code - bound) | 0;
        probabilities[base + at] = probability - (probability >> 5);
        at = (at << 1) | 1;
      }
    }
    this.range = range;
    this.code = code;
    return at;
  }

  private tree(base: number, bits: number): number {
    return this.walk(base, 1, 1 << bits) - (1 << bits);
  }

  private reverse(base: number, bits: number): number {
    let at = 1;
    let value = 0;
    for (let i = 0; i < bits; i++) {
      const bit = this.bit(base + at);
      at = (at << 1) | bit;
      value |= bit << i;
    }
    return value;
  }

  /** One literal or match; answers how many bytes came out, 0 at the end marker. */
  private symbol(most: number): number {
    const positionState = this.position & ((1 << this.properties.pb) - 1);
    if (this.bit(IS_MATCH + (this.state << 4) + positionState) === 0) {
      this.literal();
      return 1;
    }
    const match = this.bit(IS_REP + this.state) === 0;
    const length = match ? this.match(positionState) : this.repeat(positionState);
    if (length === 0) return 0;
    const count = Math.min(length, most);
    this.out.repeat(this.rep0 + 1, count);
    this.moved(count);
    return count;
  }

  private literal(): void {
    const { lc, lp } = this.properties;
    const context = ((this.position & ((1 << lp) - 1)) << lc) + (this.previous >> (8 - lc));
    const base = LITERALS + 0x300 * context;
    let symbol = 1;
    if (this.state >= 7) {
      let match = this.out.back(this.rep0 + 1);
      while (symbol < 0x100) {
        const matchBit = (match >> 7) & 1;
        match <<= 1;
        const bit = this.bit(base + ((1 + matchBit) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (matchBit !== bit) break;
      }
    }
    this.previous = this.walk(base, symbol, 0x100) & 0xff;
    this.out.put(this.previous);
    this.position = (this.position + 1) & 0xffff;
    this.state = this.state < 4 ? 0 : this.state < 10 ? this.state - 3 : this.state - 6;
  }

  /** The length at a new distance; 0 for the end marker. */
  private match(positionState: number): number {
    const length = this.lengthOf(LENGTHS, positionState);
    this.state = this.state < 7 ? 7 : 10;
    this.rep3 = this.rep2;
    this.rep2 = this.rep1;
    this.rep1 = this.rep0;
    this.rep0 = this.distance(length);
    return this.rep0 === 0xffffffff ? 0 : length;
  }

  private repeat(positionState: number): number {
    const { rep0, rep1, rep2, rep3 } = this;
    if (this.bit(IS_REP_G0 + this.state) === 0) {
      if (this.bit(IS_REP0_LONG + (this.state << 4) + positionState) === 0) {
        this.state = this.state < 7 ? 9 : 11;
        return 1;
      }
    } else {
      this.rep1 = rep0;
      if (this.bit(IS_REP_G1 + this.state) === 0) this.rep0 = rep1;
      else {
        this.rep2 = rep1;
        if (this.bit(IS_REP_G2 + this.state) === 0) this.rep0 = rep2;
        else {
          this.rep3 = rep2;
          this.rep0 = rep3;
        }
      }
    }
    const length = this.lengthOf(REPEATS, positionState);
    this.state = this.state < 7 ? 8 : 11;
    return length;
  }

  private lengthOf(base: number, positionState: number): number {
    if (this.bit(base) === 0) return 2 + this.tree(base + LOW + (positionState << 3), 3);
    if (this.bit(base + 1) === 0) return 10 + this.tree(base + MIDDLE + (positionState << 3), 3);
    return 18 + this.tree(base + HIGH, 8);
  }

  private distance(length: number): number {
    const slot = this.tree(SLOTS + (Math.min(length - 2, 3) << 6), 6);
    if (slot < 4) return slot;
    const directBits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** directBits;
    if (slot < 14) return base + this.reverse(SPECIAL + base - slot, directBits);
    return base + this.direct(directBits - 4) * 16 + this.reverse(ALIGN, 4);
  }
}
