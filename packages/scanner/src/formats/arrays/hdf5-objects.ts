import type { Budget } from "../../core/limits.js";
import type { Source } from "../../core/source.js";
import { type Dataset, elementType, storedAt } from "./hdf5-datasets.js";
import { heapBlocks } from "./hdf5-heap.js";
import { externalTarget, hardLink } from "./hdf5-links.js";
import { staysInFile } from "./hdf5-virtual.js";

export class BadHdf5 extends Error {}

export interface Message {
  type: number;
  offset: number;
  size: number;
}

export interface External {
  kind: "link" | "storage" | "virtual";
  target: string;
  offset: number;
}

const MAX_OBJECTS = 1_000_000;
const MAX_DATASETS = 100_000;
const MAX_NAME = 200;
const UNDEFINED = 0xffffffffffffffffn;

/** Walks the objects of an HDF5 file from the root group and yields what points to other files. */
export class Hdf5Walker {
  private readonly source: Source;
  private readonly budget: Budget;
  private readonly seen = new Set<number>();
  private readonly queue: number[] = [];
  /** Where the name of an object stands. */
  private readonly names = new Map<number, Name>();
  /** What the objects that were walked keep in one piece and as it is. */
  readonly datasets: Dataset[] = [];

  constructor(source: Source, budget: Budget) {
    this.source = source;
    this.budget = budget;
  }

  *externals(): Generator<External> {
    this.visit(this.root());
    for (let next = this.queue.pop(); next !== undefined; next = this.queue.pop()) {
      const found: Partial<Dataset> = {};
      for (const message of this.messages(next)) {
        yield* this.examine(message);
        this.note(found, message);
      }
      this.keep(next, found);
    }
  }

  /** What the messages of one object say of its elements. */
  private note(found: Partial<Dataset>, { type, offset, size }: Message): void {
    if (type === 0x03) found.type = elementType(this.source.read(offset, Math.min(size, 20)));
    else if (type === 0x08) Object.assign(found, storedAt(this.source.read(offset, Math.min(size, 18))));
  }

  private keep(address: number, { type = "other", offset, length }: Partial<Dataset>): void {
    if (offset === undefined || length === undefined || this.datasets.length >= MAX_DATASETS) return;
    const place = this.names.get(address);
    const name = place ? this.text(place.at, Math.min(place.length, MAX_NAME)) : "";
    this.datasets.push({ name, type, offset, length });
  }

  private root(): number {
    const head = this.source.read(0, 128);
    const version = head[8] ?? 255;
    const sizes = version < 2 ? head.subarray(13, 15) : head.subarray(9, 11);
    if (sizes[0] !== 8 || sizes[1] !== 8) throw new BadHdf5("addresses are not 64 bits wide");
    if (version > 3 || head.length < 100) throw new BadHdf5("the superblock is unknown");
    return this.address(version === 0 ? 64 : version === 1 ? 68 : 36) ?? -1;
  }

  private bytes(offset: number, length: number): Buffer {
    const bytes = this.source.read(offset, length);
    if (bytes.length < length) throw new BadHdf5("an address lies outside the file");
    return bytes;
  }

  private address(offset: number): number | undefined {
    const value = this.bytes(offset, 8).readBigUInt64LE(0);
    if (value === UNDEFINED) return undefined;
    const address = Number(value);
    if (address >= this.source.size) throw new BadHdf5("an address lies outside the file");
    return address;
  }

  private visit(address: number | undefined, name?: Name): void {
    if (address === undefined || this.seen.has(address)) return;
    if (name !== undefined) this.names.set(address, name);
    if (this.seen.size >= MAX_OBJECTS) throw new BadHdf5("too many objects");
    this.seen.add(address);
    this.queue.push(address);
  }

  private *messages(address: number): Generator<Message> {
    const head = this.bytes(address, Math.min(16, this.source.size - address));
    const modern = head.toString("latin1", 0, 4) === "OHDR";
    const chunks = modern ? [this.modernChunk(address)] : [this.oldChunk(address, head)];
    for (let chunk = chunks.pop(); chunk !== undefined; chunk = chunks.pop()) {
      for (const message of this.chunk(chunk, modern)) {
        if (message.type === 0x10) {
          const next = this.continuation(message, modern, chunk.ordered);
          if (next && chunks.length < 64) chunks.push(next);
        } else yield message;
      }
    }
  }

  private oldChunk(address: number, head: Buffer): Chunk {
    if (head[0] !== 1 || head.length < 12) throw new BadHdf5("an object header is unknown");
    const start = address + 16;
    return { start, end: start + head.readUInt32LE(8), ordered: false };
  }

  private modernChunk(address: number): Chunk {
    const flags = this.bytes(address, 6)[5] ?? 0;
    const at = address + 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
    const width = 1 << (flags & 3);
    const size = this.bytes(at, width).readUIntLE(0, Math.min(width, 6));
    return { start: at + width, end: at + width + size, ordered: (flags & 4) !== 0 };
  }

  private continuation(message: Message, modern: boolean, ordered: boolean): Chunk | undefined {
    const start = this.address(message.offset);
    const length = Number(this.bytes(message.offset + 8, 8).readBigUInt64LE(0));
    if (start === undefined || this.seen.has(-start - 1)) return undefined;
    this.seen.add(-start - 1);
    return modern
      ? { start: start + 4, end: start + length - 4, ordered }
      : { start, end: start + length, ordered };
  }

