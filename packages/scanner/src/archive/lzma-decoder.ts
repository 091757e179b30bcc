export interface LzmaProperties {
  lc: number;
  lp: number;
  pb: number;
}

const TOP = 2 ** 24;
const HALF = 1024;

/** Match and repeat lengths: three trees behind two choice bits. */
interface LengthModel {
  choice: Uint16Array;
  low: Uint16Array[];
  middle: Uint16Array[];
  high: Uint16Array;
}

function probabilities(count: number): Uint16Array {
  return new Uint16Array(count).fill(HALF);
}

function lengthModel(): LengthModel {
  const trees = (): Uint16Array[] => Array.from({ length: 16 }, () => probabilities(8));
  return { choice: probabilities(2), low: trees(), middle: trees(), high: probabilities(256) };
}

/**
 * An LZMA decoder after the specification of the 7-Zip SDK. The whole output is the dictionary; it never grows beyond
 * `limit`, whatever the stream says.
 */
export class LzmaDecoder {
  full = false;
  position = 0;
  private readonly limit: number;
  private properties: LzmaProperties;
  private out: Buffer = Buffer.allocUnsafe(64 * 1024);
  private length = 0;
  private dictionaryStart = 0;
  private input: Buffer = Buffer.alloc(0);
  private end = 0;
  private range = 0;
  private code = 0;
  private state = 0;
  private reps = [0, 0, 0, 0];
  private literal: Uint16Array = probabilities(0);
  private isMatch: Uint16Array = probabilities(0);
  private isRep: Uint16Array = probabilities(0);
  private isRepG0: Uint16Array = probabilities(0);
  private isRepG1: Uint16Array = probabilities(0);
  private isRepG2: Uint16Array = probabilities(0);
  private isRep0Long: Uint16Array = probabilities(0);
  private slots: Uint16Array[] = [];
  private special: Uint16Array = probabilities(0);
  private align: Uint16Array = probabilities(0);
  private lengths: LengthModel = lengthModel();
  private repeats: LengthModel = lengthModel();
  private ended = false;

  constructor(properties: LzmaProperties, limit: number) {
    this.properties = properties;
    this.limit = limit;
    this.resetState(properties);
  }

  output(): Buffer {
    return this.out.subarray(0, this.length);
  }

  get current(): LzmaProperties {
    return this.properties;
  }

  feed(input: Buffer, from: number, to: number): void {
    this.input = input;
    this.position = from;
    this.end = to;
  }

  resetState(properties: LzmaProperties): void {
    this.properties = properties;
    this.state = 0;
    this.reps = [0, 0, 0, 0];
    this.literal = probabilities(0x300 << (properties.lc + properties.lp));
    this.isMatch = probabilities(192);
    this.isRep = probabilities(12);
    this.isRepG0 = probabilities(12);
    this.isRepG1 = probabilities(12);
    this.isRepG2 = probabilities(12);
    this.isRep0Long = probabilities(192);
    this.slots = Array.from({ length: 4 }, () => probabilities(64));
    this.special = probabilities(128);
    this.align = probabilities(16);
    this.lengths = lengthModel();
    this.repeats = lengthModel();
  }

  resetDictionary(): void {
    this.dictionaryStart = this.length;
  }

  /** Reads the five bytes with which a range-coded stream begins. */
  start(): void {
    if (this.next() !== 0) throw new Error("bad LZMA stream");
    this.range = 0xffffffff;
    this.code = 0;
    for (let i = 0; i < 4; i++) this.code = ((this.code << 8) | this.next()) >>> 0;
  }

  /** Copies bytes as they are (an uncompressed LZMA2 chunk). */
  copy(bytes: Buffer): void {
    const kept = Math.min(bytes.length, this.limit - this.length);
    this.grow(kept);
    bytes.copy(this.out, this.length, 0, kept);
    this.length += kept;
    if (kept < bytes.length) this.full = true;
  }

  /** Decodes until `size` bytes are out, the end marker, or the limit. */
  decode(size: number): void {
    const target = this.length + size;
    this.ended = false;
    while (this.length < target && !this.full && !this.ended) this.symbol(target);
  }

  private next(): number {
    if (this.position >= this.end) throw new Error("truncated LZMA stream");
    return this.input[this.position++] ?? 0;
  }

  private grow(count: number): void {
    if (this.length + count <= this.out.length) return;
    const larger = Buffer.allocUnsafe(
      Math.min(this.limit, Math.max(this.out.length * 2, this.length + count)) + 300,
    );
    this.out.copy(larger, 0, 0, this.length);
    this.out = larger;
  }

  private bit(model: Uint16Array, at: number): number {
    const probability = model[at] ?? HALF;
    const bound = (this.range >>> 11) * probability;
    let bit: number;
    if (this.code < bound) {
      this.range = bound;
      model[at] = probability + ((2048 - probability) >>> 5);
      bit = 0;
    } else {
      this.range -= bound;
      this.code -= bound;
      model[at] = probability - (probability >>> 5);
      bit = 1;
    }
    if (this.range < TOP) {
      this.range = (this.range << 8) >>> 0;
      this.code = ((this.code << 8) | this.next()) >>> 0;
    }
    return bit;
  }

