import { examineWeights } from "../../content/weights/examine.js";
import type { Part, Scan } from "../../core/scan.js";
import { inside } from "../../core/scan.js";
import { type Source, slice } from "../../core/source.js";
import { carve, probe, scanPickle } from "../../pickle/streams.js";

const HEADER =
  /^\{\s*('descr':\s*(?<descr>.+?),\s*'fortran_order':\s*(True|False),\s*'shape':\s*\((?<shape>[\d,\sL]*)\),?)\s*\}\s*$/s;
/** Numbers, dates and text, of which numpy makes no objects. */
const PLAIN = /^['"][|<>=]?[?biufcmMSaUV]\d*(\[\w+\])?['"]$/;
const MAX_HEADER = 256 * 1024;

/** A NumPy array file: a header in Python's notation, then raw elements or, for objects, a pickle. */
export function scanNpy(scan: Scan, part: Part): string {
  const header = readHeader(part.source);
  if (typeof header === "string") return malformed(scan, part, header);
  const { text, start } = header;
  const match = HEADER.exec(text);
  if (!match?.groups) {
    const found = probe(part.source, start);
    const marked = part.source.read(start, 1)[0] === 0x80;
    if (found.called || (found.dangerous && marked)) scanObjects(scan, part, start);
    return malformed(scan, part, "the header is not what numpy writes");
  }
  const { descr = "", shape = "" } = match.groups;
  if (/['"][|<>=]?O\d*['"]/.test(descr)) scanObjects(scan, part, start);
  else scanNumbers(scan, part, start, descr, shape);
  return "npy";
}

/** The header's text and where the elements start, or what is wrong. */
function readHeader(source: Source): { text: string; start: number } | string {
  const head = source.read(0, 12);
  const major = head[6] ?? 0;
  const before = major >= 2 ? 12 : 10;
  if (major < 1 || major > 3 || head.length < before) return `version ${major} is unknown`;
  const length = major >= 2 ? head.readUInt32LE(8) : head.readUInt16LE(8);
  const start = before + length;
  if (length > MAX_HEADER || start > source.size) return "the header is longer than the file";
  return { text: source.read(before, length).toString(major === 3 ? "utf8" : "latin1"), start };
}

function malformed(scan: Scan, part: Part, why: string): string {
  scan.report("numpy-malformed", part, `The array file is malformed: ${why}.`, { cause: "malformed" });
  carve(scan, part, 0, part.source.size);
  return "npy";
}

function scanObjects(scan: Scan, part: Part, start: number): void {
  scan.report("numpy-object", part, "The array holds Python objects in a pickle.", { offset: start });
  const content = slice(part.source, start, part.source.size - start);
  const pickle = inside(part, "objects", content);
  scan.guard(pickle, () => scanPickle(scan, pickle));
}

function scanNumbers(scan: Scan, part: Part, start: number, descr: string, shape: string): void {
  const found = probe(part.source, start);
  // numpy takes more than one spelling for objects (`object`, `O8`), and reads a pickle for each.
  if (found.called && !PLAIN.test(descr)) scanObjects(scan, part, start);
  else if (found.dangerous) {
    scan.report("hidden-pickle", part, `The array's elements are a pickle. ${found.message}`, {
      offset: start,
      cause: "hidden",
    });
  }
  // Arrays hold NaN where data is missing, so only programs are looked for.
  const { name, source } = part;
  examineWeights(scan, part, [{ name, type: "other", source, offset: start, length: source.size - start }]);
  const size = /^['"][|<>=]?[biufcmM](\d+)/.exec(descr)?.[1];
  if (size === undefined) return;
  const count = shape
    .split(",")
    .map((text) => text.replace("L", "").trim())
    .filter((text) => text !== "")
    .reduce((product, text) => product * Number(text), 1);
  const end = start + count * Number(size);
  if (end < part.source.size) {
    scan.report("trailing-data", part, `${part.source.size - end} bytes follow the array.`, { offset: end });
    carve(scan, part, end, part.source.size);
  } else if (end > part.source.size) {
    scan.report("numpy-malformed", part, "The array is longer than the file.", {
      offset: start,
      cause: "short",
    });
  }
}