  private *chunk(chunk: Chunk, modern: boolean): Generator<Message> {
    const header = modern ? 4 + (chunk.ordered ? 2 : 0) : 8;
    let at = chunk.start;
    while (at + header <= chunk.end) {
      this.budget.step(8);
      const head = this.bytes(at, header);
      const type = modern ? (head[0] ?? 0) : head.readUInt16LE(0);
      const size = modern ? head.readUInt16LE(1) : head.readUInt16LE(2);
      yield { type, offset: at + header, size };
      at += header + size;
    }
  }

  private *examine({ type, offset, size }: Message): Generator<External> {
    if (type === 0x06) yield* this.link(offset);
    else if (type === 0x02) yield* this.denseLinks(offset);
    else if (type === 0x07) yield { kind: "storage", target: this.storageName(offset), offset };
    else if (type === 0x08 && size >= 2 && this.isVirtual(offset, size))
      yield { kind: "virtual", target: "a virtual dataset", offset };
    else if (type === 0x11) this.tree(this.address(offset), 0, this.heap(offset + 8));
  }

  /** A group with many links keeps their messages in a heap, whose blocks are searched for all that lead to objects. */
  private *denseLinks(offset: number): Generator<External> {
    const flags = this.bytes(offset, 2)[1] ?? 0;
    const heap = this.address(offset + 2 + (flags & 1 ? 8 : 0));
    if (heap === undefined || this.seen.has(-heap - 1)) return;
    this.seen.add(-heap - 1);
    for (const { at, bytes } of heapBlocks(this.source, heap)) {
      this.budget.step(bytes.length >> 3);
      for (let i = bytes.indexOf(1); i >= 0; i = bytes.indexOf(1, i + 1)) {
        const target = externalTarget(bytes, i);
        if (target !== undefined) yield { kind: "link", target, offset: at + i };
        this.hardLink(bytes, i, at);
      }
    }
  }

  private hardLink(block: Buffer, index: number, at: number): void {
    const link = hardLink(block, index);
    if (link && this.isObject(link.address))
      this.visit(link.address, { at: at + link.name, length: link.length });
  }

  private isObject(address: number): boolean {
    const head = this.source.read(address, 16);
    return head.toString("latin1", 0, 4) === "OHDR" || (head.length === 16 && head.readUInt16LE(0) === 1);
  }

  /** Its values may come from other files. */
  private isVirtual(offset: number, size: number): boolean {
    const layout = this.bytes(offset, Math.min(size, 14));
    return (layout[0] ?? 0) >= 4 && layout[1] === 3 && !staysInFile(this.source, this.budget, layout);
  }

  /** A link message: a hard link leads on, an external link leads out. */
  private *link(offset: number): Generator<External> {
    const flags = this.bytes(offset, 2)[1] ?? 0;
    let at = offset + 2;
    const kind = flags & 8 ? (this.bytes(at++, 1)[0] ?? 0) : 0;
    at += (flags & 4 ? 8 : 0) + (flags & 16 ? 1 : 0);
    const width = 1 << (flags & 3);
    const nameLength = this.bytes(at, width).readUIntLE(0, Math.min(width, 6));
    at += width + nameLength;
    if (kind === 0) this.visit(this.address(at), { at: at - nameLength, length: nameLength });
    else if (kind === 64) yield { kind: "link", target: this.text(at + 3, 1024), offset };
  }

  private text(offset: number, limit: number): string {
    return this.source.read(offset, limit).toString("utf8").split("\0", 1)[0] ?? "";
  }

  private storageName(offset: number): string {
    const heap = this.address(offset + 8);
    if (heap === undefined) return "another file";
    const data = this.address(heap + 24);
    const name = Number(this.bytes(offset + 16, 8).readBigUInt64LE(0));
    return data === undefined ? "another file" : this.text(data + name, 1024);
  }

  /** Where the names of a group in the old style lie. */
  private heap(offset: number): number | undefined {
    const heap = this.source.read(offset, 8);
    const at = heap.length === 8 ? Number(heap.readBigUInt64LE(0)) : 0;
    const head = this.source.read(at, 32);
    return head.length === 32 && head.toString("latin1", 0, 4) === "HEAP"
      ? Number(head.readBigUInt64LE(24))
      : undefined;
  }

  /** The B-tree of a group in the old style; its leaves list the group's members. */
  private tree(address: number | undefined, depth: number, names: number | undefined): void {
    if (address === undefined || this.seen.has(-address - 1)) return;
    if (depth > 32) throw new BadHdf5("a group is nested too deep");
    this.seen.add(-address - 1);
    this.budget.step(32);
    const head = this.bytes(address, 8);
    const signature = head.toString("latin1", 0, 4);
    if (signature === "SNOD") this.leaf(address, head.readUInt16LE(6), names);
    else if (signature === "TREE") {
      const count = head.readUInt16LE(6);
      for (let i = 0; i < count; i++) this.tree(this.address(address + 24 + 8 + i * 16), depth + 1, names);
    } else throw new BadHdf5("a group's index is unknown");
  }

  private leaf(address: number, count: number, names: number | undefined): void {
    for (let i = 0; i < count; i++) {
      const entry = address + 8 + i * 40;
      const at = (names ?? Number.NaN) + Number(this.bytes(entry, 8).readBigUInt64LE(0));
      this.visit(this.address(entry + 8), names === undefined ? undefined : { at, length: MAX_NAME });
    }
  }
}

/** Where a name stands; one in the old style ends with a zero before its length is reached. */
interface Name {
  at: number;
  length: number;
}

interface Chunk {
  start: number;
  end: number;
  /** Messages carry their creation order. */
  ordered: boolean;
}
