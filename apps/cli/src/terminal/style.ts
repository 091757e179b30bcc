import { type Printable, Safe } from "./safe.js";

const paint =
  (open: string, close: string) =>
  (value: Printable): Safe =>
    Safe.styled(open, value, close);

export const bold: (value: Printable) => Safe = paint("1", "22");
export const dim: (value: Printable) => Safe = paint("2", "22");
export const red: (value: Printable) => Safe = paint("31", "39");
export const green: (value: Printable) => Safe = paint("32", "39");
export const yellow: (value: Printable) => Safe = paint("33", "39");

const GOOD = new Set(["allow", "clean", "held", "ok", "yes", "positive"]);
const WAITING = new Set(["pending", "suspicious", "incomplete", "superseded", "expired", "neutral"]);

/** Colours one word of a verdict, an outcome or a status; the word itself always says it too. */
export function verdict(word: string): Safe {
  if (GOOD.has(word)) return green(word);
  return WAITING.has(word) ? yellow(word) : red(word);
}
