export class JsonProblem extends Error {}

/** The text may be good JSON, but lies deeper than is read. Python's own limit is about 1,000 or more. */
export class JsonTooDeep extends JsonProblem {}

export interface JsonDocument {
  value: unknown;
  /** Keys that stand twice in one object. */
  duplicates: string[];
  /** Values that a later one of the same key replaced: other parsers take the first. */
  shadowed: unknown[];
}

const MAX_DEPTH = 1_000;
/** Python's parser can be told to accept control characters in strings; JavaScript's does not. */
const CONTROL = /\p{Cc}/gu;
const MAX_DUPLICATES = 100;
const WORD = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|NaN|-?Infinity/y;

/**
 * A JSON parser that notices duplicate keys (parsers disagree on which one wins) and bounds depth. Objects have no
 * prototype, so that a key such as `__proto__` is only a key.
 */
export function parseDocument(text: string): JsonDocument {
  const parser = new Parser(text.startsWith("\ufeff") ? text.slice(1) : text);
  const value = parser.document();
  return { value, duplicates: parser.duplicates, shadowed: parser.shadowed };
}

/** Parses the value that begins at `start`; what follows it may be anything. */
export function parsePrefix(text: string, start: number): JsonDocument & { end: number } {
  const parser = new Parser(text, start);
  const value = parser.prefix();
  return { value, duplicates: parser.duplicates, shadowed: parser.shadowed, end: parser.end };
}

/** Decodes as Python's `json.loads` does bytes: UTF-8, -16 or -32 by a mark or by where the zeros lie. */
export function decodeJson(bytes: Buffer): string {
  const [a = 1, b = 1, c = 1, d = 1] = bytes;
  if (bytes.length < 2 || (a !== 0 && b !== 0 && a < 0xfe)) return bytes.toString("utf8");
  const marked32 = (a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe);
  if (marked32 || (a === 0 && b === 0) || (b === 0 && c === 0 && d === 0)) {
    return decodeWide(bytes, a === 0xff || a !== 0);
  }
  const big = a === 0xfe || a === 0;
  const even = bytes.subarray(0, bytes.length & ~1);
  return (big ? Buffer.from(even).swap16() : even).toString("utf16le");
}

function decodeWide(bytes: Buffer, little: boolean): string {
  let text = "";
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const code = little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
    text += String.fromCodePoint(code <= 0x10ffff ? code : 0xfffd);
  }
  return text;
}

class Parser {
  readonly duplicates: string[] = [];
  readonly shadowed: unknown[] = [];
  private readonly text: string;
  private at: number;
  constructor(text: string, at = 0) {
    this.text = text;
    this.at = at;
  }

  get end(): number {
    return this.at;
  }

  prefix(): unknown {
    return this.value(0);
  }

  document(): unknown {
    const value = this.value(0);
    this.space();
    if (this.at < this.text.length) throw new JsonProblem("bytes follow the JSON value");
    return value;
  }

  private space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.at++;
    }
  }

  private value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw new JsonTooDeep("JSON nested too deep");
    this.space();
    switch (this.text[this.at]) {
      case "{":
        return this.object(depth);
      case "[":
        return this.array(depth);
      case '"':
        return this.string();
      default:
        return this.word();
    }
  }

  private object(depth: number): Record<string, unknown> {
    const result = bareObject();
    this.at++;
    this.space();
    if (this.take("}")) return result;
    for (;;) {
      this.space();
      const key = this.string();
      this.space();
      if (!this.take(":")) throw new JsonProblem("a colon is missing in JSON");
      const value = this.value(depth + 1);
      if (key in result) {
        this.shadowed.push(result[key]);
        if (this.duplicates.length < MAX_DUPLICATES) this.duplicates.push(key);
      }
      result[key] = value;
      this.space();
      if (this.take("}")) return result;
      if (!this.take(",")) throw new JsonProblem("a comma is missing in JSON");
    }
  }

  private array(depth: number): unknown[] {
    const result: unknown[] = [];
    this.at++;
    this.space();
    if (this.take("]")) return result;
    for (;;) {
      result.push(this.value(depth + 1));
      this.space();
      if (this.take("]")) return result;
      if (!this.take(",")) throw new JsonProblem("a comma is missing in JSON");
    }
  }

  private take(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private string(): string {
    if (this.text[this.at] !== '"') throw new JsonProblem("a string is missing in JSON");
    const start = this.at;
    for (let at = start + 1; at < this.text.length; at++) {
      const code = this.text.charCodeAt(at);
      if (code === 92) at++;
      else if (code === 34) {
        this.at = at + 1;
        return this.decode(this.text.slice(start, this.at));
      }
    }
    throw new JsonProblem("a string does not end in JSON");
  }

  private decode(quoted: string): string {
    const inner = quoted.slice(1, -1);
    if (!inner.includes("\\")) return inner;
    try {
      return JSON.parse(quoted.replace(CONTROL, " ")) as string;
    } catch {
      throw new JsonProblem("a string is malformed in JSON");
    }
  }

  private word(): unknown {
    WORD.lastIndex = this.at;
    const match = WORD.exec(this.text);
    if (!match) throw new JsonProblem("an unexpected character in JSON");
    this.at += match[0].length;
    switch (match[0]) {
      case "true":
        return true;
      case "false":
        return false;
      case "null":
        return null;
      default:
        return Number(match[0]);
    }
  }
}

export type JsonObject = Record<string, unknown>;

/**
 * An object without any inherited key. Where a text or a number was expected it reads as an empty one: an object without
 * a prototype would throw there, and stop the parser that trusted the document.
 */
export function bareObject(): JsonObject {
  return Object.create(BARE);
}

const BARE: object = Object.freeze(Object.create(null, { [Symbol.toPrimitive]: { value: () => "" } }));

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
