import { entropy, isPlaceholder } from "./entropy.js";
import type { Secret } from "./secret.js";

const MAX_COMMAND = 2000;
const USER = /\s(?:-u|--user)(?:=|\s{0,5})['"]?([^\s:'"]{1,100})['"]?:['"]?([^\s'"]{3,100})/y;
const HEADER =
  /\s(?:-H|--header)(?:=|\s{0,5})['"](?:Authorization:\s{0,5}(?:(?:Basic|Bearer|Token|Api-Token|Apikey)\s{1,5})?|(?:X-)?(?:api-?key|api-?token|auth-?token|access-?token|token|private-token):\s{0,5})([\w=~@.+/-]{8,})['"]/iy;

/** A password or token on a command line of curl that begins at `at`. */
export function curlSecret(text: string, at: number): Secret | undefined {
  const next = text.indexOf("curl", at + 4);
  const end = Math.min(next < 0 ? text.length : next, at + MAX_COMMAND);
  for (let i = at + 4; i < end; i++) {
    const code = text.charCodeAt(i + 1);
    if (code !== 45 || !/\s/.test(text[i] ?? "")) continue;
    const secret = match(USER, 2, text, i) ?? match(HEADER, 1, text, i);
    if (secret) return secret;
  }
  return undefined;
}

function match(pattern: RegExp, group: number, text: string, at: number): Secret | undefined {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  const value = found?.[group];
  if (!found || value === undefined) return undefined;
  if (value.startsWith("$") || isPlaceholder(value) || /^(?:pass(?:word)?|test|yyy)$/i.test(value))
    return undefined;
  if (entropy(value) < 2) return undefined;
  const start = at + found[0].indexOf(value, found[0].length - value.length - 2);
  return { type: "curl-credential", start, end: start + value.length, strength: "likely" };
}
