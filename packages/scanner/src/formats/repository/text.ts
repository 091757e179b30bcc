import type { Part, Scan } from "../../core/scan.js";
import { classify } from "../../globals/classify.js";
import { looksLikeGraphText, scanGraphText } from "../graphs/tensorflow-text.js";
import { scanTemplate } from "../jinja/jinja.js";
import { checkPython, scanPython } from "../python/python.js";
import { decodeJson } from "./json.js";
import { checkPlainTarget, checkTarget } from "./repository.js";
import { isRequirements, scanRequirements } from "./requirements.js";
import { plainTargets, yamlTargets } from "./yaml-targets.js";

/** PyYAML and ruamel tags that make Python objects. */
const YAML_TAG =
  /!!python\/(object(?:\/(?:apply|new))?|name|module)[:/]?([\w.]*)|!<tag:yaml\.org,2002:python\/[^>]+>/g;
const YAML_TEMPLATE = /^[ \t]*['"]?\w{0,64}template\w{0,64}['"]?[ \t]*:/m;

/** Names whose readers take any bytes for text: control characters in a comment, or a tag first, change nothing. */
export const TEXT_NAME: RegExp = /\.(py[wi]?|jinja2?|j2|ya?ml)$/i;

/** Text files, by their name and content. YAML may be written in UTF-16. */
export function scanText(scan: Scan, part: Part): string {
  const text = decodeJson(part.source.read(0, scan.budget.limits.textBytes));
  if (/\.py[wi]?$/i.test(part.name)) return scanPython(scan, part);
  if (/\.pth$/i.test(part.name)) return scanSitePath(scan, part, text);
  if (isRequirements(part.name)) return scanRequirements(scan, part, text);
  if (looksLikeGraphText(part.name, text)) return scanGraphText(scan, part, text);
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

/** Python's `site` runs the lines of a `.pth` file that begin with `import`. */
function scanSitePath(scan: Scan, part: Part, text: string): string {
  const lines = text.split("\n").map((line) => (/^import[ \t]/.test(line) ? line : ""));
  if (lines.some((line) => line !== "")) checkPython(scan, part, lines.join("\n"));
  return "text";
}

/** What a careful author could have written as numbers: no call, no attribute, no name with underscores. */
const NUMERIC = /^!!python\/object\/apply:eval[ \t]*\[[ \t]*(["'])([^"'\\\n]{0,500})\1[ \t]*\]/;

function isNumeric(text: string): boolean {
  const code = NUMERIC.exec(text)?.[2];
  return (
    code !== undefined && /^[\w\s.,+*/()[\]-]*$/.test(code) && !/__|[\w)\]]\s*\(|[a-zA-Z_)\]]\s*\./.test(code)
  );
}

/** A class without arguments, or the name of what a documentation's set-up names: nothing is called. */
function isHarmlessTag(tag: string, kind: string | undefined, target: string): boolean {
  if (kind === "object") return /object:[\w.]*$/.test(tag);
  if (kind !== "name" && kind !== "module") return false;
  const dot = target.lastIndexOf(".");
  const { level, origin } = classify(dot < 0 ? target : target.slice(0, dot), target.slice(dot + 1));
  return level !== "dangerous" && origin !== "python";
}

function scanYaml(scan: Scan, part: Part, text: string): string {
  for (const tag of text.matchAll(YAML_TAG)) {
    scan.budget.step(16);
    if (isHarmlessTag(tag[0], tag[1], tag[2] ?? "") || isNumeric(text.slice(tag.index, tag.index + 600)))
      continue;
    const message = `The tag ${tag[0].slice(0, 200)} makes a Python object.`;
    scan.report("yaml-object", part, message, { offset: tag.index, cause: "tag" });
  }
  for (const target of yamlTargets(text)) checkTarget(scan, part, target);
  for (const target of plainTargets(text)) checkPlainTarget(scan, part, target);
  if (YAML_TEMPLATE.test(text)) scanTemplate(scan, part, text);
  return "yaml";
}
