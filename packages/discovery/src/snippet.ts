const MAX_SNIPPET = 160;

// Shapes of secrets that providers hand out, and long runs that are likely to be one.
const SECRETS: readonly RegExp[] = [
  /\b(sk|pk|rk|hf|gsk|xai|r8|ghp|gho|ghs|github_pat|glpat|xox[abprs]|AKIA|ASIA|AIza|ya29|nvapi|pplx|tgp|fw|co|sk_live|sk_test|whsec|lsv2|dop|shpat)[-_][\w-]{8,}/g,
  /\b(AKIA|ASIA|AIza|hf_|ya29\.)[\w-]{10,}/g,
  /\beyJ[\w-]{8,}\.[\w-]{4,}(\.[\w-]*)?/g,
  /-----BEGIN [A-Z ]+-----.*/g,
  /(?<=:\/\/)[^/\s:@"']+:[^/\s@"']+(?=@)/g,
  /(?<=\b(?:bearer|basic)\s+)[\w.~+/=-]{6,}/gi,
];
const NAMED =
  /((?:api[-_ ]?key|apikey|secret|passw(?:or)?d|passwd|pwd|token|auth(?:orization)?|credential|private[-_]?key|access[-_]?key|connection[-_]?string|account[-_]?key|\bkey)\w*["'\]]*\s*(?::=|=>|[:=,(])\s*)(["'`]?)([^\s"'`,)}{]{4,})/gi;
const LONG = /[A-Za-z0-9+/_=-]{32,}/g;

/** One line that is fit to be shown: short, without control characters, and with secrets masked. */
export function maskLine(line: string, keep = ""): string {
  const plain = line
    .slice(0, 2_000)
    .replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+/gu, " ")
    .trim();
  const masked = mask(plain, keep);
  return masked.length <= MAX_SNIPPET ? masked : `${masked.slice(0, MAX_SNIPPET - 3)}...`;
}

function mask(text: string, keep: string): string {
  let masked = text;
  for (const pattern of SECRETS)
    masked = masked.replace(pattern, (found) => (keep.includes(found) ? found : hidden(found)));
  masked = masked.replace(NAMED, (found, before: string, quote: string, value: string) =>
    keep.includes(value) || isReference(value) ? found : `${before}${quote}****`,
  );
  return masked.replace(LONG, (found) => (keep.includes(found) || !isDense(found) ? found : hidden(found)));
}

// `api_key=os.environ["X"]` and `token=settings.token` name a secret and hold none.
const isReference = (value: string): boolean =>
  /^(os\.|process\.|env|ENV|System\.|config|settings|self\.|this\.|None|null|true|false|undefined|\$)/.test(
    value,
  ) ||
  /^[A-Za-z_]+(\.[A-Za-z_]+)+$/.test(value) ||
  /^[A-Z][A-Z_]+$/.test(value) ||
  /[([]/.test(value);

const isDense = (text: string): boolean =>
  /\d/.test(text) && /[A-Z]/.test(text) && /[a-z]/.test(text) && !/^[\w-]+\/[\w-]+$/.test(text);

const hidden = (found: string): string => `${/^[A-Za-z]{2,4}[-_]/.exec(found)?.[0] ?? ""}****`;
