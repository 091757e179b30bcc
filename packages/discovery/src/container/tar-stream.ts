import type { Note } from "../finding.js";
import type { Limits } from "../walk/tree.js";

/** How many bytes of a member are wanted; 0 for none. */
export type Wanted = (path: string, size: number) => number;

export interface Member {
  readonly path: string;
  readonly size: number;
  readonly head: Buffer;
}

const BLOCK = 512;
const MAX_NAME = 65_536;

/**
 * Reads a tar as it comes. Nothing is unpacked: of the members that are wanted, the start is kept in memory.
 * Damage ends the reading with a note; names that lead outside are noted and tamed.
 */
export class TarStream {
  readonly members: Member[] = [];
  private held: Buffer = Buffer.alloc(0);
  private skip = 0;
  private open:
    | { path: string; size: number; want: number; parts: Buffer[]; had: number; left: number }
    | undefined;
  private name: { data: Buffer[]; left: number; type: string } | undefined;
  private nextName = "";
  private count = 0;
  private bytes = 0;
  private over = false;

  constructor(
    private readonly label: string,
    private readonly wanted: Wanted,
    private readonly limits: Limits,
    private readonly notes: Note[],
  ) {}

  /** False once nothing more is to be read. */
  push(chunk: Buffer): boolean {
    this.bytes += chunk.length;
    if (this.bytes > this.limits.layer)
      this.stop(`holds more than ${this.limits.layer} bytes unpacked: the rest was not looked at`);
    let rest: Buffer = this.held.length > 0 ? Buffer.concat([this.held, chunk]) : chunk;
    this.held = Buffer.alloc(0);
    while (!this.over && rest.length > 0) {
      const before = rest.length;
      rest = this.take(rest);
      if (rest.length === before) {
        this.held = rest;
        break;
      }
    }
    return !this.over;
  }

  private stop(reason: string): void {
    if (!this.over) this.notes.push({ file: this.label, reason });
    this.over = true;
  }

  private take(data: Buffer): Buffer {
    if (this.name) return this.takeName(data);
    if (this.open) return this.takeMember(data);
    if (this.skip > 0) {
      const skipped = Math.min(this.skip, data.length);
      this.skip -= skipped;
      return data.subarray(skipped);
    }
    if (data.length < BLOCK) return data;
    this.header(data.subarray(0, BLOCK));
    return data.subarray(BLOCK);
  }

  private takeName(data: Buffer): Buffer {
    const name = this.name;
    if (!name) return data;
    const part = data.subarray(0, Math.min(name.left, data.length));
    if (name.data.length < 64) name.data.push(part);
    name.left -= part.length;
    if (name.left === 0) {
      this.nextName = nameIn(Buffer.concat(name.data).toString("utf8"), name.type) ?? this.nextName;
      this.name = undefined;
    }
    return data.subarray(part.length);
  }

  private takeMember(data: Buffer): Buffer {
    const open = this.open;
    if (!open) return data;
    const part = data.subarray(0, Math.min(open.left, data.length));
    if (open.had < open.want) {
      const kept = Buffer.from(part.subarray(0, open.want - open.had));
      open.parts.push(kept);
      open.had += kept.length;
    }
    open.left -= part.length;
    if (open.left === 0) {
      this.members.push({ path: open.path, size: open.size, head: Buffer.concat(open.parts) });
      this.open = undefined;
    }
    return data.subarray(part.length);
  }

  private header(header: Buffer): void {
    if (header[0] === 0 && header.every((byte) => byte === 0)) return;
    const size = sizeOf(header);
    if (!isHeader(header) || size === undefined) this.stop("is damaged: a tar header cannot be read");
    else if (++this.count > this.limits.members)
      this.stop(`holds more than ${this.limits.members} members: the rest was not looked at`);
    else this.member(header, size, String.fromCharCode(header[156] || 0x30));
  }

  private member(header: Buffer, size: number, type: string): void {
    this.skip = (BLOCK - (size % BLOCK)) % BLOCK;
    if (type === "L" || type === "x") {
      if (size > MAX_NAME) this.skip += size;
      else if (size > 0) this.name = { data: [], left: size, type };
      return;
    }
    const path = this.tamed(this.nextName || nameOf(header));
    this.nextName = "";
    const regular = type === "0" || type === "7";
    const want = regular ? Math.min(this.wanted(path, size), size) : 0;
    if (!regular || want === 0 || size === 0) this.skip += size;
    else this.open = { path, size, want, parts: [], had: 0, left: size };
  }

  private tamed(path: string): string {
    const plain = path
      .replaceAll("\\", "/")
      .replace(/^\/+/, "")
      .replace(/^(\.\/)+/, "");
    if (!/(^|\/)\.\.(\/|$)|^[A-Za-z]:/.test(plain)) return plain;
    if (this.notes.length < 1_000)
      this.notes.push({
        file: this.label,
        reason: `has a member whose name leads outside: ${JSON.stringify(path.slice(0, 200))}`,
      });
    return plain
      .split("/")
      .filter((part) => part !== ".." && !/^[A-Za-z]:$/.test(part))
      .join("/");
  }
}

function nameIn(text: string, type: string): string | undefined {
  if (type === "L") return text.split("\0", 1)[0];
  return /(?:^|\n)\d+ path=([^\n]*)/.exec(text)?.[1];
}

const field = (header: Buffer, at: number, length: number): string =>
  header.toString("utf8", at, at + length).split("\0", 1)[0] ?? "";

function nameOf(header: Buffer): string {
  const prefix = header.toString("latin1", 257, 262) === "ustar" ? field(header, 345, 155) : "";
  return prefix === "" ? field(header, 0, 100) : `${prefix}/${field(header, 0, 100)}`;
}

function octal(header: Buffer, at: number, length: number): number | undefined {
  const text = header
    .toString("latin1", at, at + length)
    .replaceAll("\0", " ")
    .trim();
  return text === "" ? 0 : /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : undefined;
}

function sizeOf(header: Buffer): number | undefined {
  if (((header[124] ?? 0) & 0x80) === 0) return octal(header, 124, 12);
  const size = Number(header.readBigUInt64BE(128));
  return Number.isSafeInteger(size) ? size : undefined;
}

export function isHeader(header: Buffer): boolean {
  if (header.length < BLOCK || header[0] === 0) return false;
  let sum = 8 * 32;
  for (let at = 0; at < BLOCK; at++) if (at < 148 || at >= 156) sum += header[at] ?? 0;
  return octal(header, 148, 8) === sum;
}
