import { randomUUID } from "node:crypto";
import type { Digest, Envelope, PublicKey, Signer, Statement } from "@countersign/evidence";
import { CountersignError, makeStatement, signStatement } from "@countersign/evidence";
import type { AssetKind, Entry, Judged, Predicate, RootPin, Trust, TrustRoot } from "@countersign/facts";
import { judgeEntry, PREDICATE_TYPES } from "@countersign/facts";
import type { Document } from "@countersign/inventory";
import type { Log } from "@countersign/log";
import type { PolicySet } from "@countersign/policy";
import type { KnownBad } from "@countersign/scanner";
import type { AdmitHooks } from "./admit.js";
import { admit, subjectOf } from "./admit.js";
import type { AssetState } from "./assets.js";
import { artifactsNamed, assetState, assetStatement, declarationFor } from "./assets.js";
import { audit } from "./audit.js";
import type { EvidenceFile } from "./evidence.js";
import { evidenceEntry, evidenceFile } from "./evidence.js";
import type { Gatekeeper } from "./gatekeeper.js";
import type { Keyring } from "./keyring.js";
import type { Projection } from "./projection.js";
import { enact, findDecision } from "./promote.js";
import type { Record } from "./record.js";
import { toEntry } from "./record.js";
import { trustRootStatement } from "./setup.js";
import { checkStatable, erase, revocationStatement, submit, submitSignature } from "./submit.js";
import type { TrustChange } from "./trust-change.js";
import { nextTrustRoot } from "./trust-change.js";
import type {
  AdmitInput,
  AdmitResult,
  AuditReport,
  DecisionRecord,
  EntryView,
  GateInput,
  PromoteResult,
  Promotion,
  VersionDetail,
  VersionSummary,
} from "./types.js";
import { decisions, entryView, promotions, version, versions } from "./views.js";

export interface WorkspaceParts {
  record: Record;
  gatekeeper: Gatekeeper;
  projection: Projection;
  keyring: Keyring;
  service: Signer;
  pin: RootPin;
  policies: PolicySet;
  knownBad: () => Promise<KnownBad | undefined>;
  verifyLog: () => Promise<{ root: string; problems: AuditReport["problems"] }>;
  release: () => Promise<void>;
}

const NEWEST = Number.MAX_SAFE_INTEGER;

/** One tenant's record and the questions that can be asked of it. */
export class Workspace {
  readonly #parts: WorkspaceParts;

  constructor(parts: WorkspaceParts) {
    this.#parts = parts;
  }

  get id(): string {
    return this.#parts.record.workspace;
  }

  get log(): Log {
    return this.#parts.record.log;
  }

  get size(): number {
    return this.log.size;
  }

  get keyring(): Keyring {
    return this.#parts.keyring;
  }

  get rootKey(): PublicKey {
    return this.#parts.pin.key;
  }

  get service(): Signer {
    return this.#parts.service;
  }

  get policies(): PolicySet {
    return this.#parts.policies;
  }

