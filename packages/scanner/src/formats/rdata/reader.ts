import type { Budget } from "../../core/limits.js";
import type { Source } from "../../core/source.js";

export class BadRData extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** What the walk needs to know of a value: a symbol's name, and whether a promise's value is still unbound. */
type Value = { symbol: string } | "unbound" | undefined;

/** Told of each call that is found: the function's name, and whether touching the data runs it. */
type OnCall = (name: string, inPromise: boolean) => void;

const MAX_DEPTH = 2_000;
const MAX_NAME = 10_000;

/** SEXPTYPEs and the pseudo types of R's serialize.c. */
const T = {
  symbol: 1,
  list: 2,
  closure: 3,
  environment: 4,
  promise: 5,
  language: 6,
  special: 7,
  builtin: 8,
  char: 9,
  logical: 10,
  integer: 13,
  real: 14,
  complex: 15,
  string: 16,
  dots: 17,
  generic: 19,
  expression: 20,
  bytecode: 21,
  pointer: 22,
  weak: 23,
  raw: 24,
  s4: 25,
  alternative: 238,
  attributeList: 239,
  attributeLanguage: 240,
  baseEnvironment: 241,
  emptyEnvironment: 242,
  codeReference: 243,
  codeDefinition: 244,
  persistent: 247,
  package: 248,
  namespace: 249,
  baseNamespace: 250,
  missing: 251,
  unbound: 252,
  global: 253,
  nil: 254,
  reference: 255,
} as const;

const BYTES: Record<number, number> = { [T.logical]: 4, [T.integer]: 4, [T.real]: 8, [T.complex]: 16 };
const EMPTY = new Set<number>([
  T.baseEnvironment,
  T.emptyEnvironment,
  T.baseNamespace,
  T.missing,
  T.global,
  T.nil,
  T.weak,
  T.s4,
]);

interface Flags {
  type: number;
  attributes: boolean;
  tag: boolean;
}

/** Walks R's serialization (XDR, native or ASCII; R internals, "Serialization formats") without making values of it. */
export class RReader {
  readonly #source: Source;
  readonly #budget: Budget;
  readonly #onCall: OnCall;
  readonly #references: Value[] = [];
  #at: number;
  #encoding: "xdr" | "native" | "ascii" = "xdr";
  #depth = 0;
  #promises = 0;
  #window: Buffer = Buffer.alloc(0);
  #base = 0;

  constructor(source: Source, at: number, budget: Budget, onCall: OnCall) {
    this.#source = source;
    this.#at = at;
    this.#budget = budget;
    this.#onCall = onCall;
  }

  /** Answers where the document ends. */
  document(): number {
    const mark = this.#take(2).toString("latin1");
    const encoding = ({ "X\n": "xdr", "B\n": "native", "A\n": "ascii" } as const)[mark];
    if (encoding === undefined) throw this.#bad("its encoding is unknown");
    this.#encoding = encoding;
    const version = this.#int();
    this.#int();
    this.#int();
    if (version === 3) this.#text(this.#int());
    this.#item();
    return this.#at;
  }

  #item(): Value {
    this.#budget.step(8);
    if (++this.#depth > MAX_DEPTH) throw this.#bad("it is nested too deep");
    try {
      return this.#read(this.#flags(this.#int()));
    } finally {
      this.#depth--;
    }
  }

