import type { Io } from "../io.js";
import { neutralise } from "./safe.js";

const WIDEST = 110;
const NARROWEST = 30;

/**
 * Breaks a text into lines that fit the terminal after `indent`. Into a pipe it stays one line, so that `grep` finds it. What would act on a
 * terminal is shown first, because that makes a text longer.
 */
export function wrapped(io: Io, text: string, indent: string): string[] {
  const shown = neutralise(text);
  if (io.stdout.isTTY !== true) return [shown];
  const room = Math.max(NARROWEST, Math.min(io.stdout.columns ?? WIDEST, WIDEST) - indent.length);
  const lines: string[] = [];
  let line = "";
  for (const word of shown.split(" ").flatMap((word) => pieces(word, room))) {
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** A word may be longer than a line: a hostile name is. */
function pieces(word: string, room: number): string[] {
  const parts: string[] = [];
  for (let at = 0; at < word.length; at += room) parts.push(word.slice(at, at + room));
  return parts.length === 0 ? [""] : parts;
}
