export class JsonProblem extends Error {}

export interface JsonDocument {
  value: unknown;
  /** Keys that stand twice in one object, by path. */
  duplicates: string[];
}

const MAX_DEPTH = 200;
/** Python's parser can be told to accept control characters in strings; JavaScript's does not. */
const CONTROL = /\p{Cc}/gu;
const MAX_DUPLICATES = 100;

/**
 * A JSON parser that notices duplicate keys (parsers disagree on which one wins) and bounds depth. Objects have no
 * prototype, so that a key such as `__proto__` is only a key.
 */
export function parseDocument(text: string): JsonDocument {
  const parser = new Parser(text.startsWith("\ufeff") ? text.slice(1) : text);
  const value = parser.document();
  return { value, duplicates: parser.duplicates };
}

class Parser {
  readonly duplicates: string[] = [];
  private readonly text: string;
  private at = 0;
  constructor(text: string) {
    this.text = text;
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
    if (depth > MAX_DEPTH) throw new JsonProblem("JSON nested too deep");
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
    const result: Record<string, unknown> = Object.create(null);
    this.at++;
    this.space();
    if (this.take("}")) return result;
    for (;;) {
      this.space();
      const key = this.string();
      this.space();
      if (!this.take(":")) throw new JsonProblem("a colon is missing in JSON");
      const value = this.value(depth + 1);
      if (key in result && this.duplicates.length < MAX_DUPLICATES) this.duplicates.push(key);
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
    const match = /^(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|NaN|-?Infinity)/.exec(
      this.text.slice(this.at, this.at + 400),
    );
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

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
