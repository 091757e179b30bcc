import { CountersignError } from "./errors.js";
import { isRecord } from "./json.js";

export const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";

export interface Subject {
  name?: string;
  digest: Record<string, string>;
}

/** An in-toto Statement v1: what `predicate` says holds for the bytes that `subject` names. */
export interface Statement<P = unknown> {
  _type: typeof STATEMENT_TYPE;
  subject: Subject[];
  predicateType: string;
  predicate: P;
}

export function makeStatement<P>(subject: Subject[], predicateType: string, predicate: P): Statement<P> {
  return { _type: STATEMENT_TYPE, subject, predicateType, predicate };
}

/** Returns `value` as a statement, or throws `statement-malformed`. The predicate is the caller's to check. */
export function checkStatement(value: unknown): Statement {
  if (!isRecord(value)) throw malformed("it is not an object");
  if (value._type !== STATEMENT_TYPE) throw malformed(`_type is not ${STATEMENT_TYPE}`);
  const { subject, predicateType, predicate } = value;
  if (!Array.isArray(subject) || subject.length === 0) throw malformed("subject is empty");
  if (typeof predicateType !== "string" || predicateType === "") throw malformed("predicateType is missing");
  return { _type: STATEMENT_TYPE, subject: subject.map(checkSubject), predicateType, predicate };
}

function checkSubject(value: unknown): Subject {
  if (!isRecord(value)) throw malformed("a subject is not an object");
  const { name, digest } = value;
  if (!isRecord(digest)) throw malformed("a subject has no digest");
  const digests = Object.entries(digest);
  if (digests.length === 0) throw malformed("a subject has no digest");
  for (const [algorithm, text] of digests) {
    if (typeof text !== "string" || text === "") throw malformed(`the digest ${algorithm} is not text`);
  }
  if (name !== undefined && name !== null && typeof name !== "string")
    throw malformed("a subject's name is not text");
  const checked = digest as Record<string, string>;
  return typeof name === "string" ? { name, digest: checked } : { digest: checked };
}

function malformed(reason: string): CountersignError {
  return new CountersignError("statement-malformed", `the statement is malformed: ${reason}`);
}
