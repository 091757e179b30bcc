import { ASSIGNED, type AssignedShape } from "./assigned.js";
import { curlSecret } from "./curl.js";
import { entropy, isCounting, isPlaceholder } from "./entropy.js";
import { GENERIC_WORDS, judgeValue } from "./generic.js";
import { isPublished } from "./published.js";
import type { Secret, Strength } from "./secret.js";
import { TOKENS, type TokenShape } from "./tokens.js";
import { WordFinder } from "./words.js";

const TOKENS_BY_WORD = byWord(TOKENS);
const ASSIGNED_BY_WORD = byWord(ASSIGNED);
const GENERIC = new Set(GENERIC_WORDS);
const CURL = "curl";
const FINDER = new WordFinder([...TOKENS_BY_WORD.keys(), ...ASSIGNED_BY_WORD.keys(), ...GENERIC, CURL]);

export interface FindOptions {
  /** The text is bytes of a binary format, where a letter before or after a secret is not part of it. */
  binary?: boolean;
}

/** Every secret in a text, in the order of where they begin; no two overlap. */
export function findSecrets(text: string, options: FindOptions = {}): Secret[] {
  const found: Secret[] = [];
  FINDER.find(text, ({ word, at }) => {
    const secret = secretAt(text, word, at, options.binary === true);
    if (secret) found.push(secret);
  });
  return withoutOverlaps(found);
}

const RANK: Record<Strength, number> = { sure: 0, likely: 1, possible: 2 };

function withoutOverlaps(found: Secret[]): Secret[] {
  found.sort((a, b) => RANK[a.strength] - RANK[b.strength] || a.start - b.start);
  const kept: Secret[] = [];
  const taken = new IntervalSet();
  for (const secret of found) if (taken.add(secret.start, secret.end)) kept.push(secret);
  return kept.sort((a, b) => a.start - b.start);
}

/** Intervals that do not overlap, in order. */
class IntervalSet {
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  add(start: number, end: number): boolean {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle] ?? 0) < start) low = middle + 1;
      else high = middle;
    }
    if (low > 0 && (this.ends[low - 1] ?? 0) > start) return false;
    if (low < this.starts.length && (this.starts[low] ?? 0) < end) return false;
    this.starts.splice(low, 0, start);
    this.ends.splice(low, 0, end);
    return true;
  }
}

function byWord<T extends { words: readonly string[] }>(shapes: readonly T[]): Map<string, T[]> {
  const map = new Map<string, T[]>();
  for (const shape of shapes) {
    for (const word of new Set(shape.words.map((text) => text.toLowerCase()))) {
      map.set(word, [...(map.get(word) ?? []), shape]);
    }
  }
  return map;
}

function secretAt(text: string, word: string, at: number, binary: boolean): Secret | undefined {
  for (const shape of TOKENS_BY_WORD.get(word) ?? []) {
    const token = matchToken(text, shape, at, binary);
    if (token) return token;
  }
  if (word === CURL) return curlSecret(text, at);
  const assigned = beginsWord(text, at) ? ASSIGNED_BY_WORD.get(word) : undefined;
  if (!assigned && !GENERIC.has(word)) return undefined;
  return (
    matchAssigned(text, assigned ?? [], word, at) ?? (GENERIC.has(word) ? comparedWith(text, at) : undefined)
  );
}

function matchToken(text: string, shape: TokenShape, at: number, binary: boolean): Secret | undefined {
  for (const start of starts(text, shape, at)) {
    shape.pattern.lastIndex = start;
    const match = shape.pattern.exec(text);
    if (!match) continue;
    const token = match[0];
    const end = start + token.length;
    if ((!binary && !standsAlone(text, start, end)) || shape.must?.(token) === false) continue;
    if (entropy(token) < shape.entropy || isPlaceholder(token, shape.entropy > 0) || isPublished(token))
      continue;
    const sure = !shape.weak && !isCounting(token) && (shape.proof?.(token) ?? true);
    return { type: shape.type, start, end, strength: sure ? "sure" : "likely" };
  }
  return undefined;
}

