import type { Part, Scan } from "../core/scan.js";
import { indexOf } from "../core/source.js";
import { carve } from "../pickle/streams.js";
import { BadHdf5, type External, Hdf5Walker } from "./hdf5-objects.js";
import { JsonProblem, parseDocument } from "./json.js";
import { isKerasConfig, scanKerasConfig } from "./keras.js";

const LINK_BLOCK = Buffer.from("FHDB");
const MAX_BLOCKS = 4096;

/** HDF5: links and storage in other files, and Keras' configuration wherever it is stored. */
export function scanHdf5(scan: Scan, part: Part): string {
  try {
    for (const external of new Hdf5Walker(part.source, scan.budget).externals()) report(scan, part, external);
  } catch (error) {
    if (!(error instanceof BadHdf5)) throw error;
    scan.report("hdf5-malformed", part, `The file is malformed: ${error.message}.`, { cause: "hdf5" });
  }
  scanDenseLinks(scan, part);
  const keras = scanTexts(scan, part);
  if (part.source.size <= 64 * 1024 * 1024) carve(scan, part, 0, part.source.size);
  return keras ? "keras-h5" : "hdf5";
}

function report(scan: Scan, part: Part, { kind, target, offset }: External): void {
  const what = { link: "A link leads to", storage: "A dataset's values lie in", virtual: "Values come from" }[
    kind
  ];
  const message = `${what} ${JSON.stringify(target)}.`;
  scan.report("hdf5-external", part, message, { offset, cause: target });
}

/** Groups with many links keep them in heap blocks; an external link there has the type 64. */
function scanDenseLinks(scan: Scan, part: Part): void {
  let at = indexOf(part.source, LINK_BLOCK);
  for (let count = 0; at >= 0 && count < MAX_BLOCKS; count++) {
    const block = part.source.read(at, 4096);
    for (let i = 4; i + 12 < block.length; i++) {
      const target = externalTarget(block, i);
      if (target !== undefined) report(scan, part, { kind: "link", target, offset: at + i });
    }
    at = indexOf(part.source, LINK_BLOCK, at + 4);
  }
}

/** Reads a link message of version 1 with a link type of 64; undefined when none starts here. */
function externalTarget(block: Buffer, at: number): string | undefined {
  const flags = block[at + 1] ?? 0;
  if (block[at] !== 1 || (flags & 8) === 0 || flags > 0x1f || block[at + 2] !== 64) return undefined;
  const name = at + 3 + (flags & 4 ? 8 : 0) + (flags & 16 ? 1 : 0);
  const width = 1 << (flags & 3);
  if (width > 2 || name + width + 3 > block.length) return undefined;
  const value = name + width + block.readUIntLE(name, width);
  const end = block.indexOf(0, value + 3);
  const target = end < 0 ? "" : block.toString("utf8", value + 3, end);
  return /^[\w./\\: -]+$/.test(target) ? target : undefined;
}

const CHUNK = 1024 * 1024;
const MAX_TEXT = 16 * 1024 * 1024;
const MIN_TEXT = 24;

/** Finds JSON texts by themselves: attributes are stored in many ways, but always as they are. */
function scanTexts(scan: Scan, part: Part): boolean {
  let found = false;
  const { source } = part;
  for (let base = 0; base < source.size; base += CHUNK) {
    const chunk = source.read(base, CHUNK + 1);
    for (let at = chunk.indexOf(0x7b); at >= 0 && at < CHUNK; at = chunk.indexOf(0x7b, at + 1)) {
      const next = chunk[at + 1] ?? 0;
      if (next !== 0x22 && next !== 0x20 && next !== 0x0a && next !== 0x0d && next !== 0x09) continue;
      const end = scanText(scan, part, base + at);
      if (end < 0) continue;
      found = true;
      at = Math.max(at, end - base);
    }
  }
  return found;
}

/** Parses a JSON text that starts here; answers where it ends when it is a Keras configuration, else -1. */
function scanText(scan: Scan, part: Part, start: number): number {
  let length = 4096;
  let text = textRun(part, start, length);
  if (text.length < MIN_TEXT || !/^\{\s*"/.test(text)) return -1;
  while (text.length === length && length < MAX_TEXT) {
    length *= 4;
    text = textRun(part, start, length);
  }
  scan.budget.step(Math.ceil(text.length / 16));
  const last = text.lastIndexOf("}");
  if (last < 0) return -1;
  try {
    const { value } = parseDocument(text.slice(0, last + 1));
    if (!isKerasConfig(value)) return -1;
    scanKerasConfig(scan, part, value);
    return start + last;
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error;
    if (/"class_name"|class.{0,5}u005f/i.test(text)) return scanFragments(scan, part, text, start);
    return -1;
  }
}

/** A configuration cut or followed by other text: its objects are examined one by one. */
function scanFragments(scan: Scan, part: Part, text: string, start: number): number {
  if (/"class_name"\s*:\s*"(Lambda|__lambda__)"/.test(text)) {
    scan.report("keras-lambda", part, "A Lambda layer stands in a configuration that cannot be parsed.", {
      offset: start,
      cause: "lambda",
    });
  }
  scan.report("hdf5-malformed", part, "A Keras configuration cannot be parsed.", {
    offset: start,
    cause: "config",
  });
  return start + text.length;
}

/** The bytes from `start` on up to the first that no JSON text holds. */
function textRun(part: Part, start: number, length: number): string {
  const bytes = part.source.read(start, length);
  let end = 0;
  while (end < bytes.length) {
    const byte = bytes[end] ?? 0;
    if (byte < 9 || (byte > 13 && byte < 32)) break;
    end++;
  }
  return bytes.toString("utf8", 0, end);
}
