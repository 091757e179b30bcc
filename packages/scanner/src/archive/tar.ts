import { inside, type Part, type Scan } from "../core/scan.js";
import { slice } from "../core/source.js";
import { leadsOut } from "./paths.js";

const BLOCK = 512;

interface TarEntry {
  name: string;
  type: string;
  size: number;
  data: number;
  link: string;
}

export function isTarHeader(header: Buffer): boolean {
  if (header.length < BLOCK) return false;
  const stated = octal(header, 148, 8);
  if (Number.isNaN(stated)) return false;
  let sum = 8 * 32;
  for (let i = 0; i < BLOCK; i++) if (i < 148 || i >= 156) sum += header[i] ?? 0;
  return sum === stated && header[0] !== 0;
}

/** Names that records before a member give to it. */
interface Names {
  name: string;
  link: string;
}

/** Lists the members of a tar file, with long names and pax paths resolved. */
function* listTar(scan: Scan, part: Part): Generator<TarEntry> {
  let names: Names = { name: "", link: "" };
  for (const { header, at } of readHeaders(scan, part)) {
    const size = sizeOf(header);
    const type = String.fromCharCode(header[156] || 0x30);
    const data = at + BLOCK;
    if ("LKxg".includes(type)) {
      names = readNames(part.source.read(data, Math.min(size, 65536)).toString("utf8"), type, names);
      continue;
    }
    const name = names.name || nameOf(header);
    yield { name, type, size, data, link: names.link || field(header, 157, 100) };
    names = { name: "", link: "" };
  }
}

function* readHeaders(scan: Scan, part: Part): Generator<{ header: Buffer; at: number }> {
  let at = 0;
  while (at + BLOCK <= part.source.size) {
    const header = part.source.read(at, BLOCK);
    if (header[0] === 0) {
      scan.budget.step();
      at += BLOCK;
      continue;
    }
    if (!isTarHeader(header)) {
      scan.report("archive-broken", part, "A tar header is damaged.", { offset: at, cause: "tar" });
      return;
    }
    scan.budget.entry();
    yield { header, at };
    at += BLOCK + Math.ceil(sizeOf(header) / BLOCK) * BLOCK;
  }
}

function readNames(text: string, type: string, names: Names): Names {
  if (type === "L") return { ...names, name: until(text) };
  if (type === "K") return { ...names, link: until(text) };
  return type === "x" ? paxNames(text, names.name, names.link) : names;
}

export function scanTar(scan: Scan, part: Part): string {
  for (const entry of listTar(scan, part)) {
    if (leadsOut(entry.name)) {
      scan.report(
        "archive-path-escape",
        part,
        `The member ${JSON.stringify(entry.name)} unpacks outside the directory.`,
        {
          offset: entry.data - BLOCK,
        },
      );
    }
    if (entry.type === "1" || entry.type === "2") reportLink(scan, part, entry);
    const regular = entry.type === "0" || entry.type === "7" || entry.type === "S";
    if (!regular || entry.size === 0) continue;
    if (entry.data + entry.size > part.source.size) {
      scan.report("archive-broken", part, "The tar file ends inside a member.", {
        offset: entry.data,
        cause: "tar",
      });
    }
    scan.examine(inside(part, entry.name, slice(part.source, entry.data, entry.size)));
  }
  return "tar";
}

function reportLink(scan: Scan, part: Part, entry: TarEntry): void {
  if (!leadsOut(entry.link)) return;
  const message = `The member ${JSON.stringify(entry.name)} links to ${JSON.stringify(entry.link)}.`;
  scan.report("archive-link", part, message, { offset: entry.data - BLOCK });
}

function nameOf(header: Buffer): string {
  const prefix = header.toString("latin1", 257, 262) === "ustar" ? field(header, 345, 155) : "";
  const name = field(header, 0, 100);
  return prefix ? `${prefix}/${name}` : name;
}

function field(header: Buffer, at: number, length: number): string {
  return until(header.toString("utf8", at, at + length));
}

function until(text: string): string {
  return text.split("\0", 1)[0] ?? "";
}

function octal(header: Buffer, at: number, length: number): number {
  const text = header
    .toString("latin1", at, at + length)
    .replaceAll("\0", " ")
    .trim();
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number.NaN;
}

/** A size in octal, or in base 256 where the first bit is set. */
function sizeOf(header: Buffer): number {
  if (((header[124] ?? 0) & 0x80) === 0) return octal(header, 124, 12) || 0;
  const size = Number(header.readBigUInt64BE(128));
  return Number.isSafeInteger(size) ? size : Number.MAX_SAFE_INTEGER;
}

function paxNames(text: string, name: string, link: string): { name: string; link: string } {
  const path = /(?:^|\n)\d+ path=([^\n]*)/.exec(text)?.[1];
  const target = /(?:^|\n)\d+ linkpath=([^\n]*)/.exec(text)?.[1];
  return { name: path ?? name, link: target ?? link };
}
