/** How a state is coloured. Colour never stands alone: the words and the icon say the same. */
export type Tone = "ok" | "bad" | "wait" | "info" | "quiet";

interface Said {
  tone: Tone;
  word: string;
}

const OUTCOMES: Record<string, Said> = {
  allow: { tone: "ok", word: "Allowed" },
  deny: { tone: "bad", word: "Refused" },
  pending: { tone: "wait", word: "Waiting for approval" },
};

const VERDICTS: Record<string, Said> = {
  clean: { tone: "ok", word: "Clean" },
  suspicious: { tone: "wait", word: "Suspicious" },
  malicious: { tone: "bad", word: "Malicious" },
  incomplete: { tone: "wait", word: "Not fully scanned" },
  none: { tone: "quiet", word: "Not scanned" },
};

const STATUSES: Record<string, Said> = {
  held: { tone: "ok", word: "Holds" },
  superseded: { tone: "quiet", word: "Superseded" },
  revoked: { tone: "bad", word: "Revoked" },
  expired: { tone: "wait", word: "Expired" },
  erased: { tone: "quiet", word: "Erased" },
  "not-allowed": { tone: "bad", word: "Signer not allowed" },
  compromised: { tone: "bad", word: "Key compromised" },
  invalid: { tone: "bad", word: "Invalid" },
  missing: { tone: "bad", word: "Missing" },
};

const SEVERITIES: Record<string, Said> = {
  critical: { tone: "bad", word: "Critical" },
  high: { tone: "bad", word: "High" },
  medium: { tone: "wait", word: "Medium" },
  low: { tone: "quiet", word: "Low" },
  info: { tone: "quiet", word: "Info" },
};

const look = (table: Record<string, Said>, key: string): Said => table[key] ?? { tone: "quiet", word: key };

export const outcome = (key: string): Said => look(OUTCOMES, key);
export const verdict = (key: string): Said => look(VERDICTS, key);
export const status = (key: string): Said => look(STATUSES, key);
export const severity = (key: string): Said => look(SEVERITIES, key);
