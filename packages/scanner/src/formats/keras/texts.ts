import type { Part, Scan } from "../../core/scan.js";
import { isObject, type JsonObject, JsonProblem, parsePrefix } from "../repository/json.js";
import { scanKerasConfig } from "./keras.js";

const CHUNK = 1024 * 1024;
const MIN_TEXT = 24;
const BRACE = 0x7b;
const CLASS_NAME = /"class_name"|class.{0,5}u005f/i;

/**
 * Finds Keras' configurations among other bytes: HDF5 attributes and SavedModels store them in many ways, but always as
 * they are. Answers whether there was one.
 */
export function scanEmbeddedConfigs(scan: Scan, part: Part): boolean {
  let found = false;
  const { source } = part;
  for (let base = 0; base < source.size; base += CHUNK) {
    const chunk = source.read(base, CHUNK + 1);
    for (let at = chunk.indexOf(BRACE); at >= 0 && at < CHUNK; at = chunk.indexOf(BRACE, at + 1)) {
      if (!opensObject(chunk[at + 1] ?? 0)) continue;
      const end = scanText(scan, part, base + at);
      if (end < 0) continue;
      found = true;
      at = Math.max(at, end - base - 1);
    }
  }
  return found;
}

function opensObject(next: number): boolean {
  return next === 0x22 || next === 0x20 || (next >= 0x09 && next <= 0x0d);
}

/** Reads a JSON text that starts here; answers where it ends when it holds serialised objects, else -1. */
function scanText(scan: Scan, part: Part, start: number): number {
  const limit = scan.budget.limits.textBytes;
  let length = 4096;
  let run = textRun(part, start, length);
  if (run.length < MIN_TEXT || !/^\{\s*"/.test(run.toString("latin1", 0, 64))) return -1;
  while (run.length === length && length < limit) {
    length = Math.min(limit, length * 4);
    run = textRun(part, start, length);
  }
  scan.budget.step(Math.ceil(run.length / 16));
  const text = run.toString("utf8");
  try {
    const { value, shadowed, end } = parsePrefix(text, 0);
    const values = [value, ...shadowed];
    if (!values.some(holdsObjects)) return -1;
    for (const one of values) scanKerasConfig(scan, part, one);
    return start + Buffer.byteLength(text.slice(0, end));
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error;
    if (!CLASS_NAME.test(text)) return -1;
    scanFragment(scan, part, text, start);
    return start + run.length;
  }
}

/** Whether some object is one of a class with a configuration. */
function holdsObjects(root: unknown): boolean {
  const queue: unknown[] = [root];
  for (let value = queue.pop(); value !== undefined; value = queue.pop()) {
    if (typeof value !== "object" || value === null) continue;
    if (isObject(value) && isSerialized(value)) return true;
    for (const item of Object.values(value)) if (typeof item === "object") queue.push(item);
  }
  return false;
}

function isSerialized(object: JsonObject): boolean {
  return typeof object.class_name === "string" && "config" in object;
}

/** A configuration that is cut: what can be told without its structure. */
function scanFragment(scan: Scan, part: Part, text: string, offset: number): void {
  if (/"class_name"\s*:\s*"(Lambda|__lambda__)"/.test(text)) {
    const message = "A Lambda layer stands in a configuration that cannot be parsed.";
    scan.report("keras-lambda", part, message, { offset, cause: "lambda" });
  }
  const message = "A Keras configuration cannot be parsed.";
  scan.report("keras-config-malformed", part, message, { offset, cause: "config" });
}

/** The bytes from `start` on up to the first that no JSON text holds. */
function textRun(part: Part, start: number, length: number): Buffer {
  const bytes = part.source.read(start, length);
  let end = 0;
  while (end < bytes.length) {
    const byte = bytes[end] ?? 0;
    if (byte < 9 || (byte > 13 && byte < 32)) break;
    end++;
  }
  return bytes.subarray(0, end);
}
