import type { Source } from "../../core/source.js";

/** What a JSON text that is too large to parse turned out to be. */
export type LargeJson =
  /** More than one value: lines of records, which no loader takes for a configuration. */
  | "lines"
  /** One value without a key that a loader acts on. */
  | "data"
  /** A key that a loader may act on, or one that cannot be told from it. */
  | "acts";

const CHUNK = 1024 * 1024;
const MAX_KEY = 4_096;
const QUOTE = 0x22;
const ESCAPE = 0x5c;
const COLON = 0x3a;
const OPENS = new Set([0x7b, 0x5b]);
const CLOSES = new Set([0x7d, 0x5d]);
const SPACES = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Keys that make a parsed document more than data, wherever they stand (`walkConfig`). */
const ACTING =
  /template|jinja|^auto_map(ping)?$|^custom_pipelines$|^_target_?$|^__target__$|^__loader__$|^(class_path|loader_module|megatron_core|_diffusers_version)$|^_?(attn|experts)_implementation/i;
/** Keys that make the whole document a Keras configuration. */
const ROOT = /^(class_name|keras_version)$/;

/**
 * Reads every key of a JSON text of any size, in bounded memory. Data sets come as JSON of many gigabytes; a configuration
 * that hides behind its size must not pass for one, so whatever could be its key says `acts`.
 */
export function readLargeJson(source: Source): LargeJson {
  const keys = new Keys();
  for (let at = 0; at < source.size; at += CHUNK) {
    if (keys.push(source.read(at, CHUNK))) return "lines";
  }
  return keys.acting ? "acts" : "data";
}

class Keys {
  acting = false;
  #depth = 0;
  #ended = false;
  #quoted = false;
  #escaped = false;
  /** Bytes of the string that is being read, or of the last one until something follows it. */
  #text: number[] | undefined;
  #long = false;

  /** True once a second value begins: the first one was not the document. */
  push(chunk: Buffer): boolean {
    for (const byte of chunk) {
      if (this.#quoted) this.#inside(byte);
      else if (!SPACES.has(byte)) {
        if (this.#ended) return true;
        this.#outside(byte);
      }
    }
    return false;
  }

  #inside(byte: number): void {
    if (byte === QUOTE && !this.#escaped) {
      this.#quoted = false;
      return;
    }
    this.#escaped = byte === ESCAPE && !this.#escaped;
    if (this.#text !== undefined && this.#text.length < MAX_KEY) this.#text.push(byte);
    else this.#long = true;
  }

  #outside(byte: number): void {
    if (byte === COLON) {
      this.acting ||= this.#isActing();
      return;
    }
    this.#text = undefined;
    if (byte === QUOTE) {
      this.#text = [];
      this.#quoted = true;
      this.#escaped = false;
      this.#long = false;
    } else if (OPENS.has(byte)) this.#depth++;
    else if (CLOSES.has(byte) && --this.#depth <= 0) this.#ended = true;
  }

  #isActing(): boolean {
    if (this.#text === undefined) return false;
    const key = decoded(Buffer.from(this.#text).toString("utf8"));
    return this.#long || key === undefined || ACTING.test(key) || (this.#depth === 1 && ROOT.test(key));
  }
}

/** A key may be written with escapes; one that does not decode could be any. */
function decoded(raw: string): string | undefined {
  if (!raw.includes("\\")) return raw;
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return undefined;
  }
}
