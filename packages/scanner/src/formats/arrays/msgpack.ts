import { inside, type Part, type Scan } from "../../core/scan.js";
import { type Source, slice } from "../../core/source.js";
import { scanPickle } from "../../pickle/streams.js";

class BadMsgpack extends Error {}

const MAX_DEPTH = 64;
const MAX_KEY = 256;

/** A value as far as the walk needs it: text, or where bytes lie. */
type Value = { text: string; at: number; length: number } | undefined;

/** MessagePack (Flax, msgpack-numpy): bounds of every value, and the pickles that msgpack-numpy makes of object arrays. */
export function scanMsgpack(scan: Scan, part: Part): string {
  const reader = new Reader(scan, part);
  try {
    while (reader.at < part.source.size) reader.value(0);
  } catch (error) {
    if (!(error instanceof BadMsgpack)) throw error;
    scan.report("msgpack-malformed", part, `The file is malformed: ${error.message}.`, {
      offset: reader.at,
      cause: "msgpack",
    });
  }
  return "msgpack";
}

class Reader {
  at = 0;
  readonly #scan: Scan;
  readonly #part: Part;
  readonly #source: Source;

  constructor(scan: Scan, part: Part) {
    this.#scan = scan;
    this.#part = part;
    this.#source = part.source;
  }

  value(depth: number): Value {
    this.#scan.budget.step(4);
    if (depth > MAX_DEPTH) throw new BadMsgpack("values are nested too deep");
    const type = this.#uint(1);
    if (type < 0x80 || type >= 0xe0) return undefined;
    if (type < 0x90) return this.#map(type & 0x0f, depth);
    if (type < 0xa0) return this.#array(type & 0x0f, depth);
    if (type < 0xc0) return this.#bytes(type & 0x1f);
    return this.#sized(type, depth);
  }

  /** Types whose first byte says how wide their length is. */
  #sized(type: number, depth: number): Value {
    const [first, form] = FORMS.findLast(([from]) => type >= from) ?? [type, "fixed"];
    if (form === "bytes") return this.#bytes(this.#uint(2 ** (type - first)));
    if (form === "extension") return this.#skip(this.#uint(2 ** (type - first)) + 1);
    if (form === "fixed extension") return this.#skip(2 ** (type - first) + 1);
    if (form === "array") return this.#array(this.#uint(2 * 2 ** (type - first)), depth);
    if (form === "map") return this.#map(this.#uint(2 * 2 ** (type - first)), depth);
    const width = WIDTHS[type];
    if (width === undefined) throw new BadMsgpack(`the type ${type} is unknown`);
    return this.#skip(width);
  }

  #array(count: number, depth: number): undefined {
    for (let i = 0; i < count; i++) this.value(depth + 1);
  }

  #map(count: number, depth: number): undefined {
    const fields = new Map<string, Value>();
    for (let i = 0; i < count; i++) {
      const key = this.value(depth + 1);
      const value = this.value(depth + 1);
      if (key !== undefined && fields.size < 16) fields.set(key.text, value);
    }
    this.#checkArray(fields);
  }

  /** msgpack-numpy unpickles the data of an array whose type is `O`. */
  #checkArray(fields: Map<string, Value>): void {
    const data = fields.get("data");
    const objects = /^\|?O/.test(fields.get("type")?.text ?? "") || fields.get("kind")?.text === "O";
    if (!fields.has("nd") || !objects || data === undefined) return;
    scanPickle(this.#scan, inside(this.#part, `@${data.at}`, slice(this.#source, data.at, data.length)));
  }

  #bytes(length: number): Value {
    const at = this.at;
    this.#skip(length);
    const text = this.#source.read(at, Math.min(length, MAX_KEY)).toString("latin1");
    return { text, at, length };
  }

  #uint(width: number): number {
    const bytes = this.#source.read(this.at, width);
    if (bytes.length < width) throw new BadMsgpack("it ends inside a value");
    this.at += width;
    return bytes.readUIntBE(0, width);
  }

  #skip(length: number): undefined {
    if (this.at + length > this.#source.size) throw new BadMsgpack("a value is longer than the file");
    this.at += length;
  }
}

/** From which first byte on a form begins. */
const FORMS = [
  [0xc0, "fixed"],
  [0xc4, "bytes"],
  [0xc7, "extension"],
  [0xca, "fixed"],
  [0xd4, "fixed extension"],
  [0xd9, "bytes"],
  [0xdc, "array"],
  [0xde, "map"],
] as const;

/** nil, booleans, floats and integers. */
const WIDTHS: Record<number, number> = {
  192: 0,
  194: 0,
  195: 0,
  202: 4,
  203: 8,
  204: 1,
  205: 2,
  206: 4,
  207: 8,
  208: 1,
  209: 2,
  210: 4,
  211: 8,
};
