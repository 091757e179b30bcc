import type { Digest, Signer, Statement } from "@countersign/evidence";
import { CountersignError, canonicalJson, isDigest, sha256 } from "@countersign/evidence";
import type {
  ChainHead,
  Entry,
  FactSource,
  HeldFacts,
  JudgeContext,
  RootPin,
  Trust,
} from "@countersign/facts";
import { assetKey, holdFacts, judgeEntry, OpenCache, supersede, trustInForce } from "@countersign/facts";
import type { Decision, Gate, PolicySet } from "@countersign/policy";
import { evaluate } from "@countersign/policy";
import type { DecisionPredicate } from "./decision.js";
import { decisionRecord, decisionStatement, sameDecision } from "./decision.js";
import { factsInput } from "./inputs.js";
import type { Record } from "./record.js";
import type { DecisionRecord, GateInput } from "./types.js";

export interface Subject {
  artifact: Digest;
  /** Absent where the artifact was asked for by digest: it then goes by the first name that it was admitted under. */
  name?: string;
}

/** Reads the record, asks the policy, writes the decision. */
export class Gatekeeper {
  readonly #record: Record;
  readonly #pin: RootPin;
  readonly #service: Signer;
  readonly #policies: () => PolicySet;
  readonly #cache = new OpenCache();
  readonly #source: FactSource;
  #trust: { roots: number; trust: Trust } | undefined;

