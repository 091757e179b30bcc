import { examineWeights } from "../../content/weights/examine.js";
import type { Part, Scan } from "../../core/scan.js";
import { inside } from "../../core/scan.js";
import { indexOf, type Source, slice } from "../../core/source.js";
import { carve, probe, scanPickle } from "../../pickle/streams.js";
import { type NpyHeader, npyBytes, npyEnd, parseNpyHeader, readNpyHeader } from "./npy-header.js";

/** Numbers, dates and text, of which numpy makes no objects. */
const PLAIN = /^['"][|<>=]?[?biufcmMSaUV]\d*(\[\w+\])?['"]$/;
const TEXT = String.raw`(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")`;
const NAME = String.raw`(?:${TEXT}|\(${TEXT},${TEXT}\))`;
const CODE = String.raw`['"][|<>=]?(?:[?biufcmMSaUV]\d*(?:\[\w+\])?|(?:u?int|float|complex|bool)\d*)['"]`;
/** One field of a record, `(name, code)` or `(name, code, shape)`, and the record that fields make. */
const FIELD = new RegExp(String.raw`\(${NAME},${CODE}(?:,(?:\([\d,]*\)|\d+))?,?\)`, "g");
const RECORD = /\[#(?:,#)*,?\]/g;
const WHOLE_CODE = new RegExp(`^${CODE}$`);
const MAX_NESTING = 16;

const MARK = Buffer.from("\x93NUMPY", "latin1");

/** NumPy's array files, of which `np.save` and Equinox write one after another into an open file. */
export function scanNpy(scan: Scan, part: Part): string {
  const { source } = part;
  let at = 0;
  for (let count = 0; ; count++) {
    scan.budget.step(64);
    const rest = at === 0 ? source : slice(source, at, source.size - at);
    const end = at + endOfArray(rest);
    const another = end > at && source.read(end, MARK.length).equals(MARK);
    const piece = another ? slice(source, at, end - at) : rest;
    const array = count === 0 ? { ...part, source: piece } : inside(part, `array ${count}`, piece);
    scanArray(scan, array);
    if (!another) return "npy";
    at = end;
  }
}

function endOfArray(source: Source): number {
  const end = npyEnd(source);
  if (end !== undefined || indexOf(source, MARK, MARK.length) < 0) return end ?? source.size;
  const header = readNpyHeader(source);
  const pickle = typeof header === "string" ? undefined : probe(source, header.start);
  return pickle?.wellFormed ? pickle.end : source.size;
}

/** A header in Python's notation, then raw elements or, for objects, a pickle. */
function scanArray(scan: Scan, part: Part): string {
  const header = readNpyHeader(part.source);
  if (typeof header === "string") return malformed(scan, part, header);
  const { text, start } = header;
  const array = parseNpyHeader(text);
  if (!array) {
    const found = probe(part.source, start);
    const marked = part.source.read(start, 1)[0] === 0x80;
    if (found.called || (found.dangerous && marked)) scanObjects(scan, part, start);
    return malformed(scan, part, "the header is not what numpy writes");
  }
  const objects = /['"][|<>=]?O\d*['"]/.test(array.descr) && !holdsNumbers(array.descr);
  if (objects) scanObjects(scan, part, start);
  else scanNumbers(scan, part, start, array);
  return "npy";
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

/** Whether every code of the type is one of numbers, dates or text; `'\\x4f'` is Python for `'O'`. */
function holdsNumbers(descr: string): boolean {
  let text = descr.replace(/\s/g, "");
  for (let depth = 0; depth < MAX_NESTING && !WHOLE_CODE.test(text); depth++) {
    text = text.replace(FIELD, "#").replace(RECORD, "'V'");
  }
  return WHOLE_CODE.test(text);
}

function isMarked(source: Source, start: number): boolean {
  const [mark, version = 255] = source.read(start, 2);
  return mark === 0x80 && version <= 5;
}

function scanNumbers(scan: Scan, part: Part, start: number, array: NpyHeader): void {
  const { descr } = array;
  const found = probe(part.source, start);
  // numpy takes more than one spelling for objects (`object`, `O8`), and reads a pickle for each.
  const marked = isMarked(part.source, start);
  const objects = !holdsNumbers(descr) && (found.acceptable || found.dangerous || found.calls || marked);
  if (objects || (found.called && !PLAIN.test(descr))) scanObjects(scan, part, start);
  else if (found.dangerous) {
    scan.report("hidden-pickle", part, `The array's elements are a pickle. ${found.message}`, {
      offset: start,
      cause: "hidden",
    });
  }
  // Arrays hold NaN where data is missing, so only programs are looked for.
  const { name, source } = part;
  examineWeights(scan, part, [{ name, type: "other", source, offset: start, length: source.size - start }]);
  const size = npyBytes(array);
  if (size === undefined) return;
  const end = start + size;
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
