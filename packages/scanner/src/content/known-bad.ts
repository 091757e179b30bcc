import type { FileReport, ScanReport } from "../core/report.js";
import { worstVerdict } from "../core/report.js";
import { findingOf } from "../core/scan.js";

const HEX = 64;
const DIGEST = 32;
const NEWLINE = 10;
const SHA256 = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/i;
const OTHER_DIGEST = /(?<![0-9a-f])(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{96}|[0-9a-f]{128})(?![0-9a-f])/i;
const MAX_REASON = 200;

/** Digests that somebody knows to be bad, each with what the list says of it. */
export class KnownBad {
  private readonly text: Buffer;
  private digests: Uint8Array;
  private lines: Float64Array;
  private slots: Int32Array = new Int32Array(0);
  size = 0;

  constructor(text: Buffer, expected: number) {
    this.text = text;
    this.digests = new Uint8Array(expected * DIGEST);
    this.lines = new Float64Array(expected);
  }

  /** Adds the digest whose hexadecimal form begins at `at` in a line that begins at `line`; false where it is none. */
  add(at: number, line: number): boolean {
    const base = this.size * DIGEST;
    if (base + DIGEST > this.digests.length) this.grow();
    for (let i = 0; i < DIGEST; i++) {
      const high = NIBBLES[this.text[at + 2 * i] ?? 0] ?? 16;
      const low = NIBBLES[this.text[at + 2 * i + 1] ?? 0] ?? 16;
      if ((high | low) > 15) return false;
      this.digests[base + i] = (high << 4) | low;
    }
    this.lines[this.size++] = line;
    return true;
  }

  private grow(): void {
    const wanted = Math.max(1024, this.lines.length * 2);
    const digests = new Uint8Array(wanted * DIGEST);
    digests.set(this.digests);
    this.digests = digests;
    const lines = new Float64Array(wanted);
    lines.set(this.lines);
    this.lines = lines;
  }

  /** Makes the table that `find` looks in: digests are random, so their first bytes spread them. */
  seal(): this {
    let slots = 16;
    while (slots < this.size * 2) slots *= 2;
    this.slots = new Int32Array(slots).fill(-1);
    for (let i = 0; i < this.size; i++) {
      const base = i * DIGEST;
      let slot = first(this.digests, base) & (slots - 1);
      let held = this.slots[slot] ?? -1;
      while (held >= 0 && !same(this.digests, base, held * DIGEST)) {
        slot = (slot + 1) & (slots - 1);
        held = this.slots[slot] ?? -1;
      }
      // The first line about a digest counts.
      if (held < 0) this.slots[slot] = i;
    }
    return this;
  }

  /** What the list says of a digest in hexadecimal; undefined when it is not on the list. */
  find(sha256: string): string | undefined {
    const wanted = Buffer.from(sha256, "hex");
    if (wanted.length !== DIGEST) return undefined;
    const mask = this.slots.length - 1;
    for (let slot = first(wanted, 0) & mask; ; slot = (slot + 1) & mask) {
      const index = this.slots[slot] ?? -1;
      if (index < 0) return undefined;
      const base = index * DIGEST;
      if (wanted.equals(this.digests.subarray(base, base + DIGEST)))
        return this.reason(this.lines[index] ?? 0);
    }
  }

  private reason(line: number): string {
    const end = this.text.indexOf(NEWLINE, line);
    const whole = this.text.toString("utf8", line, end < 0 ? this.text.length : end);
    const rest = whole.replace(SHA256, " ").replace(/sha256(?:_hash)?|["{}[\]*]/gi, " ");
    return rest
      .replace(/[\s,;:]+/g, " ")
      .trim()
      .slice(0, MAX_REASON);
  }
}

const NIBBLES: Uint8Array = new Uint8Array(256).fill(16);
for (const [value, digit] of [..."0123456789abcdef"].entries()) {
  NIBBLES[digit.charCodeAt(0)] = value;
  NIBBLES[digit.toUpperCase().charCodeAt(0)] = value;
}

function first(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16)) ^
    ((bytes[at + 3] ?? 0) << 20)
  );
}

