import { type Executable, executableAt, HEADER_BYTES } from "./executables.js";
import { WordFinder } from "./secrets/words.js";

/** How programs begin when they are written as text: base 64, hexadecimal, and escapes of string literals. */
const BASE64 = ["TVqQAA", "TVpQAA", "TVoAAA", "TVpBUg", "TVqAAA", "f0VMRgE", "f0VMRgI", "z/rt/g"];
const HEX = ["4d5a9000", "4d5a5000", "4d5a0000", "7f454c4601", "7f454c4602", "cffaedfe"];
const ESCAPED = ["\\x7felf", "mz\\x90\\x00", "\\x4d\\x5a\\x90", "\\x7f\\x45\\x4c\\x46"];

const FINDER = new WordFinder([...BASE64, ...HEX, ...ESCAPED]);
const BASE64_SET = new Set(BASE64.map((word) => word.toLowerCase()));
const HEX_SET = new Set(HEX);
const MAX_FOUND = 16;

export interface EncodedExecutable {
  at: number;
  executable: Executable;
  encoding: "base 64" | "hexadecimal" | "escapes";
}

/** Programs that are written into a text (as one byte for each character). */
export function findEncodedExecutables(text: string): EncodedExecutable[] {
  const found: EncodedExecutable[] = [];
  FINDER.find(text, ({ word, at }) => {
    if (found.length >= MAX_FOUND) return;
    const encoding = BASE64_SET.has(word) ? "base 64" : HEX_SET.has(word) ? "hexadecimal" : "escapes";
    const executable = executableAt(decode(text, at, encoding), 0);
    if (executable) found.push({ at, executable, encoding });
  });
  return found;
}

function decode(text: string, at: number, encoding: EncodedExecutable["encoding"]): Buffer {
  if (encoding === "base 64") {
    // Line breaks, also written out as escapes, may stand anywhere.
    const run = text
      .slice(at, at + 2 * HEADER_BYTES)
      .replace(/\\[nr]|[\s"',+\\]{1,80}(?=[A-Za-z0-9+/])/g, "");
    return Buffer.from(/^[A-Za-z0-9+/]*/.exec(run)?.[0] ?? "", "base64");
  }
  if (encoding === "hexadecimal") {
    return Buffer.from(/^[0-9a-f]*/i.exec(text.slice(at, at + 2 * HEADER_BYTES))?.[0] ?? "", "hex");
  }
  return unescapeLiteral(text.slice(at, at + 4 * HEADER_BYTES));
}

const SIMPLE: Record<string, number> = { n: 10, r: 13, t: 9, "0": 0, a: 7, b: 8, f: 12, v: 11 };

/** Escapes of Python's and C's string literals, to the end of the literal. */
function unescapeLiteral(text: string): Buffer {
  const bytes: number[] = [];
  for (let at = 0; at < text.length && bytes.length < HEADER_BYTES; at++) {
    const character = text[at] ?? "";
    if (character === '"' || character === "\n") break;
    if (character !== "\\") {
      bytes.push(character.charCodeAt(0));
      continue;
    }
    const hex = /^x([0-9a-f]{2})/i.exec(text.slice(at + 1, at + 4))?.[1];
    if (hex !== undefined) {
      bytes.push(Number.parseInt(hex, 16));
      at += 3;
    } else {
      const next = text[at + 1] ?? "";
      bytes.push(SIMPLE[next] ?? next.charCodeAt(0));
      at++;
    }
  }
  return Buffer.from(bytes);
}
