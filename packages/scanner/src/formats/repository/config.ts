import type { Part, Scan } from "../../core/scan.js";
import { scanTemplate } from "../jinja/jinja.js";
import { checkKerasObject, isKerasConfig, isKerasObject, scanKerasConfig } from "../keras/keras.js";
import { scanDocument } from "./documents.js";
import {
  decodeJson,
  isObject,
  type JsonDocument,
  type JsonObject,
  JsonProblem,
  JsonTooDeep,
  parseDocument,
} from "./json.js";
import { readLargeJson } from "./json-keys.js";
import { checkRepositoryObject } from "./repository.js";
import { scanText } from "./text.js";

/** JSON beside or inside a model: Keras and Hugging Face configurations, tokenizers, templates. */
export function scanJson(scan: Scan, part: Part): string {
  const { textBytes } = scan.budget.limits;
  if (part.source.size > textBytes) return scanLargeJson(scan, part);
  let document: JsonDocument;
  try {
    document = parseDocument(decodeJson(part.source.read(0, textBytes)));
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error;
    if (error instanceof JsonTooDeep) {
      scan.report("limit-reached", part, "The text is nested deeper than is read.", { cause: "depth" });
    }
    return scanText(scan, part);
  }
  for (const value of document.shadowed) scanValue(scan, part, value);
  return scanValue(scan, part, document.value);
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
  value: object;
  /** Stands under a key that names templates. */
  template: boolean;
}

function walkConfig(scan: Scan, part: Part, root: unknown): void {
  const queue: Item[] = [];
  const add = (value: unknown, template: boolean): void => {
    if (typeof value === "object" && value !== null) queue.push({ value, template });
    else if (typeof value === "string" && template) scanTemplate(scan, part, value);
  };
  add(root, false);
  for (let item = queue.pop(); item !== undefined; item = queue.pop()) {
    const { value, template } = item;
    scan.budget.step(8);
    if (isObject(value)) checkObject(scan, part, value);
    for (const [name, child] of Object.entries(value)) add(child, template || isTemplateKey(name));
  }
}

function isTemplateKey(key: string): boolean {
  return /template|jinja/i.test(key);
}

function checkObject(scan: Scan, part: Part, object: JsonObject): void {
  checkRepositoryObject(scan, part, object);
  if (isKerasObject(object)) checkKerasObject(scan, part, object);
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