function same(bytes: Uint8Array, a: number, b: number): boolean {
  for (let i = 0; i < DIGEST; i++) if (bytes[a + i] !== bytes[b + i]) return false;
  return true;
}

export type ParsedKnownBad = { ok: true; list: KnownBad } | { ok: false; reason: string };

/**
 * Reads a list with one SHA-256 in each line, and around it what the list says of it: `sha256  name  reason`, CSV and JSON
 * lines alike. JSON documents are read with one entry for each object.
 */
export function parseKnownBad(bytes: Uint8Array): ParsedKnownBad {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = documentLines(buffer) ?? buffer;
  const list = new KnownBad(text, Math.ceil(text.length / 80));
  let number = 0;
  for (let line = 0; line < text.length; ) {
    number++;
    const newline = text.indexOf(NEWLINE, line);
    const end = newline < 0 ? text.length : newline;
    if (!addPlain(list, text, line, end)) {
      const reason = addOther(list, text.toString("latin1", line, end), line);
      if (reason !== undefined) return { ok: false, reason: `line ${number} ${reason}` };
    }
    line = end + 1;
  }
  return { ok: true, list: list.seal() };
}

/** A JSON document, written out again with one entry in each line; undefined for other texts. */
function documentLines(bytes: Buffer): Buffer | undefined {
  const start = bytes.subarray(0, 64).toString("latin1").trimStart();
  if (!start.startsWith("[") && !start.startsWith("{")) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
  const entries: unknown[] = Array.isArray(value) ? value : pairs(value);
  return Buffer.from(entries.map((entry) => JSON.stringify(entry)).join("\n"));
}

/** `{ digest: reason }`, or an object with the list somewhere inside. */
function pairs(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [value];
  const lists = Object.values(value).filter((item) => Array.isArray(item));
  return lists.length > 0 ? lists.flat() : Object.entries(value);
}

/** The usual line, without looking at more than the digest and what follows it. */
function addPlain(list: KnownBad, text: Buffer, line: number, end: number): boolean {
  if (end - line < HEX) return false;
  const next = text[line + HEX] ?? NEWLINE;
  const ends = line + HEX === end || next === 32 || next === 9 || next === 44 || next === 59 || next === 13;
  return ends && list.add(line, line);
}

/** Any other line; answers what is wrong with it. */
function addOther(list: KnownBad, text: string, line: number): string | undefined {
  const plain = text.trim();
  if (plain === "" || /^(?:#|\/\/|;)/.test(plain)) return undefined;
  const match = SHA256.exec(text);
  if (match) return list.add(line + match.index, line) ? undefined : "has a digest that cannot be read";
  if (OTHER_DIGEST.test(text)) return "has no SHA-256 but another digest; only SHA-256 is looked up";
  // The names of columns, before the first line with a digest.
  const heads = list.size === 0 && /sha-?256|digest|hash/i.test(text) && /[,;\t]/.test(text);
  return heads ? undefined : "has no SHA-256";
}

/** Adds a finding for each file, and each member of one, whose digest is on the list. */
export function markKnownBad(report: ScanReport, list: KnownBad): ScanReport {
  const files = report.files.map((file) => markFile(file, list));
  return { ...report, files, verdict: worstVerdict(files.map(({ verdict }) => verdict)) };
}

function markFile({ members = [], ...file }: FileReport, list: KnownBad): FileReport {
  const own = file.sha256 === "" ? undefined : list.find(file.sha256);
  const findings = own === undefined ? [] : [findingOf("known-bad", says(own), {})];
  for (const { member, sha256 } of members) {
    const said = list.find(sha256);
    if (said !== undefined) findings.push(findingOf("known-bad", says(said), { member }));
  }
  if (findings.length === 0) return file;
  return { ...file, verdict: "malicious", findings: [...findings, ...file.findings] };
}

function says(reason: string): string {
  return reason === ""
    ? "The list of known bad digests has it."
    : `The list of known bad digests says: ${JSON.stringify(reason)}.`;
}
