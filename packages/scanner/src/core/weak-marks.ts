import { unpackHead } from "../archive/compressed.js";
import type { Unpacked } from "../archive/unpack.js";
import { probe } from "../pickle/streams.js";
import { LimitReached } from "./limits.js";
import type { Source } from "./source.js";

/** How much of a packed stream is tried, and how much of what comes out. */
const TRIED = 4096;

/** No control characters but those that end lines, tabs and ESC. */
export function isText(head: Buffer): boolean {
  return head.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13) || byte === 27);
}

/** "BZh", a size, then the mark of the first block or, in an empty file, of the end: a block is too large to try. */
export function isBzip2(head: Buffer): boolean {
  return /^425a683[1-9](314159265359|177245385090)/.test(head.toString("hex", 0, 10));
}

/**
 * joblib before 0.10: "ZF", the size in 19 characters, which Python's `int` reads, and a zlib stream; up to 0.8.4 a space
 * stands between them.
 */
export function isZfile(head: Buffer): boolean {
  const start = head.toString("latin1", 0, 21);
  if (!/^ZF\s*\+?(0x)?[\da-f_]+L?\s*$/i.test(start)) return false;
  return isZlibHeader(head.subarray(head[21] === 0x20 ? 22 : 21));
}

/** RFC 1950, without a dictionary that one would have to know. */
function isZlibHeader([first = 0, second = 0]: Buffer): boolean {
  return (first & 15) === 8 && first < 0x80 && (first * 256 + second) % 31 === 0 && (second & 0x20) === 0;
}

const CARET = 0x5e;

/** Text may begin so ("x^2"), which breaks at once; a damaged stream is not all characters. */
export function isZlib(head: Buffer, source: Source): boolean {
  if (head[0] !== 0x78 || !isZlibHeader(head)) return false;
  const unpacked = unpackHead(source, "zlib", TRIED);
  if (unpacked.source.size === 0) return false;
  if (head[1] !== CARET || !isText(head) || unpacked.error === undefined) return true;
  return (unpacked.error === "truncated" && source.size > TRIED) || beganPickle(unpacked);
}

/** Sizes of the dictionary that liblzma takes for a mark; those below 4096 and the largest no program writes. */
function isDictionary(size: number): boolean {
  if (size === 0 || size === 0xffffffff) return true;
  const highest = 2 ** Math.floor(Math.log2(size));
  return size === highest || size === highest * 1.5;
}
const LEAST_DICTIONARY = 4096;

/** Arrays of numbers often look like LZMA for a few bytes, and a loader that streams runs what comes before the break. */
export function isLzma(head: Buffer, source: Source): boolean {
  if (head.length < 14 || (head[0] ?? 255) >= 225 || head[13] !== 0) return false;
  const dictionary = head.readUInt32LE(1);
  const size = head.readBigUInt64LE(5);
  if (!isDictionary(dictionary) || (size !== 0xffffffffffffffffn && size >= 2n ** 38n)) return false;
  const unpacked = unpackHead(source, "lzma", TRIED);
  if (unpacked.source.size === 0) return false;
  const written = dictionary >= LEAST_DICTIONARY && dictionary !== 0xffffffff;
  const { cut, error } = unpacked;
  const holds = cut !== undefined || error === undefined || error === "truncated";
  return (written && holds) || beganPickle(unpacked);
}

function beganPickle(unpacked: Unpacked): boolean {
  const { acceptable, calls, dangerous } = probe(unpacked.source, 0);
  return acceptable || calls || dangerous;
}

const SKIPPABLE = 0x184d2a50;
const MAX_SKIPPED = 1000;

/** The mark behind the frames that every reader of LZ4 and zstd skips. */
export function afterSkippable(head: Buffer, source: Source): string {
  let mark = head.subarray(0, 8);
  let at = 0;
  for (let count = 0; isSkippable(mark); count++) {
    if (count === MAX_SKIPPED) throw new LimitReached("steps");
    at += 8 + mark.readUInt32LE(4);
    mark = source.read(at, 8);
  }
  return mark.toString("latin1", 0, 4);
}

function isSkippable(mark: Buffer): boolean {
  return mark.length === 8 && (mark.readUInt32LE(0) & 0xfffffff0) >>> 0 === SKIPPABLE;
}

/** So much white space is passed over at most: JSON behind more of it is too large to be read by anybody. */
const MOST_SPACE = 64 * 1024 * 1024;
const CHUNK = 64 * 1024;
const ONLY_SPACE = /^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\0\t\n\r ]*$/;
const NO_SPACE = /[^\0\t\n\r ]/;

/** JSON and XML may follow white space of any length; the first bytes still tell how wide a character is. */
export function beyondSpace(head: Buffer, source: Source): Buffer {
  const text = head.toString("latin1");
  if (!ONLY_SPACE.test(text) || !/[\t\n\r ]/.test(text)) return head;
  const end = Math.min(source.size, MOST_SPACE);
  for (let at = head.length; at < end; at += CHUNK) {
    const found = source.read(at, CHUNK).toString("latin1").search(NO_SPACE);
    if (found < 0) continue;
    const start = Math.floor((at + found) / 4) * 4;
    return Buffer.concat([head.subarray(0, 4), source.read(start, 508)]);
  }
  return head;
}

/** What Git leaves in place of a file that was not fetched (git-lfs, docs/spec.md): under 1,024 bytes, keys in this order. */
const POINTER =
  /^version https:\/\/(?:git-lfs\.github\.com\/spec\/v1|hawser\.github\.com\/spec\/v1)\n(?:ext-\d-[\w.-]{1,100} sha256:[0-9a-f]{64}\n){0,6}oid sha256:[0-9a-f]{64}\nsize \d{1,20}\n$/;

export function isLfsPointer(source: Source): boolean {
  return source.size < 1024 && POINTER.test(source.read(0, source.size).toString("latin1"));
}
