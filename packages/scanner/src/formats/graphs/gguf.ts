import { claimLicence } from "../../content/named.js";
import { examineWeights } from "../../content/weights/examine.js";
import type { NumberType, Tensor } from "../../content/weights/tensor.js";
import type { Part, Scan } from "../../core/scan.js";
import type { Source } from "../../core/source.js";
import { carve } from "../../pickle/streams.js";
import { scanTemplate } from "../jinja/jinja.js";
import { tensorBytes } from "./gguf-types.js";

const MAX_ITEMS = 1_000_000;
const MAX_KEY = 65_535;

/** Where `general.alignment` says nothing. */
const ALIGNMENT = 32;
/** ggml_type numbers of plain floating point. */
const TYPES: Readonly<Record<number, NumberType>> = { 0: "f32", 1: "f16", 28: "f64", 30: "bf16" };

/** Sizes of the scalar value types 0 to 12; strings (8) and arrays (9) vary. */
const SIZES = [1, 1, 2, 2, 4, 4, 4, 1, -1, -1, 8, 8, 8];
const U32 = 4;
const STRING = 8;
const ARRAY = 9;

class Malformed extends Error {}

class Cursor {
  readonly source: Source;
  at: number;
  /** Written for machines whose numbers begin with the high byte (s390x, ppc64): counts, values and tensors. */
  big = false;
  private window: Buffer = Buffer.alloc(0);
  private base = 0;
  constructor(source: Source, at: number) {
    this.source = source;
    this.at = at;
  }
  take(length: number): Buffer {
    if (this.at + length > this.source.size)
      throw new Malformed("a length points beyond the end of the file");
    if (this.at < this.base || this.at + length > this.base + this.window.length) {
      this.base = this.at;
      this.window = this.source.read(this.at, Math.max(length, 1024 * 1024));
    }
    const start = this.at - this.base;
    this.at += length;
    return this.window.subarray(start, start + length);
  }
  skip(length: number): void {
    if (this.at + length > this.source.size)
      throw new Malformed("a length points beyond the end of the file");
    this.at += length;
  }
  u32(): number {
    const bytes = this.take(4);
    return this.big ? bytes.readUInt32BE(0) : bytes.readUInt32LE(0);
  }
  u64(): number {
    const bytes = this.take(8);
    const value = Number(this.big ? bytes.readBigUInt64BE(0) : bytes.readBigUInt64LE(0));
    if (!Number.isSafeInteger(value)) throw new Malformed("a number is larger than any file");
    return value;
  }
}

/** GGUF: bounds of every key, value and tensor, and the chat templates among the values. */
export function scanGguf(scan: Scan, part: Part): string {
  const cursor = new Cursor(part.source, 4);
  try {
    if (part.source.read(0, 4).toString("latin1") !== "GGUF")
      throw new Malformed("the magic number is missing");
    // No version has so many: as the gguf package does, take the high half for the low one.
    cursor.big = part.source.read(4, 2).equals(Buffer.alloc(2));
    const version = cursor.u32();
    if (version < 1 || version > 3) throw new Malformed(`version ${version} is unknown`);
    const tensors = version === 1 ? cursor.u32() : cursor.u64();
    const keys = version === 1 ? cursor.u32() : cursor.u64();
    if (tensors > MAX_ITEMS || keys > MAX_ITEMS) throw new Malformed("a count is larger than any model's");
    let alignment = ALIGNMENT;
    for (let i = 0; i < keys; i++) alignment = readPair(scan, part, cursor) ?? alignment;
    const found: Placed[] = [];
    for (let i = 0; i < tensors; i++) found.push(readTensor(scan, cursor));
    const start = Math.ceil(cursor.at / alignment) * alignment;
    examineWeights(scan, part, placed(found, start));
    // Padding may follow the last tensor, and nothing else.
    const end = found.length === 0 ? cursor.at : lastEnd(found, start);
    if (end < part.source.size) carve(scan, part, end, part.source.size);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    scan.report("gguf-malformed", part, `The header is malformed: ${error.message}.`, {
      offset: cursor.at,
      cause: "gguf",
    });
  }
  return "gguf";
}

