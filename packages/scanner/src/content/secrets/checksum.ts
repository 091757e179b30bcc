import { crc32 } from "node:zlib";

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHECKSUM = 6;

/** GitHub's and npm's tokens end in six base-62 digits: the CRC-32 of what stands between them and the underscore. */
export function endsInChecksum(token: string): boolean {
  const body = token.slice(token.lastIndexOf("_") + 1);
  let rest = crc32(body.slice(0, -CHECKSUM));
  let digits = "";
  while (digits.length < CHECKSUM) {
    digits = (BASE62[rest % 62] ?? "") + digits;
    rest = Math.floor(rest / 62);
  }
  return digits === body.slice(-CHECKSUM);
}

/**
 * Whether header and claims of a JSON Web Token are JSON objects and the header names an algorithm (RFC 7519). The
 * subject 1234567890 is the one that examples everywhere have.
 */
export function isJsonWebToken(token: string): boolean {
  const [header = "", claims = ""] = token.split(".");
  const said = objectOf(claims);
  return typeof objectOf(header)?.alg === "string" && said !== undefined && said.sub !== "1234567890";
}

function objectOf(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Random letters of both cases; words joined in camel case have few capitals. */
export function isMixedCase(token: string): boolean {
  const body = token.slice(token.lastIndexOf("_") + 1);
  const capitals = body.replace(/[^A-Z]/g, "").length;
  return capitals >= body.length / 4 && capitals <= (body.length * 3) / 4;
}

/** Sequences of proteins are letters alone, too; base 32 has digits as a rule. */
export function hasDigit(token: string): boolean {
  return /\d/.test(token);
}

const LOCAL =
  /@(?:localhost|127\.|0\.0\.0\.0|\[::1|(?:host|db|database|postgres|mysql|redis|mongo)(?:[:/]|$)|[\w.-]*example)/;
const EVERYDAY =
  /^(?:pass(?:word|wd)?|pwd|secret|user(?:name)?|root|admin|test|postgres|mysql|redis|guest|\w{1,7})\d{0,4}$/i;

/** A database that is not on the machine itself, with a password that nobody writes as an example. */
export function isLiveDatabase(url: string): boolean {
  const password = /:\/\/[^:@]*:([^@]*)@/.exec(url)?.[1] ?? "";
  return !LOCAL.test(url) && !EVERYDAY.test(password) && /\d/.test(password);
}

/** Between the markers there is base 64, not the code that looks for markers. */
export function isPrivateKey(text: string): boolean {
  const body = text.replace(/-----[A-Z0-9 ]{1,100}-----/g, "").replace(/\\[nr]|[\s"'+,\\]+/g, "");
  return /[A-Za-z0-9/=]{48}/.test(body);
}
