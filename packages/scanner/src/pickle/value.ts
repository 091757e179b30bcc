import type { Source } from "../core/source.js";
import type { Judgement } from "../globals/judgement.js";

/**
 * What the abstract machine knows about a value. Constants are themselves; everything else says where it comes from.
 * Containers keep a bounded number of items: enough to judge a call by its arguments.
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

export const KEPT_ITEMS = 512;

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

export class Sequence {
  readonly kind: "tuple" | "list" | "set" | "frozenset";
  readonly items: Value[];
  total: number;
  constructor(kind: Sequence["kind"], items: Value[]) {
    this.kind = kind;
    this.total = items.length;
    this.items = items.length > KEPT_ITEMS ? items.slice(0, KEPT_ITEMS) : items;
  }
  add(value: Value): void {
    this.total++;
    if (this.items.length < KEPT_ITEMS || isNotable(value)) this.items.push(value);
  }
}

export class Dict {
  readonly kind = "dict";
  readonly keys: Value[] = [];
  readonly values: Value[] = [];
  total = 0;
  set(key: Value, value: Value): void {
    this.total++;
    const notable = isNotable(value) || (typeof key === "string" && key.startsWith("__"));
    if (this.keys.length >= KEPT_ITEMS && !notable) return;
    this.keys.push(key);
    this.values.push(value);
  }
  get(key: string): Value | undefined {
    const at = this.keys.lastIndexOf(key);
    return at < 0 ? undefined : this.values[at];
  }
}

/** Bytes, or text too long to decode, left where they lie. */
export class Blob {
  readonly kind = "blob";
  readonly source: Source;
  readonly offset: number;
  readonly length: number;
  readonly text: boolean;
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
  readonly why: "extension" | "memo" | "stack" | "persistent" | "buffer" | "number";
  readonly detail: Value;
  constructor(why: Opaque["why"], detail: Value = null) {
    this.why = why;
    this.detail = detail;
  }
}

export function isObject(value: Value): value is Exclude<Value, null | boolean | number | bigint | string> {
  return typeof value === "object" && value !== null;
}

function isNotable(value: Value): boolean {
  return isObject(value) && (value.kind === "global" || value.kind === "call");
}
