import type { ModelCard } from "../../core/gathered.js";

const FRONT_MATTER = /^\ufeff?---\r?\n([\s\S]{0,65536}?)\r?\n---(?:\r?\n|$)/;
const CARD_KEY =
  /^(?:license|licence|library_name|pipeline_tag|base_model|datasets|model-index|model_name|tags|widget|inference)\s{0,4}:/m;

/** What users need to know, by the headings under which cards say it. */
const SECTIONS: readonly (readonly [string, RegExp])[] = [
  ["intended use", /\buse[sd]?\b|usage|how to|getting started|quick ?start|application/i],
  [
    "limitations and risks",
    /limitation|bias|risk|ethic|out.of.scope|safety|responsib|caveat|considerations/i,
  ],
  ["training data", /train|data ?sets?|data\b|corpus|pre-?process/i],
  ["evaluation", /evaluat|result|performance|benchmark|metric|accuracy|score/i],
];
const HEADING = /^(?:#{1,6}[ \t]+(.{1,200})|(.{1,200})\r?\n(?:={3,}|-{3,})[ \t]*)$/gm;

export interface CardContent {
  card: ModelCard;
  licences: string[];
}

/** What a model card says; undefined for a text that is no card. */
export function readCard(text: string): CardContent | undefined {
  const front = FRONT_MATTER.exec(text)?.[1];
  if (front === undefined || !CARD_KEY.test(front)) return undefined;
  const body = text.slice(text.indexOf("\n---") + 4);
  const headings = Array.from(body.matchAll(HEADING), (match) => match[1] ?? match[2] ?? "");
  const missing = SECTIONS.filter(
    ([name, pattern]) => !headings.some((heading) => pattern.test(heading)) && !declares(front, name),
  );
  return { card: { missing: missing.map(([name]) => name) }, licences: writtenLicences(front) };
}

/** Front matter says some of it too. */
function declares(front: string, section: string): boolean {
  if (section === "training data") return /^datasets\s{0,4}:/m.test(front);
  return section === "evaluation" && /^model-index\s{0,4}:/m.test(front);
}

function writtenLicences(front: string): string[] {
  const lines = front.split(/\r?\n/);
  const found: string[] = [];
  for (const [index, line] of lines.entries()) {
    const match = /^(licen[cs]e(?:_name)?)\s{0,4}:\s{0,4}(.{0,200})$/.exec(line);
    if (!match) continue;
    const value = unquote(match[2] ?? "");
    if (value.startsWith("[")) found.push(...value.replace(/[[\]]/g, "").split(",").map(unquote));
    else if (value !== "") found.push(value);
    else found.push(...listBelow(lines, index + 1));
  }
  return found;
}

function listBelow(lines: readonly string[], from: number): string[] {
  const found: string[] = [];
  for (const line of lines.slice(from)) {
    const item = /^\s*-\s+(.{1,200})$/.exec(line)?.[1];
    if (item === undefined) return found;
    found.push(unquote(item));
  }
  return found;
}

function unquote(text: string): string {
  return text
    .replace(/\s+#.*$/, "")
    .trim()
    .replace(/^(["'])(.*)\1$/, "$2");
}
