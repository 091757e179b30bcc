import { isCpio } from "../archive/cpio.js";
import { isTarHeader } from "../archive/tar-header.js";
import { isPortableProgram } from "../formats/bundles/llamafile.js";
import { isUtf16Markup } from "../formats/markup/xml.js";
import { isRData } from "../formats/rdata/rdata.js";
import { decodeJson } from "../formats/repository/json.js";
import { looksLikeUbjson } from "../formats/trees/ubjson.js";
import type { Source } from "./source.js";
import { afterSkippable, beyondSpace, isBzip2, isLzma, isText, isZfile, isZlib } from "./weak-marks.js";

export type Format =
  | "pickle"
  | "torch-legacy"
  | "zip"
  | "gzip"
  | "bzip2"
  | "xz"
  | "lzma"
  | "lz4"
  | "zstd"
  | "zlib"
  | "zfile"
  | "7z"
  | "rar"
  | "tar"
  | "ar"
  | "cpio"
  | "rpm"
  | "npy"
  | "hdf5"
  | "gguf"
  | "ggml"
  | "tflite"
  | "executorch"
  | "catboost"
  | "ort"
  | "llamafile"
  | "coreml-weights"
  | "ubjson"
  | "java"
  | "java-class"
  | "rdata"
  | "safetensors"
  | "json"
  | "xml"
  | "elf"
  | "pe"
  | "macho"
  | "pyc"
  | "image"
  | "text"
  | "empty"
  | "unknown";

const LZ4 = "\x04\x22\x4d\x18";
const ZSTD = "\x28\xb5\x2f\xfd";

const MAGIC: readonly (readonly [Format, number, string])[] = [
  ["zip", 0, "PK\x03\x04"],
  ["zip", 0, "PK\x05\x06"],
  ["gzip", 0, "\x1f\x8b"],
  ["xz", 0, "\xfd7zXZ\0"],
  ["lz4", 0, LZ4],
  ["zstd", 0, ZSTD],
  ["7z", 0, "7z\xbc\xaf\x27\x1c"],
  ["rar", 0, "Rar!\x1a\x07"],
  ["ar", 0, "!<arch>\n"],
  ["rpm", 0, "\xed\xab\xee\xdb"],
  ["npy", 0, "\x93NUMPY"],
  ["hdf5", 0, "\x89HDF\r\n\x1a\n"],
  ["gguf", 0, "GGUF"],
  ["ggml", 0, "lmgg"],
  ["ggml", 0, "fmgg"],
  ["ggml", 0, "tjgg"],
  ["tflite", 4, "TFL3"],
  ["executorch", 4, "ET12"],
  ["catboost", 0, "CBM1"],
  ["ort", 4, "ORTM"],
  ["java", 0, "\xac\xed\x00\x05"],
  ["elf", 0, "\x7fELF"],
  ["macho", 0, "\xcf\xfa\xed\xfe"],
  ["image", 0, "\x89PNG\r\n\x1a\n"],
  ["image", 0, "\xff\xd8\xff"],
  ["image", 0, "GIF8"],
];

/** Text may begin with such a mark; a file of the format goes on with numbers. */
const LETTERS = /^\w+$/;

/** Formats that a test of the first bytes tells, in the order of how sure the test is. */
const TESTS: readonly (readonly [Format, (head: Buffer, source: Source) => boolean])[] = [
  ["lz4", (head, source) => afterSkippable(head, source) === LZ4],
  ["zstd", (head, source) => afterSkippable(head, source) === ZSTD],
  ["java-class", (head) => isCafebabe(head) && head.readUInt32BE(4) >= FIRST_JAVA],
  ["macho", isCafebabe],
  ["llamafile", isPortableProgram],
  ["pe", isPortableExecutable],
  ["rdata", isRData],
  ["torch-legacy", startsLegacyTorch],
  ["coreml-weights", isCoremlWeights],
  ["pickle", startsPickle],
  ["pyc", isPyc],
  ["safetensors", isSafetensors],
  ["bzip2", isBzip2],
  ["zfile", isZfile],
  ["zlib", isZlib],
  ["lzma", isLzma],
  ["tar", isTarHeader],
  ["cpio", isCpio],
  ["xml", isUtf16Markup],
  ["ubjson", (_, source) => looksLikeUbjson(source)],
];