  private direct(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) {
      this.range >>>= 1;
      const bit = this.code >= this.range ? 1 : 0;
      if (bit) this.code -= this.range;
      value = value * 2 + bit;
      if (this.range < TOP) {
        this.range = (this.range << 8) >>> 0;
        this.code = ((this.code << 8) | this.next()) >>> 0;
      }
    }
    return value;
  }

  private tree(model: Uint16Array, bits: number, base = 0): number {
    let at = 1;
    for (let i = 0; i < bits; i++) at = (at << 1) | this.bit(model, base + at);
    return at - (1 << bits);
  }

  private reverse(model: Uint16Array, bits: number, base: number): number {
    let at = 1;
    let value = 0;
    for (let i = 0; i < bits; i++) {
      const bit = this.bit(model, base + at);
      at = (at << 1) | bit;
      value |= bit << i;
    }
    return value;
  }

  private symbol(target: number): void {
    const { pb } = this.properties;
    const positionState = (this.length - this.dictionaryStart) & ((1 << pb) - 1);
    if (this.bit(this.isMatch, (this.state << 4) + positionState) === 0) {
      this.literalByte();
      return;
    }
    const length =
      this.bit(this.isRep, this.state) === 0 ? this.match(positionState) : this.repeat(positionState);
    if (length < 0) {
      this.ended = true;
      return;
    }
    this.copyMatch(length, target);
  }

  private literalByte(): void {
    const { lc, lp } = this.properties;
    const at = this.length - this.dictionaryStart;
    const previous = at > 0 ? (this.out[this.length - 1] ?? 0) : 0;
    const base = 0x300 * (((at & ((1 << lp) - 1)) << lc) + (previous >> (8 - lc)));
    let symbol = 1;
    if (this.state >= 7) {
      let match = this.out[this.length - (this.reps[0] ?? 0) - 1] ?? 0;
      while (symbol < 0x100) {
        const matchBit = (match >> 7) & 1;
        match <<= 1;
        const bit = this.bit(this.literal, base + ((1 + matchBit) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (matchBit !== bit) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.bit(this.literal, base + symbol);
    if (this.length >= this.limit) {
      this.full = true;
      return;
    }
    this.grow(1);
    this.out[this.length++] = symbol & 0xff;
    this.state = this.state < 4 ? 0 : this.state < 10 ? this.state - 3 : this.state - 6;
  }

  /** A new distance; -1 for the end marker. */
  private match(positionState: number): number {
    const length = this.lengthOf(this.lengths, positionState);
    this.state = this.state < 7 ? 7 : 10;
    const distance = this.distance(length);
    this.reps = [distance, this.reps[0] ?? 0, this.reps[1] ?? 0, this.reps[2] ?? 0];
    return distance === 0xffffffff ? -1 : length;
  }

  private repeat(positionState: number): number {
    const [rep0 = 0, rep1 = 0, rep2 = 0, rep3 = 0] = this.reps;
    if (this.bit(this.isRepG0, this.state) === 0) {
      if (this.bit(this.isRep0Long, (this.state << 4) + positionState) === 0) {
        this.state = this.state < 7 ? 9 : 11;
        return 1;
      }
    } else if (this.bit(this.isRepG1, this.state) === 0) this.reps = [rep1, rep0, rep2, rep3];
    else if (this.bit(this.isRepG2, this.state) === 0) this.reps = [rep2, rep0, rep1, rep3];
    else this.reps = [rep3, rep0, rep1, rep2];
    const length = this.lengthOf(this.repeats, positionState);
    this.state = this.state < 7 ? 8 : 11;
    return length;
  }

  private lengthOf(model: LengthModel, positionState: number): number {
    if (this.bit(model.choice, 0) === 0) return 2 + this.tree(model.low[positionState] ?? model.high, 3);
    if (this.bit(model.choice, 1) === 0) return 10 + this.tree(model.middle[positionState] ?? model.high, 3);
    return 18 + this.tree(model.high, 8);
  }

  private distance(length: number): number {
    const slot = this.tree(this.slots[Math.min(length - 2, 3)] ?? this.align, 6);
    if (slot < 4) return slot;
    const directBits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** directBits;
    if (slot < 14) return base + this.reverse(this.special, directBits, base - slot);
    return base + this.direct(directBits - 4) * 16 + this.reverse(this.align, 4, 0);
  }

  private copyMatch(length: number, target: number): void {
    const distance = (this.reps[0] ?? 0) + 1;
    if (distance > this.length - this.dictionaryStart) throw new Error("bad LZMA distance");
    const wanted = Math.min(length, target - this.length);
    const count = Math.min(wanted, this.limit - this.length);
    if (count < wanted) this.full = true;
    this.grow(count);
    const { out } = this;
    let to = this.length;
    for (let i = 0; i < count; i++, to++) out[to] = out[to - distance] ?? 0;
    this.length = to;
  }
}