  #flags(flags: number): Flags & { packed: number } {
    return {
      type: flags & 0xff,
      attributes: (flags & 0x200) !== 0,
      tag: (flags & 0x400) !== 0,
      packed: flags >>> 8,
    };
  }

  #read(flags: Flags & { packed: number }): Value {
    const { type } = flags;
    if (type === T.unbound) return "unbound";
    if (EMPTY.has(type)) {
      if (type === T.weak) this.#remember(undefined);
      if (flags.attributes) this.#item();
      return undefined;
    }
    if (type === T.reference) return this.#references[(flags.packed || this.#int()) - 1];
    if (type === T.symbol) return this.#symbol();
    if (isPair(type)) return this.#pairs(flags);
    this.#compound(flags);
    return undefined;
  }

  #symbol(): Value {
    const value = { symbol: this.#chars() };
    this.#remember(value);
    return value;
  }

  #remember(value: Value): void {
    this.#references.push(value);
  }

  /** A CHARSXP as an item of its own. */
  #chars(): string {
    const { type } = this.#flags(this.#int());
    if (type !== T.char) throw this.#bad("a name is no text");
    return this.#text(this.#int());
  }

  /** Pairlists and calls, along their tails. */
  #pairs(first: Flags): Value {
    let flags = first;
    for (;;) {
      this.#budget.step(8);
      if (flags.attributes) this.#item();
      if (flags.tag) this.#item();
      if (flags.type === T.promise) return this.#promise();
      const head = this.#item();
      if (flags.type === T.language && head !== undefined && head !== "unbound") {
        this.#onCall(head.symbol, this.#promises > 0);
      }
      const next = this.#flags(this.#int());
      if (!isPair(next.type)) return void this.#read(next);
      flags = next.type === T.language ? next : { ...next, type: next.type };
    }
  }

  /** Its environment was read as its tag; a value that is unbound is worked out when somebody touches it. */
  #promise(): Value {
    const pending = this.#item() === "unbound";
    if (pending) this.#promises++;
    this.#item();
    if (pending) this.#promises--;
    return undefined;
  }

  #compound(flags: Flags): void {
    const { type } = flags;
    const width = BYTES[type];
    if (width !== undefined) this.#numbers(this.#length(), width, type);
    else if (type === T.raw) this.#rawBytes(this.#length());
    else if (type === T.char) this.#text(this.#int());
    else if (type === T.string || type === T.generic || type === T.expression) this.#items(this.#length());
    else if (type === T.special || type === T.builtin) this.#text(this.#int());
    else if (!this.#special(type)) throw this.#bad(`the type ${type} is unknown`);
    if (flags.attributes && type !== T.environment && type !== T.alternative) this.#item();
  }

  /** Types with a form of their own. */
  #special(type: number): boolean {
    if (type === T.environment) this.#environment();
    else if (type === T.pointer) {
      this.#remember(undefined);
      this.#items(2);
    } else if (type === T.alternative) this.#items(3);
    else if (type === T.persistent || type === T.package || type === T.namespace) this.#strings();
    else if (type === T.bytecode) {
      this.#int();
      this.#bytecode();
    } else return false;
    return true;
  }

  #environment(): void {
    this.#remember(undefined);
    this.#int();
    this.#items(4);
  }

  #strings(): void {
    this.#int();
    this.#items(this.#int());
    this.#remember(undefined);
  }

  #items(count: number): void {
    for (let i = 0; i < count; i++) this.#item();
  }

  #bytecode(): void {
    this.#item();
    const constants = this.#int();
    for (let i = 0; i < constants; i++) {
      const type = this.#int();
      if (type === T.bytecode) this.#bytecode();
      else if (isCodeList(type)) this.#codeList(type);
      else this.#item();
    }
  }

  #codeList(first: number): Value {
    let type = first;
    for (;;) {
      this.#budget.step(8);
      if (type === T.codeReference) return void this.#int();
      if (type === T.codeDefinition) {
        this.#int();
        type = this.#int();
      }
      if (!isCodeList(type)) return this.#item();
      if (type === T.attributeLanguage || type === T.attributeList) this.#item();
      this.#item();
      const head = this.#nestedCode();
      const call = type === T.language || type === T.attributeLanguage;
      if (call && head !== undefined && head !== "unbound") this.#onCall(head.symbol, this.#promises > 0);
      type = this.#int();
    }
  }

  #nestedCode(): Value {
    if (++this.#depth > MAX_DEPTH) throw this.#bad("it is nested too deep");
    const type = this.#int();
    const value = this.#codeList(type);
    this.#depth--;
    return value;
  }

  #length(): number {
    const short = this.#int();
    if (short >= 0) return short;
    if (short !== -1) throw this.#bad("a length is negative");
    return this.#int() * 2 ** 32 + (this.#int() >>> 0);
  }

  #int(): number {
    if (this.#encoding === "ascii") {
      const word = this.#word();
      return word === "NA" ? -(2 ** 31) : Number(word) | 0;
    }
    const bytes = this.#take(4);
    return this.#encoding === "xdr" ? bytes.readInt32BE(0) : bytes.readInt32LE(0);
  }

  #numbers(count: number, width: number, type: number): void {
    if (this.#encoding !== "ascii") {
      this.#skip(count * width);
      return;
    }
    const words = type === T.complex ? 2 * count : count;
    for (let i = 0; i < words; i++) this.#word();
  }

  #rawBytes(count: number): void {
    if (this.#encoding !== "ascii") {
      this.#skip(count);
      return;
    }
    for (let i = 0; i < count; i++) this.#word();
  }

  #text(length: number): string {
    if (length < -1) throw this.#bad("a length is negative");
    if (length === -1) return "NA";
    if (length === 0) return "";
    if (this.#encoding === "ascii") return this.#word().slice(0, MAX_NAME);
    if (length > MAX_NAME) {
      this.#skip(length);
      return "";
    }
    return this.#take(length).toString("utf8");
  }

  /** ASCII: what stands between white space; escapes have no room for any. */
  #word(): string {
    let byte = this.#byte();
    while (byte <= 0x20) byte = this.#byte();
    const found: number[] = [];
    for (; byte > 0x20; byte = this.#byte()) {
      this.#budget.step();
      if (found.length < MAX_NAME) found.push(byte);
    }
    return Buffer.from(found).toString("latin1");
  }

  #byte(): number {
    return this.#take(1)[0] ?? 0;
  }

  #take(length: number): Buffer {
    if (this.#at + length > this.#source.size) throw this.#bad("it ends inside a value");
    if (this.#at < this.#base || this.#at + length > this.#base + this.#window.length) {
      this.#base = this.#at;
      this.#window = this.#source.read(this.#at, Math.max(length, 65_536));
    }
    const start = this.#at - this.#base;
    this.#at += length;
    return this.#window.subarray(start, start + length);
  }

  #skip(length: number): void {
    if (!Number.isSafeInteger(length) || this.#at + length > this.#source.size) {
      throw this.#bad("a vector is longer than the file");
    }
    this.#at += length;
  }

  #bad(message: string): BadRData {
    return new BadRData(message, this.#at);
  }
}

function isPair(type: number): boolean {
  return (
    type === T.list || type === T.language || type === T.closure || type === T.promise || type === T.dots
  );
}

function isCodeList(type: number): boolean {
  return (
    type === T.language ||
    type === T.list ||
    type === T.codeDefinition ||
    type === T.codeReference ||
    type === T.attributeLanguage ||
    type === T.attributeList
  );
}
