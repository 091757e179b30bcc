/**
 * Patterns as shells write them, for paths with `/`: `*` and `?` inside a name, `[a-z]`, and `**` for any number of directories. Not by
 * regular expressions: a pattern with many stars must not be slow on a long name.
 */

/** Whether a text is a pattern and not a name. */
export const isPattern = (text: string): boolean => /[*?[]/.test(text);

/** Splits `models/v*\/x.pkl` into the directory without wildcards and the pattern below it. */
export function splitPattern(pattern: string): { base: string; below: string } {
  const parts = pattern.split("/");
  const first = parts.findIndex(isPattern);
  const at = first < 0 ? parts.length - 1 : first;
  const base = parts.slice(0, at).join("/");
  return {
    base: base === "" ? (pattern.startsWith("/") ? "/" : ".") : base,
    below: parts.slice(at).join("/"),
  };
}

/** Whether the pattern fits the whole path. */
export function matchesPath(pattern: string, path: string): boolean {
  return matchParts(pattern.split("/"), path.split("/"));
}

/**
 * Whether an exclusion fits: a pattern with a `/` fits the path from its start, one without fits any name in it, and what fits a directory
 * fits everything below.
 */
export function excludes(pattern: string, path: string): boolean {
  const wanted = pattern.replace(/^\.\//, "").replace(/\/+$/, "");
  const parts = path.split("/");
  if (!wanted.includes("/")) return parts.some((part) => matchName(wanted, part));
  const pieces = wanted.split("/");
  return parts.some((_, at) => matchParts(pieces, parts.slice(0, at + 1)));
}

/** The usual walk with one point to come back to: the last `**`. */
function matchParts(pattern: readonly string[], parts: readonly string[]): boolean {
  let [p, s, star, from] = [0, 0, -1, 0];
  while (s < parts.length) {
    if (pattern[p] === "**") {
      [star, from] = [p++, s];
    } else if (p < pattern.length && matchName(pattern[p] ?? "", parts[s] ?? "")) {
      p++;
      s++;
    } else if (star >= 0) {
      [p, s] = [star + 1, ++from];
    } else return false;
  }
  while (pattern[p] === "**") p++;
  return p === pattern.length;
}

function matchName(pattern: string, name: string): boolean {
  const tokens = tokenise(pattern);
  const characters = [...name];
  let [p, s, star, from] = [0, 0, -1, 0];
  while (s < characters.length) {
    const token = tokens[p];
    if (token === "*") {
      [star, from] = [p++, s];
    } else if (token !== undefined && fits(token, characters[s] ?? "")) {
      p++;
      s++;
    } else if (star >= 0) {
      [p, s] = [star + 1, ++from];
    } else return false;
  }
  while (tokens[p] === "*") p++;
  return p === tokens.length;
}

interface Class {
  negated: boolean;
  ranges: [low: string, high: string][];
}
type Token = "*" | "?" | Class | { literal: string };

function tokenise(pattern: string): Token[] {
  const characters = [...pattern];
  const tokens: Token[] = [];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? "";
    const end = character === "[" ? characters.indexOf("]", at + 2) : -1;
    if (character === "*" || character === "?") tokens.push(character);
    else if (end > 0) {
      tokens.push(readClass(characters.slice(at + 1, end)));
      at = end;
    } else tokens.push({ literal: character });
  }
  return tokens;
}

function readClass(characters: readonly string[]): Class {
  const negated = characters[0] === "!" || characters[0] === "^";
  const inner = negated ? characters.slice(1) : characters;
  const ranges: Class["ranges"] = [];
  for (let at = 0; at < inner.length; at++) {
    const low = inner[at] ?? "";
    const isRange = inner[at + 1] === "-" && at + 2 < inner.length;
    ranges.push([low, isRange ? (inner[at + 2] ?? low) : low]);
    if (isRange) at += 2;
  }
  return { negated, ranges };
}

function fits(token: Token, character: string): boolean {
  if (token === "?" || token === "*") return true;
  if ("literal" in token) return token.literal === character;
  return token.ranges.some(([low, high]) => low <= character && character <= high) !== token.negated;
}
