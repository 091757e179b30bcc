import type { DetailedError } from "@cedar-policy/cedar-wasm/nodejs";
import { type CountersignError, canonicalJson, type Digest, sha256 } from "@countersign/evidence";
import { type Cedar, callCedar } from "./cedar.js";
import { type Files, invalid, readFiles } from "./files.js";
import { allMentions, type Mentions, mentionsOf } from "./mentions.js";
import { SCHEMA } from "./schema.js";
import { checkTemplate } from "./text.js";
import { ENGINE_REASONS } from "./types.js";

export interface Policy {
  readonly id: string;
  readonly effect: "permit" | "forbid";
  /** Templates with placeholders. */
  readonly reason: string;
  readonly remedy: string;
  readonly file: string;
  readonly line: number;
  readonly source: string;
  readonly mentions: Mentions;
}

export interface PolicySet {
  /** Covers the policy files, the schema and the version of the engine. */
  readonly digest: Digest;
  /** By `@id`. */
  readonly policies: ReadonlyMap<string, Policy>;
  readonly mentions: Mentions;
}

/** Changes whenever the same files and facts could be decided in another way. */
const ENGINE = "countersign/1";
const ID = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * Loads every `*.cedar` file of a directory, or of a map from name to text. Throws `policy-invalid` with file and
 * line unless each policy parses, fits the schema strictly and carries `@id`, `@reason` and `@remedy`.
 */
export function loadPolicies(source: string | Files): PolicySet {
  const files = typeof source === "string" ? readFiles(source, ".cedar") : source;
  const policies = new Map<string, Policy>();
  for (const file of Object.keys(files).sort()) {
    for (const policy of readPolicies(file, files[file] ?? "")) {
      const other = policies.get(policy.id);
      if (other)
        throw invalid(file, `@id("${policy.id}") is taken by ${other.file}:${other.line}`, policy.line);
      policies.set(policy.id, policy);
    }
  }
  validate(policies);
  return { digest: digestOf(files), policies, mentions: allMentions(policies.values()) };
}

export function engineVersion(): string {
  return `${ENGINE} cedar/${callCedar((cedar) => cedar.getCedarVersion())}`;
}

function digestOf(files: Files): Digest {
  const digests = Object.entries(files).map(([name, text]) => [name, sha256(Buffer.from(text, "utf8"))]);
  return sha256(
    canonicalJson({
      engine: engineVersion(),
      files: Object.fromEntries(digests),
      schema: sha256(Buffer.from(SCHEMA, "utf8")),
    }),
  );
}

function readPolicies(file: string, text: string): Policy[] {
  const parts = ask(file, (cedar) => cedar.policySetTextToParts(text));
  if (parts.type === "failure") throw refusal(file, 1, text, parts.errors[0]);
  if (parts.policy_templates.length > 0) throw invalid(file, "policy templates are not supported");
  // An emptied file would silently take a rule away.
  if (parts.policies.length === 0) throw invalid(file, "there is no policy in this file");
  const seen = new Map<string, number>();
  const policies = parts.policies.map((part) => {
    const at = text.indexOf(part, seen.get(part) ?? 0);
    seen.set(part, at + 1);
    return readPolicy(file, lineAt(text, at), part);
  });
  return policies.sort((a, b) => a.line - b.line);
}

// All at once, because each call reads the schema anew. Warnings refuse as well: a forbid that can never apply, or
// that looks like another, is a gate left open.
function validate(policies: ReadonlyMap<string, Policy>): void {
  const all = [...policies.values()];
  const sources = Object.fromEntries(all.map(({ id, source }) => [id, source]));
  const place = all.length === 1 && all[0] ? all[0].file : "policies";
  const answer = ask(place, (cedar) =>
    cedar.validate({ schema: SCHEMA, policies: { staticPolicies: sources } }),
  );
  if (answer.type === "failure") throw refusal(place, 1, "", answer.errors[0]);
  const found = [answer.validationErrors, answer.validationWarnings].flatMap((part) =>
    part.toSorted((a, b) => startOf(a.error) - startOf(b.error)),
  );
  for (const { id, file, line, source } of all) {
    const first = found.find(({ policyId }) => policyId === id);
    if (first) throw refusal(file, line, source, first.error);
  }
  const other = found[0]?.error ?? answer.otherWarnings[0];
  if (other) throw refusal(place, 1, "", other);
}

function ask<T>(file: string, use: (cedar: Cedar) => T): T {
  try {
    return callCedar(use);
  } catch (cause) {
    throw invalid(file, "the engine cannot read this file; is it nested too deeply?", undefined, cause);
  }
}

/** `text` begins at `line` of the file. */
function refusal(
  file: string,
  line: number,
  text: string,
  error: DetailedError | undefined,
): CountersignError {
  const at = error?.sourceLocations?.[0];
  const message = (error?.message ?? "the engine refused it").replace(/^for policy `[^`]*`[,:] /, "");
  const notes = [at?.label, error?.help].filter((note) => note).map((note) => ` (${note})`);
  // Cedar counts bytes.
  const before = Buffer.from(text, "utf8")
    .subarray(0, at?.start ?? 0)
    .toString("utf8");
  return invalid(file, `${message}${notes.join("")}`, line + lineAt(before, before.length) - 1);
}

function startOf(error: DetailedError): number {
  return error.sourceLocations?.[0]?.start ?? 0;
}

function lineAt(text: string, character: number): number {
  return text.slice(0, character).split("\n").length;
}

function readPolicy(file: string, line: number, source: string): Policy {
  const answer = ask(file, (cedar) => cedar.policyToJson(source));
  if (answer.type === "failure") throw refusal(file, line, source, answer.errors[0]);
  const annotations = new Map(Object.entries(answer.json.annotations ?? {}));
  const [id, reason, remedy] = ["id", "reason", "remedy"].map((name) => {
    const value = annotations.get(name);
    if (typeof value !== "string" || value.trim() === "")
      throw invalid(file, `the policy has no @${name}`, line);
    return value;
  }) as [string, string, string];
  const problem = idProblem(id) ?? checkTemplate(reason, false) ?? checkTemplate(remedy, true);
  if (problem) throw invalid(file, problem, line);
  return {
    id,
    effect: answer.json.effect,
    reason,
    remedy,
    file,
    line,
    source,
    mentions: mentionsOf(answer.json),
  };
}

function idProblem(id: string): string | undefined {
  if (id.length > 64 || !ID.test(id)) return `@id("${id}") is not lower-case words joined by "-"`;
  return ENGINE_REASONS.some((own) => own === id) ? `@id("${id}") is the engine's own` : undefined;
}
