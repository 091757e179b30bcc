import { type Budget, LimitReached } from "../../core/limits.js";
import type { Source } from "../../core/source.js";
import { bareObject, type JsonObject } from "../repository/json.js";
import type { Numbers } from "./tree-shape.js";

export class BadUbjson extends Error {}

const MAX_DEPTH = 64;
const MAX_VALUES = 2_000_000;
const MAX_TEXT = 16 * 1024 * 1024;
const WINDOW = 256 * 1024;

/** Bytes of the number types; all are big-endian. */
const WIDTHS: Readonly<Record<string, number>> = { i: 1, U: 1, I: 2, l: 4, L: 8, d: 4, D: 8 };

/** An array of numbers that is read only where it is asked for. */
export class TypedArray implements Numbers {
  readonly length: number;
  readonly type: string;
  private readonly source: Source;
  private readonly start: number;
  private bytes: Buffer | undefined;
  constructor(source: Source, start: number, length: number, type: string) {
    this.source = source;
    this.start = start;
    this.length = length;
    this.type = type;
  }
  at(index: number): number {
    const width = WIDTHS[this.type] ?? 1;
    this.bytes ??= this.source.read(this.start, this.length * width);
    return index < this.length ? decode(this.bytes, index * width, this.type) : Number.NaN;
  }
}

function decode(bytes: Buffer, at: number, type: string): number {
  switch (type) {
    case "i":
      return bytes.readInt8(at);
    case "U":
      return bytes.readUInt8(at);
    case "I":
      return bytes.readInt16BE(at);
    case "l":
      return bytes.readInt32BE(at);
    case "L":
      return Number(bytes.readBigInt64BE(at));
    case "d":
      return bytes.readFloatBE(at);
    default:
      return bytes.readDoubleBE(at);
  }
}

/** An object whose first key has a 64-bit length, as XGBoost writes it and nothing else does. */
export function looksLikeUbjson(source: Source): boolean {
  const head = source.read(0, 80);
  if (head.length < 12 || head[0] !== 0x7b || head[1] !== 0x4c) return false;
  const length = Number(head.readBigInt64BE(2));
  if (length < 1 || length > 64) return false;
  return /^[\x20-\x7e]+[{[SLlIUidDTFNZC]/.test(head.toString("latin1", 10, 11 + length));
}

/** Universal Binary JSON (ubjson.org, draft 12). Objects have no prototype; typed arrays stay in the source. */
export function parseUbjson(source: Source, budget: Budget): { value: unknown; end: number } {
  const parser = new Parser(source, budget);
  return { value: parser.value(parser.marker(), 0), end: parser.at };
}

class Parser {
  at = 0;
  private readonly source: Source;
  private readonly budget: Budget;
  private window: Buffer = Buffer.alloc(0);
  private base = 0;
  private values = 0;

  constructor(source: Source, budget: Budget) {
    this.source = source;
    this.budget = budget;
  }

  private take(length: number): Buffer {
    if (length < 0 || this.at + length > this.source.size)
      throw new BadUbjson("a value is longer than the file");
    if (this.at < this.base || this.at + length > this.base + this.window.length) {
      this.base = this.at;
      this.window = this.source.read(this.at, Math.max(length, WINDOW));
    }
    const start = this.at - this.base;
    this.at += length;
    return this.window.subarray(start, start + length);
  }

  marker(): string {
    for (;;) {
      const marker = String.fromCharCode(this.take(1)[0] ?? 0);
      if (marker !== "N") return marker;
      this.budget.step();
    }
  }

  private peek(): string {
    const marker = this.marker();
    this.at--;
    return marker;
  }

  private count(): number {
    const type = this.marker();
    const width = WIDTHS[type];
    if (width === undefined || type === "d" || type === "D") throw new BadUbjson("a length is no number");
    const count = decode(this.take(width), 0, type);
    if (count < 0 || count > this.source.size) throw new BadUbjson("a length is larger than the file");
    return count;
  }

  private text(): string {
    const length = this.count();
    if (length > MAX_TEXT) throw new LimitReached("textBytes");
    return this.take(length).toString("utf8");
  }

  value(type: string, depth: number): unknown {
    if (depth > MAX_DEPTH) throw new BadUbjson("values are nested too deep");
    if (++this.values > MAX_VALUES) throw new LimitReached("steps");
    this.budget.step(16);
    if (type === "{") return this.object(depth);
    if (type === "[") return this.array(depth);
    if (type === "S" || type === "H") return this.text();
    if (type === "C") return this.take(1).toString("latin1");
    if (type === "Z") return null;
    if (type === "T" || type === "F") return type === "T";
    const width = WIDTHS[type];
    if (width === undefined) throw new BadUbjson(`the type ${JSON.stringify(type)} is unknown`);
    return decode(this.take(width), 0, type);
  }

  /** The type and the number of items, where a container states them before its items. */
  private header(): { type: string | undefined; count: number | undefined } {
    let type: string | undefined;
    if (this.peek() === "$") {
      this.at++;
      type = this.marker();
      if (this.peek() !== "#") throw new BadUbjson("a typed container has no length");
    }
    if (this.peek() !== "#") return { type, count: undefined };
    this.at++;
    return { type, count: this.count() };
  }

  private array(depth: number): unknown[] | TypedArray {
    const { type, count } = this.header();
    const width = type === undefined ? undefined : WIDTHS[type];
    if (type !== undefined && width !== undefined && count !== undefined) {
      const array = new TypedArray(this.source, this.at, count, type);
      if (this.at + count * width > this.source.size) throw new BadUbjson("an array is longer than the file");
      this.at += count * width;
      return array;
    }
    const items: unknown[] = [];
    while (count === undefined ? this.peek() !== "]" : items.length < count) {
      items.push(this.value(type ?? this.marker(), depth + 1));
    }
    if (count === undefined) this.at++;
    return items;
  }

  private object(depth: number): JsonObject {
    const result = bareObject();
    const { type, count } = this.header();
    for (let done = 0; count === undefined ? this.peek() !== "}" : done < count; done++) {
      const key = this.text();
      if (key in result) throw new BadUbjson(`the key ${JSON.stringify(key.slice(0, 100))} stands twice`);
      result[key] = this.value(type ?? this.marker(), depth + 1);
    }
    if (count === undefined) this.at++;
    return result;
  }
}