function* starts(text: string, { before, back }: TokenShape, at: number): Generator<number> {
  if (back) {
    let start = at;
    while (start > Math.max(0, at - before) && back.test(text[start - 1] ?? "")) start--;
    yield start;
    return;
  }
  for (let start = Math.max(0, at - before); start <= at; start++) yield start;
}

/** No letter or digit touches it; `\n` written out as two characters is no letter. */
function standsAlone(text: string, start: number, end: number): boolean {
  if (/\w/.test(text[start] ?? "")) {
    if (text[start - 1] === "+") return false;
    const escaped = text[start - 2] === "\\" && /[nrt]/.test(text[start - 1] ?? "");
    if (!escaped && /\w/.test(text[start - 1] ?? "")) return false;
  }
  if (/[=>]/.test(text[end - 1] ?? "") || text.slice(start, start + 16).includes("://")) return true;
  return !/^(?:[\w/+-]|[.=]\w)/.test(text.slice(end, end + 2));
}

/** Neither in the middle of a word nor of a part of one that is written in camel case. */
function beginsWord(text: string, at: number): boolean {
  const before = text[at - 1] ?? "";
  return !/[a-zA-Z]/.test(before) || (/[a-z]/.test(before) && /[A-Z]/.test(text[at] ?? ""));
}

/** From a word to the value that is assigned to the name that it stands in. */
const TO_VALUE =
  /[ \t\w.[\]-]{0,24}?[\s'"]{0,3}(?:[:=!]==?|:{1,3}=|=>|\|\||[=>:,(]|\?=|["']\s{1,12}value\s?=|[ \t](?=["'`]))[`'"\s=@]{0,8}/y;
const VALUE = /[^\s`'";<>,)\\]{1,400}/y;
const BARE = /[^\s`'";,]{1,400}/y;
const QUOTED = /([`'"])((?:(?!\1)[^\n\\]){1,200})\1/y;

function matchAssigned(
  text: string,
  shapes: readonly AssignedShape[],
  word: string,
  at: number,
): Secret | undefined {
  TO_VALUE.lastIndex = at + word.length;
  const gap = TO_VALUE.exec(text);
  if (!gap) return undefined;
  const start = TO_VALUE.lastIndex;
  VALUE.lastIndex = start;
  const value = VALUE.exec(text)?.[0];
  if (value === undefined) return undefined;
  const shape = shapes.find((one) => one.value.test(value));
  if (shape && entropy(value) >= 2.5 && !isPlaceholder(value) && !isPublished(value)) {
    const strength = isCounting(value) || !/\d/.test(value) ? "possible" : "likely";
    return { type: shape.type, start, end: start + value.length, strength };
  }
  return GENERIC.has(word) ? matchGeneric(text, word, at, start) : undefined;
}

function matchGeneric(text: string, word: string, at: number, start: number): Secret | undefined {
  QUOTED.lastIndex = start - 1;
  const quoted = QUOTED.exec(text)?.[2];
  BARE.lastIndex = start;
  const value = quoted ?? BARE.exec(text)?.[0] ?? "";
  const name = text.slice(at, start).replace(/[^\w]+$/, "");
  const strength = judgeValue(name || word, value, quoted !== undefined);
  return strength ? { type: "generic", start, end: start + value.length, strength } : undefined;
}

const COMPARED = /([`'"])((?:(?!\1)[^\n\\]){6,200})\1\s?[!=]==?\s?\w{0,24}$/;

/** `"..." == password`: the value stands before the name. */
function comparedWith(text: string, at: number): Secret | undefined {
  if (!text.slice(Math.max(0, at - 8), at).includes("=")) return undefined;
  const base = Math.max(0, at - 240);
  const match = COMPARED.exec(text.slice(base, at));
  const value = match?.[2];
  if (!match || value === undefined || !judgeValue("password", value, true)) return undefined;
  const start = base + match.index + 1;
  return { type: "generic", start, end: start + value.length, strength: "possible" };
}
