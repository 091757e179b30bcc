import { sha256 } from "@countersign/evidence";
import { wellFormed } from "./value.js";

const ALLOWED = /^[\p{L}\p{N}][\p{L}\p{N}._@/+-]{0,127}$/u;
const PLAIN = /^[\p{L}\p{N}._@-]$/u;
const DOTS = /^\.{0,2}$/;
const MAX_LENGTH = 128;
// `+_` is no escape, so it can mark what an escape alone cannot say.
const MARK = "+_";
const START = `x${MARK}`;

/**
 * The name that an asset gets for what another system calls it. Names that are allowed stay; in others each character
 * that is not becomes `+` and two hexadecimal digits for each byte, so that two names never become one and
 * `originalName` can undo it. A name that is too long even so ends in a digest: only its title still says it whole.
 */
export function allowedName(original: string): string {
  const text = wellFormed(original);
  if (isPlainName(text)) return text;
  const joined = escapeParts(text);
  const name = /^[\p{L}\p{N}]/u.test(joined) ? joined : START + joined;
  if (name.length <= MAX_LENGTH) return name;
  const digest = sha256(new TextEncoder().encode(original)).slice("sha256:".length, "sha256:".length + 24);
  return `${startOf(name, MAX_LENGTH - MARK.length - digest.length)}${MARK}${digest}`;
}

/** What `allowedName` was given, or undefined where a name was too long to say it. */
export function originalName(name: string): string | undefined {
  const body = name.startsWith(START) ? name.slice(START.length) : name;
  if (body.includes(MARK)) return undefined;
  const bytes = [...body.matchAll(/((?:\+[0-9A-F]{2})+)|[^+]+|\+/g)].map(([piece, escaped]) =>
    escaped === undefined ? Buffer.from(piece) : Buffer.from(escaped.replaceAll("+", ""), "hex"),
  );
  return Buffer.concat(bytes).toString("utf8");
}

// A segment such as `..` would be a path somewhere, so it counts as needing its escape, and so does a `+`.
function isPlainName(text: string): boolean {
  return ALLOWED.test(text) && !text.includes("+") && text.split("/").every((part) => !DOTS.test(part));
}

function escapeParts(text: string): string {
  const parts = text.split("/");
  const slash = parts.includes("") ? escaped("/") : "/";
  return parts.map((part) => (DOTS.test(part) ? escaped(part) : escapeCharacters(part))).join(slash);
}

function escapeCharacters(part: string): string {
  return [...part].map((character) => (PLAIN.test(character) ? character : escaped(character))).join("");
}

function escaped(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => `+${byte.toString(16).toUpperCase().padStart(2, "0")}`)
    .join("");
}

function startOf(name: string, length: number): string {
  return wellFormed(name.slice(0, length))
    .replace(/\ufffd$/, "")
    .replace(/\+[0-9A-F]?$/, "");
}
