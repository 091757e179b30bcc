import type { Safe } from "../terminal/safe.js";
import { bold, dim, red, yellow } from "../terminal/style.js";

const LOOKS: Record<string, (word: string) => Safe> = {
  critical: (word) => bold(red(word)),
  high: red,
  medium: yellow,
};

/** A severity in its colour; the word says it too. */
export const severityOf = (severity: string): Safe => (LOOKS[severity] ?? dim)(severity);
