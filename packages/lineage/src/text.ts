import { sha256 } from "@countersign/evidence";

const HOSTILE = /[\p{Cc}\p{Cs}]/gu;
/** Bytes: a key is made of at most three such parts and has to fit an index page of the database. */
const MOST = 640;
const DIGEST = 16;

/** Text from outside as it may stand in a key: well-formed, without control characters, of bounded length. */
export function tidy(text: string): string {
  const clean = text.replace(HOSTILE, "\ufffd");
  if (clean === text && Buffer.byteLength(clean) <= MOST) return clean;
  // What was changed or cut must not fall together with another name.
  const digest = sha256(Buffer.from(JSON.stringify(text))).slice(7, 7 + DIGEST);
  return `${startOf(clean, MOST - DIGEST - 1)}~${digest}`;
}

function startOf(text: string, bytes: number): string {
  let size = 0;
  let start = "";
  for (const character of text) {
    size += Buffer.byteLength(character);
    if (size > bytes) return start;
    start += character;
  }
  return start;
}

export const hasControls = (text: string): boolean => /[\p{Cc}\p{Cs}]/u.test(text);
