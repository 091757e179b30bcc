import { CountersignError } from "@countersign/evidence";

/** How much may be asked of a reader of documents. */
export interface Limits {
  /** Characters of one text. */
  characters: number;
  /** Documents of one text. */
  documents: number;
  /** How deep a value may be nested. */
  depth: number;
  /** Values in one document, with each alias counted as often as it is used. */
  values: number;
  /** Uses of aliases in one document. */
  aliases: number;
  /** Words and signs of YAML in one text: what its parser's time goes by. */
  tokens: number;
}

export const LIMITS: Limits = {
  characters: 4 * 1024 * 1024,
  documents: 10_000,
  depth: 24,
  values: 50_000,
  aliases: 100,
  tokens: 1_000_000,
};

export function tooComplex(what: string): CountersignError {
  return new CountersignError("too-complex", `${what}. Split it into several files, or write it plainly.`);
}

/**
 * Walks a value and refuses what is too deep or too large, before anything recurses into it. Aliases make YAML values that
 * are small in memory, endless when written out, or that contain themselves.
 */
export function checkSize(value: unknown, limits: Limits): void {
  let left = limits.values;
  const open: [value: unknown, depth: number][] = [[value, 0]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [at, depth] = next;
    if (depth > limits.depth) throw tooComplex(`A document is nested more than ${limits.depth} deep`);
    if (at === null || typeof at !== "object") continue;
    const members: unknown[] = Array.isArray(at) ? at : Object.values(at);
    left -= members.length;
    if (left < 0) throw tooComplex(`A document holds more than ${limits.values} values`);
    for (const member of members) open.push([member, depth + 1]);
  }
}
