import {
  type Approval,
  type EligibleApprover,
  type FactsInput,
  GATES,
  type GateRequest,
  VERDICTS,
} from "./types.js";

const LONGEST = 65_536;
const MOST = 100_000;
const LONE_SURROGATE = /[\ud800-\udfff]/u;

/** What is wrong with a request; never leaves this package. */
export class Malformed extends Error {}

type Fields = Record<string, unknown>;

/**
 * Copies a request, member by member, and throws Malformed on anything missing or of another type. A copy, so
 * that what was checked is what is decided on; a member that is absent must not pass as a harmless value.
 */
export function readRequest(value: unknown): GateRequest {
  const fields = record(value, "request");
  const principal = text(fields.principal, "principal");
  const environment = text(fields.environment, "environment");
  if (principal === "" || environment === "") throw new Malformed("principal and environment must be named");
  return {
    gate: oneOf(fields.gate, GATES, "gate"),
    environment,
    region: fields.region === undefined ? "" : text(fields.region, "region"),
    principal,
    facts: readFacts(fields.facts),
    eligibleApprovers: many(fields.eligibleApprovers, "eligibleApprovers", readApprover),
  };
}

function readFacts(value: unknown): FactsInput {
  const fields = record(value, "facts");
  const artifact = record(fields.artifact, "facts.artifact");
  const scan = record(fields.scan, "facts.scan");
  const signature = record(fields.signature, "facts.signature");
  const declaration = record(fields.declaration, "facts.declaration");
  return {
    artifact: {
      digest: text(artifact.digest, "facts.artifact.digest"),
      name: text(artifact.name, "facts.artifact.name"),
      files: count(artifact.files, "facts.artifact.files"),
      formats: many(artifact.formats, "facts.artifact.formats", text),
    },
    scan: {
      present: flag(scan.present, "facts.scan.present"),
      verdict: oneOf(scan.verdict, VERDICTS, "facts.scan.verdict"),
      filesUnscanned: count(scan.filesUnscanned, "facts.scan.filesUnscanned"),
      expired: flag(scan.expired, "facts.scan.expired"),
      producers: many(scan.producers, "facts.scan.producers", text),
      findings: many(scan.findings, "facts.scan.findings", text),
      worst: text(scan.worst, "facts.scan.worst"),
    },
    signature: {
      present: flag(signature.present, "facts.signature.present"),
      signers: many(signature.signers, "facts.signature.signers", text),
    },
    declaration: {
      licence: text(declaration.licence, "facts.declaration.licence"),
      origin: text(declaration.origin, "facts.declaration.origin"),
      tags: tags(declaration.tags, "facts.declaration.tags"),
    },
    authors: many(fields.authors, "facts.authors", readAuthor),
    approvals: many(fields.approvals, "facts.approvals", readApproval),
    negatives: many(fields.negatives, "facts.negatives", text),
  };
}

// Nobody is said with an empty list: a nameless author would let a policy believe that somebody is on record.
function readAuthor(value: unknown, at: string): string {
  const author = text(value, at);
  if (author === "") throw new Malformed(`${at} must be named`);
  return author;
}

function readApproval(value: unknown, at: string): Approval {
  const fields = record(value, at);
  return {
    ...readApprover(value, at),
    action: text(fields.action, `${at}.action`),
    environment: text(fields.environment, `${at}.environment`),
  };
}

function readApprover(value: unknown, at: string): EligibleApprover {
  const fields = record(value, at);
  return { principal: text(fields.principal, `${at}.principal`), role: text(fields.role, `${at}.role`) };
}

function record(value: unknown, at: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Malformed(`${at} must be an object`);
  return value as Fields;
}

// Two lone surrogates would become the same replacement character inside the engine, and so the same principal.
function text(value: unknown, at: string): string {
  if (typeof value !== "string") throw new Malformed(`${at} must be a string`);
  if (value.length > LONGEST || LONE_SURROGATE.test(value))
    throw new Malformed(`${at} is too long or not Unicode`);
  return value;
}

function flag(value: unknown, at: string): boolean {
  if (typeof value !== "boolean") throw new Malformed(`${at} must be true or false`);
  return value;
}

function count(value: unknown, at: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0)
    throw new Malformed(`${at} must be a whole number from 0`);
  return value as number;
}

function oneOf<T extends string>(value: unknown, choices: readonly T[], at: string): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new Malformed(`${at} must be one of ${choices.join(", ")}`);
  return found;
}

function many<T>(value: unknown, at: string, read: (item: unknown, at: string) => T): T[] {
  if (!Array.isArray(value)) throw new Malformed(`${at} must be a list`);
  if (value.length > MOST) throw new Malformed(`${at} has more than ${MOST} entries`);
  return Array.from(value, (item, i) => read(item, `${at}[${i}]`));
}

function tags(value: unknown, at: string): Record<string, string> {
  const entries = Object.entries(record(value, at));
  if (entries.length > MOST) throw new Malformed(`${at} has more than ${MOST} entries`);
  // fromEntries, not assignment: a tag named __proto__ stays a tag.
  return Object.fromEntries(entries.map(([name, tag]) => [text(name, at), text(tag, `${at}.${name}`)]));
}
