import type { Digest } from "@countersign/evidence";
import { CountersignError, isDigest } from "@countersign/evidence";
import type { Outcome, Predicate } from "./predicate.js";
import { PREDICATES } from "./predicate.js";

/** One log entry. Digests, numbers and closed sets only, so that no leaf ever has to be erased. */
export interface Leaf {
  v: 1;
  /** Milliseconds since the epoch on the log's clock; never decreases along the log. */
  at: number;
  workspace: string;
  predicate: Predicate;
  outcome: Outcome;
  /** SHA-256 of the stored object, which is the DSSE envelope (for `signature`, the OMS bundle). */
  envelope: Digest;
  /** Key id of the signer. */
  signer: Digest;
  subjects: Digest[];
}

const WORKSPACE = /^[a-z0-9][a-z0-9-]{0,62}$/;
const OUTCOMES: readonly unknown[] = ["negative", "neutral", "positive"];
const MAX_SUBJECTS = 64;
const KEYS = ["at", "envelope", "outcome", "predicate", "signer", "subjects", "v", "workspace"];

export const isWorkspaceId = (text: string): boolean => WORKSPACE.test(text);

const malformed = (what: string): CountersignError =>
  new CountersignError("log-tampered", `This log entry is not one of ours: ${what}.`);

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

export function encodeLeaf(leaf: Leaf): Uint8Array {
  checkLeaf(leaf);
  return encoder.encode(canonical(leaf));
}

/** Parses and checks a leaf; refuses any other spelling of the same value, so that one meaning has one hash. */
export function decodeLeaf(raw: Uint8Array): Leaf {
  const text = textOf(raw);
  const value = objectOf(text);
  if (Object.keys(value).sort().join() !== KEYS.join()) throw malformed("its fields are others");
  const leaf = value as unknown as Leaf;
  checkLeaf(leaf);
  if (canonical(leaf) !== text) throw malformed("it is not in canonical form");
  return leaf;
}

// RFC 8785 of a checked leaf: keys in order, no character that needs escaping. A replay does this a million times.
function canonical({ at, envelope, outcome, predicate, signer, subjects, workspace }: Leaf): string {
  const list = subjects.map((subject) => `"${subject}"`).join();
  return `{"at":${at},"envelope":"${envelope}","outcome":"${outcome}","predicate":"${predicate}","signer":"${signer}","subjects":[${list}],"v":1,"workspace":"${workspace}"}`;
}

function textOf(raw: Uint8Array): string {
  try {
    return decoder.decode(raw);
  } catch {
    throw malformed("not UTF-8");
  }
}

function objectOf(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed("not JSON");
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw malformed("not an object");
  return value as Record<string, unknown>;
}

function checkLeaf(leaf: Leaf): void {
  const known = PREDICATES as readonly unknown[];
  if (leaf.v !== 1) throw malformed("its version is unknown");
  if (!Number.isSafeInteger(leaf.at) || leaf.at < 0) throw malformed("its time is no time");
  if (typeof leaf.workspace !== "string" || !WORKSPACE.test(leaf.workspace))
    throw malformed("its workspace is no id");
  if (!known.includes(leaf.predicate)) throw malformed("its predicate is unknown");
  if (!OUTCOMES.includes(leaf.outcome)) throw malformed("its outcome is unknown");
  if (![leaf.envelope, leaf.signer].every(isDigestText)) throw malformed("a digest is malformed");
  checkSubjects(leaf.subjects);
}

function checkSubjects(subjects: unknown): void {
  if (!Array.isArray(subjects) || subjects.length === 0 || subjects.length > MAX_SUBJECTS) {
    throw malformed(`it has no subject or more than ${MAX_SUBJECTS}`);
  }
  if (!subjects.every(isDigestText)) throw malformed("a subject is no digest");
  if (new Set(subjects).size !== subjects.length) throw malformed("it names a subject twice");
}

const isDigestText = (value: unknown): boolean => typeof value === "string" && isDigest(value);
