import canonicalize from "canonicalize";
import { CountersignError } from "./errors.js";

export interface JsonLimits {
  maxBytes?: number;
  maxDepth?: number;
}

const MAX_BYTES = 64 * 1024 * 1024;
const MAX_DEPTH = 64;
const LONE_SURROGATE = /[\ud800-\udfff]/u;

/**
 * The RFC 8785 form of a JSON value, as UTF-8. Members that are `undefined` are left out; anything else that JSON
 * cannot say exactly (NaN, cycles, lone surrogates, class instances, bigint, functions) throws.
 */
export function canonicalJson(value: unknown): Uint8Array {
  checkRepresentable(value, "$", 0);
  const text = canonicalize(value);
  if (text === undefined) throw unrepresentable("$");
  return Buffer.from(text, "utf8");
}

function unrepresentable(where: string): CountersignError {
  return new CountersignError("json-unrepresentable", `${where} has no canonical JSON form`);
}

// `canonicalize` prints functions as the word undefined, calls toJSON, and recurses without a limit.
function checkRepresentable(value: unknown, where: string, depth: number): void {
  if (isScalar(value)) return;
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) throw unrepresentable(where);
  if (Array.isArray(value)) {
    // A hole counts as undefined, which an array cannot hold.
    for (let i = 0; i < value.length; i++) checkRepresentable(value[i], where, depth + 1);
    return;
  }
  if (!isPlain(value)) throw unrepresentable(where);
  for (const [name, member] of Object.entries(value)) {
    if (LONE_SURROGATE.test(name)) throw unrepresentable(where);
    if (member !== undefined) checkRepresentable(member, name, depth + 1);
  }
}

function isScalar(value: unknown): boolean {
  if (typeof value === "string") return !LONE_SURROGATE.test(value);
  return value === null || typeof value === "boolean" || Number.isFinite(value);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && !("toJSON" in value);
}

/**
 * Strict JSON: valid UTF-8, no duplicate member names, no `__proto__`, bounded size and depth. Duplicates matter
 * because two parsers may each see another of the two values.
 */
export function parseJson(input: Uint8Array | string, limits: JsonLimits = {}): unknown {
  const text = typeof input === "string" ? input : decodeUtf8(input, limits.maxBytes ?? MAX_BYTES);
  if (text.length > (limits.maxBytes ?? MAX_BYTES)) throw malformed("it is too large");
  checkStructure(text, limits.maxDepth ?? MAX_DEPTH);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformed("it is not JSON", cause);
  }
}

function malformed(reason: string, cause?: unknown): CountersignError {
  return new CountersignError("json-malformed", `the JSON is malformed: ${reason}`, { cause });
}

function decodeUtf8(bytes: Uint8Array, maxBytes: number): string {
  if (bytes.byteLength > maxBytes) throw malformed("it is too large");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw malformed("it is not valid UTF-8", cause);
  }
}

const INTERESTING = /["{}[\]]/g;

// Runs before JSON.parse and only has to be right for valid JSON: the rest is refused there.
function checkStructure(text: string, maxDepth: number): void {
  const open: (Set<string> | undefined)[] = [];
  INTERESTING.lastIndex = 0;
  for (let match = INTERESTING.exec(text); match; match = INTERESTING.exec(text)) {
    if (match[0] === '"') {
      const end = stringEnd(text, match.index);
      noteName(text, match.index, end, open.at(-1));
      INTERESTING.lastIndex = end;
    } else if (match[0] === "}" || match[0] === "]") {
      open.pop();
    } else {
      open.push(match[0] === "{" ? new Set() : undefined);
      if (open.length > maxDepth) throw malformed("it is nested too deeply");
    }
  }
}

/** The index after the closing quote of the string that opens at `start`. */
function stringEnd(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text[quote - 1 - slashes] === "\\") slashes++;
    if (slashes % 2 === 0) return quote + 1;
  }
  throw malformed("a string does not end");
}

const COLON = /[ \t\n\r]*:/y;

function noteName(text: string, start: number, end: number, names: Set<string> | undefined): void {
  if (!names) return;
  COLON.lastIndex = end;
  if (!COLON.test(text)) return;
  const raw = text.slice(start + 1, end - 1);
  const name = raw.includes("\\") ? unescapeName(text.slice(start, end)) : raw;
  if (names.has(name) || name === "__proto__")
    throw malformed(`the member ${JSON.stringify(name)} is refused here`);
  names.add(name);
}

function unescapeName(literal: string): string {
  try {
    return String(JSON.parse(literal));
  } catch (cause) {
    throw malformed("a member name is malformed", cause);
  }
}

/** Reads a JSON object's members without trusting its prototype. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
