import type { Source } from "../../core/source.js";

const HEADER =
  /^\{\s*('descr':\s*(?<descr>.+?),\s*'fortran_order':\s*(True|False),\s*'shape':\s*\((?<shape>[\d,\sL]*)\),?)\s*\}\s*$/s;
const MAX_HEADER = 256 * 1024;
const NUMBERS = /^['"][|<>=]?[biufcmM](\d+)/;

export interface NpyHeader {
  descr: string;
  shape: string;
}

/** The header's text and where the elements start, or what is wrong. */
export function readNpyHeader(source: Source): { text: string; start: number } | string {
  const head = source.read(0, 12);
  const major = head[6] ?? 0;
  const before = major >= 2 ? 12 : 10;
  if (major < 1 || major > 3 || head.length < before) return `version ${major} is unknown`;
  const length = major >= 2 ? head.readUInt32LE(8) : head.readUInt16LE(8);
  const start = before + length;
  if (length > MAX_HEADER || start > source.size) return "the header is longer than the file";
  return { text: source.read(before, length).toString(major === 3 ? "utf8" : "latin1"), start };
}

/** What numpy writes, and nothing else that Python would read as the same. */
export function parseNpyHeader(text: string): NpyHeader | undefined {
  const { descr = "", shape = "" } = HEADER.exec(text)?.groups ?? {};
  return descr === "" || !isLiteral(descr) ? undefined : { descr, shape };
}

/** Texts, numbers and brackets: readers that evaluate the header would run anything else. */
function isLiteral(descr: string): boolean {
  const bare = descr.replace(/[ubUB]?(?:'[^']*'|"[^"]*")/g, "");
  return /^(?:[\s\d()[\]{},:+-]|None|True|False)*$/.test(bare);
}

/** Bytes of the elements of an array of plain numbers. */
export function npyBytes({ descr, shape }: NpyHeader): number | undefined {
  const size = NUMBERS.exec(descr)?.[1];
  return size === undefined ? undefined : elements(shape) * Number(size);
}

function elements(shape: string): number {
  return shape
    .split(",")
    .map((text) => text.replace("L", "").trim())
    .filter((text) => text !== "")
    .reduce((product, text) => product * Number(text), 1);
}

/** Where the array ends by its header, also one of text or of records. */
export function npyEnd(source: Source): number | undefined {
  const header = readNpyHeader(source);
  const parsed = typeof header === "string" ? undefined : parseNpyHeader(header.text);
  const element = parsed && elementBytes(parsed.descr);
  if (typeof header === "string" || !parsed || !element) return undefined;
  return header.start + elements(parsed.shape) * element;
}

const CODES = /['"][|<>=]?([?biufcmMSaUV])(\d*)(?:\[\w+\])?['"](?:,\s*(?:\(([\d,\s]*)\)|(\d+)))?/g;

/** Of a record, the sum over its fields; padding stands there as fields without a name. */
function elementBytes(descr: string): number {
  let sum = 0;
  const codes = descr.startsWith("[") ? descr.replace(FIELD_NAME, "(") : descr;
  for (const [, kind, width, shape, length] of codes.matchAll(CODES)) {
    const bytes = kind === "?" ? 1 : Number(width) * (kind === "U" ? 4 : 1);
    sum += bytes * elements(shape ?? length ?? "");
  }
  return sum;
}

const FIELD_NAME = /\(\s*(?:'[^'\\]*'|"[^"\\]*")\s*,\s*/g;