  admit(input: AdmitInput, hooks: AdmitHooks = {}): Promise<AdmitResult> {
    return admit(this.#parts, input, hooks);
  }

  gate(input: GateInput): Promise<DecisionRecord> {
    return this.#parts.gatekeeper.decide(input);
  }

  /** The same question, with nothing put on the record. */
  preview(input: GateInput): Promise<DecisionRecord> {
    return this.#parts.gatekeeper.preview(input);
  }

  async promote(input: Omit<GateInput, "gate">): Promise<PromoteResult> {
    const decision = await this.gate({ ...input, gate: "promote" });
    if (decision.outcome !== "allow") return { decision };
    return { decision, promotion: await this.enact(decision.id, input.principal) };
  }

  enact(decision: Digest, principal: string): Promise<Promotion> {
    return enact(this.#parts, decision, principal);
  }

  /** The statement by which a principal approves; to be signed with that principal's own key. */
  async approvalStatement(input: {
    subject: string;
    environment: string;
    action?: string;
  }): Promise<Statement> {
    const { artifact, name } = await this.#parts.gatekeeper.resolve(input.subject);
    const predicate = {
      workspace: this.id,
      action: input.action ?? "promote",
      environment: input.environment,
      nonce: randomUUID(),
    };
    return makeStatement([subjectOf(artifact, name)], PREDICATE_TYPES.approval, predicate);
  }

  async approve(input: {
    subject: string;
    environment: string;
    action?: string;
    signer: Signer;
  }): Promise<EntryView> {
    await this.#requireApprover(input.signer, input.environment);
    return this.submit(await signStatement(await this.approvalStatement(input), input.signer));
  }

  async declare(input: {
    subject: string;
    licence?: string;
    origin?: string;
    tags?: globalThis.Record<string, string>;
    signer: Signer;
  }): Promise<EntryView> {
    const { artifact, name } = await this.#parts.gatekeeper.resolve(input.subject);
    const { licence, origin, tags } = input;
    const predicate = {
      nonce: randomUUID(),
      ...(licence === undefined ? {} : { licence }),
      ...(origin === undefined ? {} : { origin }),
      ...(tags === undefined ? {} : { tags }),
    };
    const statement = makeStatement([subjectOf(artifact, name)], PREDICATE_TYPES.declaration, predicate);
    return this.submit(await signStatement(statement, input.signer));
  }

  /** States what this process itself knows, with the service's key. */
  async state(statements: Statement[]): Promise<Entry[]> {
    const { record, service, gatekeeper } = this.#parts;
    const trust = await gatekeeper.trust();
    for (const statement of statements) checkStatable(record, trust, service.publicKey.keyId, statement);
    return record.write(await Promise.all(statements.map((statement) => record.sign(statement, service))));
  }

  /** An entry with what it says and whether it holds by itself; what its neighbours say of it is not asked. */
  async read(index: number): Promise<Judged> {
    return judgeEntry(await this.entry(index), await this.#parts.gatekeeper.context());
  }

  /** The artifact that a digest or a name (its newest version) means; the name only where one was given. */
  resolve(subject: string): Promise<{ artifact: Digest; name?: string }> {
    return this.#parts.gatekeeper.resolve(subject);
  }

  /** What was said of a subject in one kind of statement, in log order; each judged by itself. */
  async about(subject: Digest, predicate: Predicate): Promise<Judged[]> {
    await this.#parts.record.settled();
    const chain = await this.#parts.record.chain(subject);
    const context = await this.#parts.gatekeeper.context();
    const entries = chain.filter((entry) => entry.predicate === predicate);
    return Promise.all(entries.map((entry) => judgeEntry(entry, context)));
  }

  /** What the log says of an asset of the inventory now; undefined where nobody ever described it. */
  asset(kind: AssetKind, name: string): Promise<AssetState | undefined> {
    return assetState(this.#parts, kind, name);
  }

  /**
   * The statements that put a document into force: its own, and for each version the declaration of what it lacks. Without
   * `principal`, only the declarations.
   */
  async assetStatements(
    asset: { kind: AssetKind; name: string },
    document: Document | null,
    { principal, before }: { principal?: string; before?: Document | null },
  ): Promise<Statement[]> {
    const own = principal === undefined ? [] : [assetStatement(this.id, asset, document, principal)];
    // Whoever takes a document out of force does not take back what was said of bytes.
    if (document === null) return own;
    const artifacts = await artifactsNamed(this.#parts, asset.kind, asset.name);
    const wanted = artifacts.map((digest) => declarationFor(this.#parts, digest, asset, document, before));
    return [...own, ...(await Promise.all(wanted)).filter((statement) => statement !== undefined)];
  }

  /** Resolves once everything durable is folded. */
  settled(): Promise<void> {
    return this.#parts.record.settled();
  }

  async submit(envelope: Envelope): Promise<EntryView> {
    return this.#view(await submit(this.#parts, envelope));
  }

  async submitSignature(bundle: Uint8Array, subject: string): Promise<EntryView> {
    const { artifact } = await this.#parts.gatekeeper.resolve(subject);
    return this.#view(await submitSignature(this.#parts, bundle, artifact));
  }

  async revoke(input: { envelope: Digest; reason: string; signer: Signer }): Promise<EntryView> {
    return this.submit(await signStatement(revocationStatement(input.envelope, input.reason), input.signer));
  }

  async erase(input: { index: number; reason: string }): Promise<EntryView> {
    return this.#view(await erase(this.#parts, this.#parts.service, input.index, input.reason));
  }

  trust(): Promise<Trust> {
    return this.#parts.gatekeeper.trust();
  }

  async changeTrust(change: TrustChange, rootSigner: Signer): Promise<TrustRoot> {
    const root = nextTrustRoot(await this.trust(), change);
    await this.submit(await signStatement(trustRootStatement(root), rootSigner));
    return root;
  }

  versions(
    limit: number = 100,
    before: number = NEWEST,
    kind: AssetKind = "Model",
  ): Promise<VersionSummary[]> {
    return versions(this.#parts, kind, limit, before);
  }

  version(subject: string): Promise<VersionDetail> {
    return version(this.#parts, subject);
  }

  decisions(limit: number = 100, before: number = NEWEST): Promise<DecisionRecord[]> {
    return decisions(this.#parts, limit, before);
  }

  async decision(id: Digest): Promise<DecisionRecord> {
    return (await findDecision(this.#parts, id)).decision;
  }

  promotions(limit: number = 100, before: number = NEWEST): Promise<Promotion[]> {
    return promotions(this.#parts, limit, before);
  }

  entry(index: number): Promise<Entry> {
    return this.#parts.record.entry(index);
  }

  /** Entries of the log, of all workspaces, from one index up to another. */
  async *entries(from: number, to: number): AsyncGenerator<Entry> {
    for await (const { index, leaf } of this.log.entries(from, to)) yield toEntry(index, leaf);
  }

  /** An entry with its object and its inclusion proof at the log's present size. */
  async proof(index: number): Promise<Awaited<ReturnType<typeof evidenceEntry>>> {
    return evidenceEntry(this.#parts.record, await this.entry(index), this.size);
  }

  evidence(decision: Digest): Promise<EvidenceFile> {
    return evidenceFile(this.#parts, decision);
  }

  audit(): Promise<AuditReport> {
    return audit(this.#parts.record, this.#parts.projection, this.#parts.verifyLog);
  }

  /** Calls `listener` for each entry once it is durable and folded; returns how to stop that. */
  onEntry(listener: (entry: Entry) => void): () => void {
    return this.#parts.record.onEntry(listener);
  }

  async close(): Promise<void> {
    await this.log.close();
    await this.#parts.release();
  }

  async #view(entry: Entry): Promise<EntryView> {
    return entryView(await judgeEntry(entry, await this.#parts.gatekeeper.context()));
  }

  async #requireApprover(signer: Signer, environment: string): Promise<void> {
    const { keyId } = signer.publicKey;
    const trust = await this.trust();
    const roles = trust.root.keys.find((key) => key.keyId === keyId)?.roles ?? [];
    if (trust.approvalRoles(roles, environment).length > 0) return;
    const approvers = trust.approvers(environment, this.#parts.record.now());
    const may = [...new Set(approvers.map(({ principal }) => principal))];
    const who = may.length === 0 ? "Nobody may" : `${may.join(", ")} may`;
    throw new CountersignError(
      "approval-refused",
      `This key may not approve for ${environment}. ${who}: run \`countersign trust show\`, or let the key in with \`countersign trust allow\`.`,
    );
  }
}
