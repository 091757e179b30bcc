import type { Budget } from "../../core/limits.js";
import type { Source } from "../../core/source.js";

const MAX_MAPPING = 16 * 1024 * 1024;
const MAX_RANK = 32;
const UNDEFINED = 0xffffffffffffffffn;

/**
 * Whether a virtual dataset takes all its values from its own file, whose name as a source is ".". The layout message
 * names a heap object that lists the sources (specification, "Global Heap Block for Virtual Datasets"). What is not
 * exactly as libraries write it is not believed: another reader could find another name in it.
 */
export function staysInFile(source: Source, budget: Budget, layout: Buffer): boolean {
  const version = layout[0] ?? 0;
  if (layout.length < 14 || version < 4 || version > 5) return false;
  const address = layout.readBigUInt64LE(2);
  if (address === UNDEFINED || address >= BigInt(source.size)) return false;
  const mapping = heapObject(source, budget, Number(address), layout.readUInt32LE(10));
  if (mapping === undefined) return false;
  try {
    return new Mapping(mapping, budget).isOwn();
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** An object of a collection of the global heap; none when two have its number. */
function heapObject(source: Source, budget: Budget, address: number, index: number): Buffer | undefined {
  const found: number[][] = [];
  for (const [number, at, size] of heapObjects(source, budget, address)) {
    if (at === undefined || size === undefined) return undefined;
    if (number === index) found.push([at, size]);
  }
  const [at = 0, size = 0] = found[0] ?? [];
  return found.length === 1 && size <= MAX_MAPPING ? source.read(at, size) : undefined;
}

/** Number, place and size of each object; only a number where the collection goes on as no library writes it. */
function* heapObjects(source: Source, budget: Budget, address: number): Generator<number[]> {
  const end = collectionEnd(source, address) ?? 0;
  for (let at = address + 16; at + 16 <= end; ) {
    budget.step(16);
    const head = source.read(at, 16);
    const number = head.readUInt16LE(0);
    const size = Number(head.readBigUInt64LE(8));
    // Number 0 is the free rest of the collection. A reader would go on behind one that is less.
    if (number === 0) {
      if (at + size !== end) yield [0];
      return;
    }
    yield at + 16 + size > end ? [number] : [number, at + 16, size];
    at += 16 + 8 * Math.ceil(size / 8);
  }
}

function collectionEnd(source: Source, address: number): number | undefined {
  const head = source.read(address, 16);
  if (head.length < 16 || head.toString("latin1", 0, 5) !== "GCOL\x01") return undefined;
  const end = address + Number(head.readBigUInt64LE(8));
  return end <= source.size ? end : undefined;
}

/** The list of sources: the file, the dataset in it, the elements taken, and where they go. */
class Mapping {
  private readonly bytes: Buffer;
  private readonly budget: Budget;
  private at = 0;

  constructor(bytes: Buffer, budget: Budget) {
    this.bytes = bytes;
    this.budget = budget;
  }

  /** Reading behind the end throws a RangeError. */
  isOwn(): boolean {
    const version = this.number(1);
    if (version > 1) return false;
    const count = this.number(8);
    for (let i = 0; i < count; i++) {
      this.budget.step(16);
      const flags = version === 0 ? 0 : this.number(1);
      if (!this.isOwnFile(flags, i)) return false;
      if (flags & SHARED_DATASET) this.number(8);
      else this.text();
      if (!this.selection() || !this.selection()) return false;
    }
    // The checksum is all that follows.
    return this.at + 4 === this.bytes.length;
  }

  /** A shared name is that of an entry before, which was looked at. */
  private isOwnFile(flags: number, before: number): boolean {
    const said = flags & ~SHARED_DATASET;
    if (said === SHARED_FILE) return this.number(8) < before;
    return said === SAME_FILE || (said === 0 && this.text() === ".");
  }

  /** The specification's "Dataspace Selection"; false for one that no library writes. */
  private selection(): boolean {
    const kind = this.number(4);
    const version = this.number(4);
    if (kind === SELECTIONS.none || kind === SELECTIONS.all) return version === 1 && this.skip(8);
    if (kind === SELECTIONS.points) return version <= 2 && this.points(version);
    return kind === SELECTIONS.blocks && version <= 3 && this.blocks(version);
  }

  private points(version: number): boolean {
    const width = version === 2 ? this.number(1) : 4;
    if (version < 2) this.skip(8);
    const rank = this.number(4);
    return isWidth(width) && rank <= MAX_RANK && this.skip(this.number(width) * rank * width);
  }

  private blocks(version: number): boolean {
    const regular = version >= 2 && (this.number(1) & 1) === 1;
    const width = version === 3 ? this.number(1) : version === 2 ? 8 : 4;
    if (version < 3) this.skip(version === 2 ? 4 : 8);
    const rank = this.number(4);
    if (!isWidth(width) || rank > MAX_RANK) return false;
    return this.skip(regular ? 4 * rank * width : this.number(width) * 2 * rank * width);
  }

  private skip(length: number): boolean {
    this.at += length;
    return this.at <= this.bytes.length;
  }

  private number(width: number): number {
    const at = this.at;
    this.at += width;
    return width === 8 ? Number(this.bytes.readBigUInt64LE(at)) : this.bytes.readUIntLE(at, width);
  }

  private text(): string {
    const end = this.bytes.indexOf(0, this.at);
    if (end < 0) throw new RangeError("a name does not end");
    const text = this.bytes.toString("latin1", this.at, end);
    this.at = end + 1;
    return text;
  }
}

const SHARED_FILE = 1;
const SHARED_DATASET = 2;
const SAME_FILE = 4;
const SELECTIONS = { none: 0, points: 1, blocks: 2, all: 3 };

function isWidth(width: number): boolean {
  return width === 2 || width === 4 || width === 8;
}