/** Names a part by its bytes. Formats without a magic number are told by their parsers, not here. */
export function detect(source: Source): Format {
  if (source.size === 0) return "empty";
  const head = source.read(0, 512);
  const text = head.toString("latin1");
  for (const [format, at, magic] of MAGIC) {
    if (text.startsWith(magic, at) && !(LETTERS.test(magic) && isText(head))) return format;
  }
  for (const [format, test] of TESTS) if (test(head, source)) return format;
  return detectText(beyondSpace(head, source));
}

/** Java's classes and Apple's programs for several processors share a magic number; the next one tells them apart. */
const FIRST_JAVA = 45;

function isCafebabe(head: Buffer): boolean {
  return head.length >= 8 && head.readUInt32BE(0) === 0xcafebabe;
}

/** Protocols 0 and 1 have no header, and those who write one all the same are told by what follows. */
function startsPickle(head: Buffer): boolean {
  const protocol = head[1] ?? 255;
  return head[0] === 0x80 && protocol >= 2 && protocol <= 5;
}

/**
 * The first entry of the weights of a Core ML program lies behind a header of 64 bytes, which holds their number and the
 * version, 2. A number of 640 begins as a pickle does, but none has so many entries as to need the fourth byte.
 */
function isCoremlWeights(head: Buffer): boolean {
  if (head.length < 68 || head.readUInt32LE(64) !== 0xdeadbeef) return false;
  return head[3] === 0 && head.readUInt32LE(4) === 2;
}

/** The number with which torch's legacy files begin, pickled. */
const TORCH_MAGIC = Buffer.from("8a0a6cfc9c46f9206aa850192e", "hex");

function startsLegacyTorch(head: Buffer): boolean {
  return startsPickle(head) && head.subarray(2, 2 + TORCH_MAGIC.length).equals(TORCH_MAGIC);
}

function isPortableExecutable(head: Buffer, source: Source): boolean {
  if (head.length < 64 || head[0] !== 0x4d || head[1] !== 0x5a) return false;
  return source.read(head.readUInt32LE(60), 4).toString("latin1") === "PE\0\0";
}

/** CPython's magic: two bytes of version, then CR LF. */
function isPyc(head: Buffer): boolean {
  return (
    head.length >= 16 &&
    head[2] === 0x0d &&
    head[3] === 0x0a &&
    (head[1] ?? 0) >= 0x0c &&
    (head[1] ?? 0) <= 0x0f
  );
}

function isSafetensors(head: Buffer, source: Source): boolean {
  if (head.length < 10) return false;
  const length = Number(head.readBigUInt64LE(0));
  return (
    length >= 2 && length <= Math.max(source.size, 100_000_000) && (head[8] === 0x7b || head[8] === 0x20)
  );
}

function detectText(head: Buffer): Format {
  const text = head.toString("latin1");
  const start = text.replace(/^\xef\xbb\xbf/, "").trimStart();
  if (start.startsWith("{") || start.startsWith("[")) return "json";
  if (isWideJson(head)) return "json";
  if (start.startsWith("<?xml") || /^<[A-Za-z!][\w:.-]*[\s>/]/.test(start)) return "xml";
  return isText(head) ? "text" : "unknown";
}

/** Python's `json.loads` takes bytes in UTF-16 and UTF-32 too. */
function isWideJson(head: Buffer): boolean {
  const wide = head.subarray(0, 4).some((byte) => byte === 0 || byte >= 0xfe);
  return wide && /^\ufeff?\s*[[{][\s\x20-\x7e]+$/.test(decodeJson(head.subarray(0, 64)));
}
