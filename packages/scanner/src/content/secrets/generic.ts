import { entropy, isCounting, isPlaceholder } from "./entropy.js";
import type { Strength } from "./secret.js";

/** Names under which people keep secrets, with what may follow in the same name. */
export const GENERIC_WORDS: readonly string[] = [
  "password",
  "passwd",
  "passphrase",
  "pwd",
  "db_pass",
  "secret",
  "apikey",
  "api_key",
  "api-key",
  "api :",
  "access_key",
  "accesskey",
  "auth_token",
  "access_token",
  "refresh_token",
  "api_token",
  "apitoken",
  "generic_token",
  "generictoken",
  "private_key",
  "user_auth",
  "credential",
  "cleartextpassword",
];

/** Names that only sound like secrets. */
const PUBLIC_NAME =
  /public|csrf|xsrf|_name|name$|_id$|ids?$|id$|_url|uri$|_path|path$|file$|size|length|_len|type|expir|count|index|store|vault|policy|endpoint|field|label|hint|prompt|regex|pattern|variable|version/i;
const LOOKS_LIKE_CODE =
  /^[a-z_]\w*(?:[.:]\w+)+$|^[a-z]+(?:[_-][a-z]+)*$|^[A-Z]+(?:_[A-Z]+)*$|^[\w.]+[([]|^https?:|^file:|^\/|^\.{1,2}\/|fake|real_/i;
const SPOKEN = /pass|pwd|secret|api_?key|private_key/i;

/** What the value of a name that keeps secrets may be, or undefined where it is none. */
export function judgeValue(name: string, value: string, quoted: boolean): Strength | undefined {
  if (PUBLIC_NAME.test(name) || value.length < 6 || value.length > 200) return undefined;
  if (isPlaceholder(value) || LOOKS_LIKE_CODE.test(value)) return undefined;
  const spoken = SPOKEN.test(name);
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^\w\s]/].filter((one) => one.test(value)).length;
  const bits = entropy(value);
  if (isKeyLike(value, spoken ? 10 : 16) && classes >= 2 && bits >= (spoken ? 3 : 3.3)) return "possible";
  const enough = quoted ? classes >= 2 && bits >= 2.9 : classes >= 2 && bits >= 3.5;
  return spoken && enough && /[^\w\s.,:;!?/-]|\d/.test(value) ? "possible" : undefined;
}

function isKeyLike(value: string, least: number): boolean {
  return value.length >= least && /^[\w.=+/-]+$/.test(value) && /\d/.test(value) && !isCounting(value);
}