/** Keys and names of tensors, which may be no longer than that. */
function readKey(cursor: Cursor): string {
  const length = cursor.u64();
  if (length > MAX_KEY) throw new Malformed("a name is longer than names may be");
  return cursor.take(length).toString("utf8");
}

/** Answers nothing for a text above the limit. */
function readString(cursor: Cursor, limit: number): string | undefined {
  const length = cursor.u64();
  if (length > limit) {
    cursor.skip(length);
    return undefined;
  }
  return cursor.take(length).toString("utf8");
}

function readTemplate(scan: Scan, part: Part, cursor: Cursor): void {
  const offset = cursor.at;
  const text = readString(cursor, scan.budget.limits.textBytes);
  if (text === undefined) scan.reportLimit(part, "textBytes");
  else scanTemplate(scan, part, text, offset);
}

/** Answers the alignment where the pair sets it. */
function readPair(scan: Scan, part: Part, cursor: Cursor): number | undefined {
  scan.budget.step(64);
  const key = readKey(cursor);
  const type = cursor.u32();
  if (type !== STRING) {
    if (key === "general.alignment" && type === U32) return Math.max(1, cursor.u32());
    skipValue(scan, part, cursor, type, key, 0);
    return undefined;
  }
  if (isTemplateKey(key)) readTemplate(scan, part, cursor);
  else {
    const text = readString(cursor, scan.budget.limits.textBytes);
    if (key === "general.license" && text !== undefined) claimLicence(scan, part, text);
  }
  return undefined;
}

function isTemplateKey(key: string): boolean {
  return /template/i.test(key);
}

function skipValue(scan: Scan, part: Part, cursor: Cursor, type: number, key: string, depth: number): void {
  if (depth > 4) throw new Malformed("arrays are nested too deep");
  if (type === STRING) {
    if (isTemplateKey(key)) readTemplate(scan, part, cursor);
    else readString(cursor, 0);
    return;
  }
  if (type !== ARRAY) {
    const size = SIZES[type];
    if (size === undefined) throw new Malformed(`the value type ${type} is unknown`);
    cursor.skip(size);
    return;
  }
  const item = cursor.u32();
  const count = cursor.u64();
  const size = SIZES[item];
  if (size !== undefined && size > 0) {
    cursor.skip(count * size);
    return;
  }
  for (let i = 0; i < count; i++) {
    scan.budget.step();
    skipValue(scan, part, cursor, item, key, depth + 1);
  }
}

/** A tensor with the bytes that its shape takes, 0 where its type is not known. */
interface Placed extends Tensor {
  bytes: number;
}

/** A tensor at its offset from where the data begins; how long it is, the next one says. */
function readTensor(scan: Scan, cursor: Cursor): Placed {
  scan.budget.step(16);
  const name = readKey(cursor);
  const dimensions = cursor.u32();
  if (dimensions > 4) throw new Malformed(`a tensor has ${dimensions} dimensions`);
  let elements = 1;
  for (let i = 0; i < dimensions; i++) elements *= cursor.u64();
  if (!Number.isSafeInteger(elements)) throw new Malformed("a tensor is larger than any file");
  const number = cursor.u32();
  const type = cursor.big ? "other" : (TYPES[number] ?? "other");
  const offset = cursor.u64();
  const { source } = cursor;
  // CVE-2026-7482: loaders that believe the shape read what lies behind the file in memory.
  const bytes = tensorBytes(number, elements);
  if (offset + bytes > source.size) throw new Malformed("a tensor lies beyond the end of the file");
  return { name, type, source, offset, length: 0, bytes };
}

/** Where the last tensor ends: with the file, where there is one of a type that is not known. */
function lastEnd(tensors: readonly Placed[], start: number): number {
  let end = 0;
  for (const { source, offset, bytes } of tensors) {
    end = Math.max(end, bytes === 0 ? source.size : start + offset + bytes);
  }
  return end;
}

/** Tensors with their places in the file: each reaches to the next one, the last to the end. */
function placed(tensors: readonly Placed[], start: number): Tensor[] {
  const sorted = tensors.toSorted((a, b) => a.offset - b.offset);
  return sorted.map((tensor, index) => {
    const end = sorted[index + 1]?.offset ?? tensor.source.size - start;
    return { ...tensor, offset: start + tensor.offset, length: end - tensor.offset };
  });
}