  constructor(parts: { record: Record; pin: RootPin; service: Signer; policies: () => PolicySet }) {
    this.#record = parts.record;
    this.#pin = parts.pin;
    this.#service = parts.service;
    this.#policies = parts.policies;
    this.#source = {
      object: (digest) => parts.record.objects.get(digest),
      chain: (subject) => parts.record.chain(subject),
    };
  }

  /** The trust root in force. */
  async trust(): Promise<Trust> {
    const rows = [...this.#record.fold.trustRoots(this.#record.workspace)];
    if (this.#trust?.roots !== rows.length) {
      const trust = await trustInForce(rows, this.#pin, this.#source.object);
      this.#trust = { roots: rows.length, trust };
    }
    return this.#trust.trust;
  }

  async context(): Promise<JudgeContext> {
    return { source: this.#source, trust: await this.trust(), cache: this.#cache };
  }

  /** Finds the artifact that `subject` means: a digest, or an asset's name, whose newest version it is. */
  async resolve(subject: string, name?: string): Promise<Subject> {
    if (isDigest(subject)) return { artifact: subject, ...(name === undefined ? {} : { name }) };
    const chain = await this.#source.chain(assetKey(this.#record.workspace, subject));
    const context = await this.context();
    // An asset's documents stand in the same chain; only a manifest names bytes.
    const manifests = chain.filter(({ predicate }) => predicate === "manifest");
    const judged = supersede(await Promise.all(manifests.map((entry) => judgeEntry(entry, context))));
    for (const { entry, status, statement } of judged.reverse()) {
      if (status === "missing" || status === "erased") throw unnamed(subject, entry, status);
      if (status !== "held" || !statement?.subject.some(({ name }) => name === subject)) continue;
      return { artifact: entry.subjects[0] as Digest, name: subject };
    }
    throw new CountersignError(
      "not-found",
      `Nothing named ${JSON.stringify(subject)} is on record. Run \`countersign admit PATH --name ${subject}\` first.`,
    );
  }

  async hold(artifact: Digest): Promise<HeldFacts> {
    return holdFacts(artifact, await this.#source.chain(artifact), await this.context(), this.#record.now());
  }

  /** Decides and puts the decision on the record, unless the newest one says the same of the same evidence. */
  async decide(input: GateInput): Promise<DecisionRecord> {
    await this.#record.settled();
    const subject = await this.resolve(input.subject, input.name);
    const { statement, known } = await this.rule(subject, input);
    if (known !== undefined) return known;
    const entry = await this.#record.state(statement, this.#service);
    return decisionRecord(entry, statement);
  }

  /** What the decision would be, with nothing put on the record. Its id and index are those of no entry. */
  async preview(input: GateInput): Promise<DecisionRecord> {
    await this.#record.settled();
    const subject = await this.resolve(input.subject, input.name);
    const { statement, known } = await this.rule(subject, input);
    if (known !== undefined) return known;
    const envelope = sha256(canonicalJson(statement));
    return decisionRecord({ envelope, index: this.#record.fold.size, at: this.#record.now() }, statement);
  }

  /** The decision as of now, and the one on record if that says the same. */
  async rule(
    { artifact, name: asked }: Subject,
    { gate, environment, principal }: Omit<GateInput, "subject">,
  ): Promise<{ statement: Statement<DecisionPredicate>; known: DecisionRecord | undefined }> {
    const trust = await this.trust();
    const at = this.#record.now();
    const { held, logSize, head } = await this.#holdStill(artifact);
    // Policies may read the name: nobody gives an artifact one that it was not admitted under.
    const name = held.names.find((known) => known === asked) ?? held.names[0] ?? "";
    const decision = trust.holdsAt(at)
      ? this.#evaluate(held, { name, gate, environment, principal }, trust, at)
      : expiredRoot(this.#policies().digest);
    const subject = { count: head.count, hash: head.hash.toString("hex") };
    const ruling = { gate, environment, artifact, name, principal, decision, logSize, subject, at };
    const statement = decisionStatement(
      { ...ruling, trustRoot: trust.digest, inputs: held.inputs },
      `${this.#record.log.origin}/${this.#record.workspace}`,
    );
    const same = sameDecision(held.entries, statement);
    return { statement, known: same?.statement && decisionRecord(same.entry, same.statement) };
  }

  /** Reads the decision of an entry, if it holds. */
  async decision(entry: Entry): Promise<DecisionRecord | undefined> {
    const judged = await judgeEntry(entry, await this.context());
    return judged.status === "held" && judged.statement !== undefined
      ? decisionRecord(entry, judged.statement)
      : undefined;
  }

  // A decision names the log size that it read at, so the chain must not grow between the two.
  async #holdStill(artifact: Digest): Promise<{ held: HeldFacts; logSize: number; head: ChainHead }> {
    const { fold, workspace } = this.#record;
    for (let attempt = 0; attempt < 10; attempt++) {
      const logSize = fold.size;
      const head = fold.head(workspace, artifact);
      const held = await this.hold(artifact);
      if (fold.head(workspace, artifact).count === head.count) return { held, logSize, head };
    }
    throw new CountersignError(
      "conflict",
      `Evidence about ${artifact} keeps arriving. Try again in a moment.`,
    );
  }

  #evaluate(
    held: HeldFacts,
    {
      name,
      gate,
      environment,
      principal,
    }: { name: string; gate: Gate; environment: string; principal: string },
    trust: Trust,
    at: number,
  ): Decision {
    const facts = factsInput(held, name);
    const eligibleApprovers = trust.approvers(environment, at);
    return evaluate(this.#policies(), { gate, environment, principal, facts, eligibleApprovers });
  }
}

// Falling back to an older version would let whoever deletes one object choose what runs.
const unnamed = (name: string, { index, subjects }: Entry, status: "missing" | "erased"): CountersignError =>
  new CountersignError(
    status === "missing" ? "object-missing" : "object-erased",
    `The manifest of the newest version of ${name} (entry ${index}) is ${status}. Name a version by its digest, such as ${subjects[0]}.`,
  );

const expiredRoot = (policyDigest: Digest): Decision => ({
  outcome: "deny",
  reasons: [
    {
      policy: "trust-root-expired",
      reason: "The trust root is outside its validity, so nobody may state anything.",
      remedy: "countersign trust renew",
    },
  ],
  approvers: [],
  approvalsNeeded: 0,
  determining: [],
  policyDigest,
});
