import type { Part, Scan } from "../core/scan.js";
import { scanTemplate } from "./jinja.js";
import { decodeJson } from "./json.js";
import { scanPython } from "./python.js";
import { checkPlainTarget, checkTarget } from "./repository.js";
import { plainTargets, yamlTargets } from "./yaml-targets.js";

/** PyYAML and ruamel tags that make Python objects. */
const YAML_TAG =
  /!!python\/(object(?:\/(?:apply|new))?|name|module)[:/]?([\w.]*)|!<tag:yaml\.org,2002:python\/[^>]+>/;
const YAML_TEMPLATE = /^[ \t]*['"]?\w{0,64}template\w{0,64}['"]?[ \t]*:/m;

/** Names whose readers take any bytes for text: control characters in a comment, or a tag first, change nothing. */
export const TEXT_NAME: RegExp = /\.(py[wi]?|jinja2?|j2|ya?ml)$/i;

/** Text files, by their name and content. YAML may be written in UTF-16. */
export function scanText(scan: Scan, part: Part): string {
  const text = decodeJson(part.source.read(0, scan.budget.limits.textBytes));
  if (/\.py[wi]?$/i.test(part.name)) return scanPython(scan, part);
  if (/\.(jinja2?|j2)$/i.test(part.name)) {
    scanTemplate(scan, part, text);
    return "jinja";
  }
  if (
    /\.(ya?ml|nemo|cfg|conf)$/i.test(part.name) ||
    text.includes("!!python/") ||
    /_target_|target\\x5f|\\x5ftarget/i.test(text)
  ) {
    return scanYaml(scan, part, text);
  }
  return "text";
}

function scanYaml(scan: Scan, part: Part, text: string): string {
  const tag = YAML_TAG.exec(text);
  if (tag) {
    const harmless =
      /python\/(name|module)/.test(tag[0]) === false && /object:[\w.]*$/.test(tag[0]) && tag[1] === "object";
    if (!harmless)
      scan.report("yaml-object", part, `The tag ${tag[0]} makes a Python object.`, { offset: tag.index });
  }
  for (const target of yamlTargets(text)) checkTarget(scan, part, target);
  for (const target of plainTargets(text)) checkPlainTarget(scan, part, target);
  if (YAML_TEMPLATE.test(text)) scanTemplate(scan, part, text);
  return "yaml";
}
