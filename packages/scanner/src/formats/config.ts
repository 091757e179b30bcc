import type { Part, Scan } from "../core/scan.js";
import { classify } from "../globals/classify.js";
import { scanDocument } from "./documents.js";
import { scanTemplate } from "./jinja.js";
import { isObject, type JsonObject, JsonProblem, parseDocument } from "./json.js";
import { readLargeJson } from "./json-keys.js";
import { isKerasConfig, scanKerasConfig } from "./keras.js";

const MAX_NODES = 500_000;

/** JSON beside or inside a model: Keras and Hugging Face configurations, tokenizers, templates. */
export function scanJson(scan: Scan, part: Part): string {
  const { textBytes } = scan.budget.limits;
  if (part.source.size > textBytes) return scanLargeJson(scan, part);
  const text = part.source.read(0, textBytes).toString("utf8");
  let value: unknown;
  try {
    value = parseDocument(text).value;
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error;
    return "text";
  }
  return scanValue(scan, part, value);
}

/** Walks a parsed configuration and answers what kind it is. */
function scanValue(scan: Scan, part: Part, value: unknown): string {
  const keras = isKerasConfig(value);
  if (keras) scanKerasConfig(scan, part, value);
  walkConfig(scan, part, value);
  const named = scanDocument(scan, part, value);
  return keras ? "keras-config" : (named ?? "json");
}

interface Item {
  value: unknown;
  key: string;
}

function walkConfig(scan: Scan, part: Part, root: unknown): void {
  const queue: Item[] = [{ value: root, key: "" }];
  for (let count = 0; queue.length > 0 && count < MAX_NODES; count++) {
    const item = queue.pop();
    if (!item) return;
    const { value, key } = item;
    if (typeof value === "string" && isTemplateKey(key)) scanTemplate(scan, part, value);
    if (isObject(value)) checkObject(scan, part, value);
    for (const child of children(item)) queue.push(child);
  }
}

/** What to look at inside: every object, and every text under a key that names templates. */
function children({ value, key }: Item): Item[] {
  if (Array.isArray(value)) return value.map((item: unknown) => ({ value: item, key }));
  if (!isObject(value)) return [];
  return Object.entries(value).map(([name, item]) => ({ value: item, key: isTemplateKey(key) ? key : name }));
}

function isTemplateKey(key: string): boolean {
  return /template|jinja/i.test(key);
}

function checkObject(scan: Scan, part: Part, object: JsonObject): void {
  if (isObject(object.auto_map)) {
    const names = Object.values(object.auto_map).flat().filter(Boolean).join(", ");
    scan.report("config-remote-code", part, `auto_map names code to import: ${names}.`, {
      cause: "auto_map",
    });
  }
  if (isObject(object.custom_pipelines)) {
    scan.report("config-remote-code", part, "custom_pipelines names code to import.", {
      cause: "custom_pipelines",
    });
  }
  for (const key of ["_target_", "_target", "__target__"]) {
    const target = object[key];
    if (typeof target === "string") checkTarget(scan, part, target);
  }
}

/** Hydra's `_target_` (NeMo): the loader imports and calls what it names. */
export function checkTarget(scan: Scan, part: Part, target: string): void {
  const dot = target.lastIndexOf(".");
  const judged = classify(dot < 0 ? "builtins" : target.slice(0, dot), target.slice(dot + 1));
  const acts = judged.level === "dangerous" || (judged.level === "unproven" && judged.origin === "python");
  if (!acts) return;
  const message = `The configuration calls ${target}, which ${judged.reason}.`;
  scan.report("config-instantiate", part, message, { cause: target });
}

/** Too large to parse: its keys are read. Without one that acts it is data, as data sets are. */
function scanLargeJson(scan: Scan, part: Part): string {
  const found = readLargeJson(part.source);
  if (found === "acts") {
    scan.report("limit-reached", part, "The text is too large to parse.", { cause: "textBytes" });
  }
  // As below the limit, where what follows the first value keeps the text from being a document.
  return found === "lines" ? "text" : "json";
}
