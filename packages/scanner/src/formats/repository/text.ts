import type { Part, Scan } from "../../core/scan.js";
import { looksLikeGraphText, scanGraphText } from "../graphs/tensorflow-text.js";
import { scanTemplate } from "../jinja/jinja.js";
import { checkPython, scanPython } from "../python/python.js";
import { decodeJson } from "./json.js";
import { checkPlainTarget, checkTarget } from "./repository.js";
import { isRequirements, scanRequirements } from "./requirements.js";
import { isHarmlessTag } from "./yaml-calls.js";
import { pythonTags } from "./yaml-tags.js";
import { plainTargets, yamlTargets } from "./yaml-targets.js";

const YAML_TEMPLATE = /^[ \t]*['"]?\w{0,64}template\w{0,64}['"]?[ \t]*:/m;

/** Names whose readers take any bytes for text: control characters in a comment, or a tag first, change nothing. */
export const TEXT_NAME: RegExp = /\.(py[wi]?|jinja2?|j2|ya?ml)$/i;

/** Text files, by their name and content. YAML may be written in UTF-16. */
export function scanText(scan: Scan, part: Part): string {
  const { textBytes } = scan.budget.limits;
  const text = decodeJson(part.source.read(0, textBytes));
  const format = scanDecoded(scan, part, text);
  const read = format !== "text" || /\.pth$/i.test(part.name);
  if (read && part.source.size > textBytes) scan.reportLimit(part, "textBytes");
  return format;
}

function scanDecoded(scan: Scan, part: Part, text: string): string {
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
    makesPython(text) ||
    /_target_|target\\x5f|\\x5ftarget/i.test(text)
  ) {
    return scanYaml(scan, part, text);
  }
  return "text";
}

/** Where `str.splitlines` ends a line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these control characters end lines too.
const LINE_END = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/;

/** Python's `site` runs the lines of a `.pth` file that begin with `import`. */
function scanSitePath(scan: Scan, part: Part, text: string): string {
  // From 3.13 on a mark of UTF-8 goes first.
  const plain = text.startsWith("\ufeff") ? text.slice(1) : text;
  const lines = plain.split(LINE_END).map((line) => (/^import[ \t]/.test(line) ? line : ""));
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

function makesPython(text: string): boolean {
  return !pythonTags(text).next().done;
}

function scanYaml(scan: Scan, part: Part, text: string): string {
  for (const tag of pythonTags(text)) {
    scan.budget.step(16);
    const from = text.slice(tag.at, tag.at + 600);
    if (isHarmlessTag(tag, from.slice(tag.written.length)) || isNumeric(from)) continue;
    const message = `The tag ${tag.written.slice(0, 200)} makes a Python object.`;
    scan.report("yaml-object", part, message, { offset: tag.at, cause: "tag" });
  }
  for (const { target, path } of yamlTargets(text)) checkTarget(scan, part, target, path);
  for (const target of plainTargets(text)) checkPlainTarget(scan, part, target);
  if (YAML_TEMPLATE.test(text)) scanTemplate(scan, part, text);
  return "yaml";
}
