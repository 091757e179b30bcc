import type { GateRequest } from "./types.js";

const SHOWN = 5;
const LONGEST = 160;
const PLACEHOLDER = /\{([a-z]+)\}/g;
const SHELL_SAFE = /^[A-Za-z0-9_@%+=:,./-]+$/;
// Control and format characters could redraw a terminal or turn the reading direction.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

export const PLACEHOLDERS = [
  "authors",
  "digest",
  "environment",
  "findings",
  "formats",
  "gate",
  "licence",
  "name",
  "origin",
  "principal",
  "region",
  "signers",
  "unscanned",
  "verdict",
  "worst",
] as const;
type Placeholder = (typeof PLACEHOLDERS)[number];
export type Values = Record<Placeholder, string>;

export function valuesOf(request: GateRequest): Values {
  const { artifact, scan, signature, declaration, authors } = request.facts;
  return {
    authors: list(authors),
    digest: artifact.digest,
    environment: request.environment,
    findings: list(scan.findings),
    formats: list(artifact.formats),
    gate: request.gate,
    licence: declaration.licence,
    name: artifact.name,
    origin: declaration.origin,
    principal: request.principal,
    region: request.region ?? "",
    signers: list(signature.signers),
    unscanned: String(scan.filesUnscanned),
    verdict: scan.verdict,
    worst: scan.worst,
  };
}

export function list(items: string[]): string {
  const sorted = [...new Set(items)].sort();
  const more = sorted.length > SHOWN ? ` and ${sorted.length - SHOWN} more` : "";
  return sorted.slice(0, SHOWN).join(", ") + more;
}

/** What is wrong with the placeholders of a `@reason` or `@remedy`, if anything. */
export function checkTemplate(template: string, isCommand: boolean): string | undefined {
  for (const match of template.matchAll(/\{([^}]*)\}?/g)) {
    if (!PLACEHOLDERS.some((name) => match[0] === `{${name}}`)) {
      return `unknown placeholder ${match[0]}: there are ${PLACEHOLDERS.map((name) => `{${name}}`).join(" ")}`;
    }
    const around = `${template[match.index - 1] ?? ""}${template[match.index + match[0].length] ?? ""}`;
    if (isCommand && /["'`$\\]/.test(around))
      return `${match[0]} must stand without quotes: it is quoted when filled in`;
  }
  return undefined;
}

export function fillReason(template: string, values: Values): string {
  return template.replace(PLACEHOLDER, (_, name: Placeholder) => printable(values[name]) || "unknown");
}

/**
 * Fills a command that people will paste into a shell. Values come from whoever named the model, so each becomes
 * exactly one word; an unknown one stays a word in capitals, as in a usage line.
 */
export function fillRemedy(template: string, values: Values): string {
  return template.replace(
    PLACEHOLDER,
    (_, name: Placeholder) => shellWord(values[name]) ?? name.toUpperCase(),
  );
}

export function printable(text: string): string {
  const clean = text.replace(UNPRINTABLE, "\ufffd");
  return clean.length > LONGEST ? `${[...clean].slice(0, LONGEST).join("")}…` : clean;
}

/** `value` as one word of a shell command, or nothing when it had better not be one. */
export function shellWord(value: string): string | undefined {
  if (value === "" || value.length > LONGEST || value.startsWith("-") || value.search(UNPRINTABLE) >= 0)
    return undefined;
  return SHELL_SAFE.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
