import type {
  AdmitResult,
  AuditReport,
  DecisionRecord,
  EntryView,
  PromoteResult,
  VersionSummary,
} from "@countersign/api";
import type { Digest, Manifest, Signer } from "@countersign/evidence";
import type { TrustRoot } from "@countersign/facts";
import type { TrustChange } from "@countersign/workspace";
import type { Progress } from "../terminal/progress.js";

export interface AdmitRequest {
  path: string;
  name: string;
  licence?: string;
  origin?: string;
  tags?: Record<string, string>;
  /** Absent: unsigned. */
  author?: Signer;
  progress: Progress;
  signal: AbortSignal;
}

export interface Question {
  gate: DecisionRecord["gate"];
  subject: string;
  environment: string;
}

export interface LogLine {
  index: number;
  at: number;
  predicate: string;
  outcome: string;
  envelope: string;
  subjects: readonly string[];
}

export interface LogState {
  origin: string;
  vkey: string;
  size: number;
  witnesses?: readonly { name: string; cosigned: boolean }[];
}

/** Where a verb does its work: a directory on this machine, or a server. The verbs do not know which. */
export interface Place {
  /** For people: what this place is. */
  readonly label: string;
  admit(request: AdmitRequest): Promise<AdmitResult>;
  declare(input: {
    subject: string;
    licence?: string;
    origin?: string;
    tags?: Record<string, string>;
  }): Promise<EntryView>;
  gate(question: Question): Promise<DecisionRecord>;
  promote(subject: string, environment: string): Promise<PromoteResult>;
  approve(question: Question, signer: Signer): Promise<EntryView>;
  revoke(envelope: Digest, reason: string, signer: Signer): Promise<EntryView>;
  recordSignature(bundle: Uint8Array, subject: string): Promise<EntryView>;
  versions(): Promise<VersionSummary[]>;
  /** The manifest of an artifact, as the place has it: not yet checked against the digest. */
  manifest(artifact: Digest): Promise<Manifest | null>;
  /** Whether anything is on record about these bytes. */
  knows(artifact: Digest): Promise<boolean>;
  log: {
    state(): Promise<LogState>;
    entries(from: number, to: number | undefined): AsyncIterable<LogLine>;
    checkpoint(): Promise<string>;
    receipt(index: number): Promise<string>;
    evidence(decision: Digest): Promise<unknown>;
    audit(): Promise<AuditReport>;
  };
  trust: {
    get(): Promise<{ root: TrustRoot; digest: Digest }>;
    change(change: TrustChange, rootSigner: Signer): Promise<TrustRoot>;
  };
  /** The signer for `--key`: a file, or the name of a key that this place holds; `standard` where none was given. */
  signer(key: string | undefined, standard: string, passphraseFile?: string): Promise<Signer>;
  close(): Promise<void>;
}

/** `false` where the answer is that there is no such thing; every other fault stays one. */
export async function found(question: Promise<unknown>): Promise<boolean> {
  try {
    await question;
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === "not-found") return false;
    throw error;
  }
}
