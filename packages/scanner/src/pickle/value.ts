import type { Source } from "../core/source.js";
import type { Judgement } from "../globals/judgement.js";

/**
 * What the abstract machine knows about a value. Constants are themselves; everything else says where it comes from.
 * Containers keep a bounded number of items.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Global
  | Call
  | Sequence
  | Dict
  | Blob
  | Opaque;

/** Enough to judge a call by its arguments. */
export const KEPT_ITEMS: number = 4096;

/** Something imported by name, or reached from it attribute by attribute. */
export class Global {
  readonly kind = "global";
  readonly module: string;
  readonly name: string;
  readonly judgement: Judgement;
  constructor(module: string, name: string, judgement: Judgement) {
    this.module = module;
    this.name = name;
    this.judgement = judgement;
  }
  get path(): string {
    return this.name ? `${this.module}.${this.name}` : this.module;
  }
}

export type CallKind = "reduce" | "newobj" | "object";

/** What a callable gives when the loader calls it, or an instance that it makes. */
export class Call {
  readonly kind = "call";
  readonly callee: Value;
  readonly args: Value;
  readonly how: CallKind;
  state: Value | undefined = undefined;
  /** Attributes that the file sets on the instance and that hold something callable. */
  hooks: Map<string, Value> | undefined = undefined;
  constructor(callee: Value, args: Value, how: CallKind) {
    this.callee = callee;
    this.args = args;
    this.how = how;
  }
}

const NONE: readonly Value[] = [];

/** Containers without items share one empty list; a pickle may hold millions of them. */
export class Sequence {
  declare readonly kind: "tuple" | "list" | "set" | "frozenset";
  items: readonly Value[];
  total: number;
  /** Takes over `items`: the caller must not use the array any more. */
  constructor(items: Value[]) {
    this.total = items.length;
    this.items = items.length === 0 ? NONE : items;
    if (items.length > KEPT_ITEMS) this.keepFirst(items);
  }
  private keepFirst(values: Value[]): void {
    this.total = 0;
    this.items = [];
    for (const value of values) this.add(value);
  }
  addAll(values: Value[]): void {
    if (this.total === 0 && values.length <= KEPT_ITEMS) {
      this.total = values.length;
      this.items = values;
      return;
    }
    for (const value of values) this.add(value);
  }
  add(value: Value): void {
    if (this.items === NONE) this.items = [];
    this.total += countOf(value);
    if (this.items.length < KEPT_ITEMS || isNotable(value)) (this.items as Value[]).push(value);
  }
  set(index: number, value: Value): void {
    if (index >= 0 && index < this.items.length) (this.items as Value[])[index] = value;
    else if (isNotable(value) && this.total > 0) (this.items as Value[]).push(value);
  }
}

export class Tuple extends Sequence {}
export class List extends Sequence {}
export class PySet extends Sequence {}
export class FrozenSet extends Sequence {}
for (const [type, kind] of [
  [Tuple, "tuple"],
  [List, "list"],
  [PySet, "set"],
  [FrozenSet, "frozenset"],
] as const) {
  Object.defineProperty(type.prototype, "kind", { value: kind });
}

export class Dict {
  declare readonly kind: "dict";
  /** Key, value, key, value ... */
  items: readonly Value[] = NONE;
  total = 0;
  /** Takes over `items`, keys and values in turn. */
  setAll(items: Value[]): void {
    if (this.total === 0 && items.length <= 2 * KEPT_ITEMS && items.length % 2 === 0) {
      this.total = items.length / 2;
      this.items = items;
      return;
    }
    let key: Value | undefined;
    for (const item of items) {
      const count = countOf(item);
      const left = key === undefined ? count : count - 1;
      if (key !== undefined) this.set(key, item);
      this.total += left >> 1;
      key = left % 2 === 1 ? item : undefined;
    }
  }
  set(key: Value, value: Value): void {
    this.total++;
    const notable = isNotable(value) || (typeof key === "string" && key.startsWith("__"));
    if (this.items.length >= 2 * KEPT_ITEMS && !notable) return;
    if (this.items === NONE) this.items = [];
    (this.items as Value[]).push(key, value);
  }
  get(key: string): Value | undefined {
    for (let i = this.items.length - 2; i >= 0; i -= 2) if (this.items[i] === key) return this.items[i + 1];
    return undefined;
  }
  *pairs(): Generator<[key: Value, value: Value]> {
    for (let i = 0; i + 1 < this.items.length; i += 2)
      yield [this.items[i] ?? null, this.items[i + 1] ?? null];
  }
  values(): Value[] {
    return this.items.filter((_, at) => at % 2 === 1);
  }
}
Object.defineProperty(Dict.prototype, "kind", { value: "dict" });

/** Bytes, or text too long to decode, left where they lie. */
export class Blob {
  readonly kind = "blob";
  readonly source: Source;
  readonly offset: number;
  readonly length: number;
  readonly text: boolean;
  /** A bytearray that later opcodes wrote into: its bytes are not those of the file. */
  changed = false;
  constructor(source: Source, offset: number, length: number, text: boolean) {
    this.source = source;
    this.offset = offset;
    this.length = length;
    this.text = text;
  }
  read(limit: number): Buffer {
    return this.source.read(this.offset, Math.min(limit, this.length));
  }
}

/** A value that the file alone does not determine. */
export class Opaque {
  readonly kind = "opaque";
  readonly why: "extension" | "memo" | "stack" | "persistent" | "buffer" | "number" | "dropped";
  readonly detail: Value;
  constructor(why: Opaque["why"], detail: Value = null) {
    this.why = why;
    this.detail = detail;
  }
}

export function isObject(value: Value): value is Exclude<Value, null | boolean | number | bigint | string> {
  return typeof value === "object" && value !== null;
}

/** A `dropped` value stands for many. */
export function countOf(value: Value): number {
  return value instanceof Opaque && value.why === "dropped" ? Number(value.detail) : 1;
}

/** Opcodes that the first value of a pickle begins with. */
const FIRST = Buffer.from("\x95\x8c\x88\x89\x8a\x8f(])}cCBXUTKMJNGI", "latin1");

/** Bytes that start as a pickle of protocol 2 or later does. */
export function isPickled(value: Blob): boolean {
  if (value.text || value.length < 3) return false;
  const [mark, version = 255, opcode = 255] = value.read(3);
  return mark === 0x80 && version >= 2 && version <= 5 && FIRST.includes(opcode);
}

/** What a verdict may hang on, wherever it lies. */
export function isNotable(value: Value): boolean {
  return value instanceof Global || value instanceof Call || (value instanceof Blob && isPickled(value));
}
