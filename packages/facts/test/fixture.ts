import type { Digest, Manifest, Signer, Statement } from "@countersign/evidence";
import {
  encodeEnvelope,
  generateKey,
  keySigner,
  makeStatement,
  manifestDigest,
  sha256,
  signStatement,
} from "@countersign/evidence";
import type { ChainRow, Entry, HeldFacts, Predicate, TrustRoot } from "../src/index.js";
import {
  checkChain,
  encodeLeaf,
  Fold,
  holdFacts,
  OpenCache,
  outcomeOf,
  PREDICATE_TYPES,
  predicateOf,
  subjectsOf,
  trustInForce,
} from "../src/index.js";

export const NOW = 1_790_000_000_000;
const PEOPLE = {
  root: ["root"],
  service: ["scanner", "service"],
  scanner2: ["scanner"],
  author: ["author"],
  approver: ["approver"],
  revoker: ["revoker"],
} as const;
export type Person = keyof typeof PEOPLE;

const text = new TextEncoder();
export const manifest: Manifest = {
  files: [{ name: "model.onnx", digest: sha256(text.encode("m")), size: 1 }],
};
export const artifact: Digest = manifestDigest(manifest);

/** A record in memory with real keys, envelopes and leaves, and stores that a test may damage. */
export class Fixture {
  readonly fold = new Fold();
  readonly objects = new Map<Digest, Uint8Array>();
  readonly rows = new Map<Digest, ChainRow[]>();
  readonly signers = new Map<string, Signer>();
  at = NOW;

  constructor() {
    for (const person of [...Object.keys(PEOPLE), "stranger"]) {
      this.signers.set(person, keySigner(generateKey("ed25519").privatePem));
    }
  }

  signer(person: string): Signer {
    return this.signers.get(person)!;
  }

  async start(change: Partial<TrustRoot> = {}): Promise<this> {
    await this.stateRoot({ ...this.firstRoot(), ...change }, "root");
    return this;
  }

  firstRoot(): TrustRoot {
    return {
      version: 1,
      workspace: "default",
      previous: null,
      validFrom: 0,
      validUntil: NOW * 2,
      keys: Object.entries(PEOPLE).map(([principal, roles]) => {
        const { keyId, pem } = this.signer(principal).publicKey;
        return { keyId, pem, principal, roles: [...roles] };
      }),
      rules: [
        { role: "scanner", predicates: ["scan"] },
        {
          role: "service",
          predicates: [
            "manifest",
            "declaration",
            "decision",
            "promotion",
            "tombstone",
            "containment",
            "deployment",
          ],
        },
        { role: "author", predicates: ["signature", "declaration", "revocation"] },
        { role: "approver", predicates: ["approval", "revocation"], environments: ["production"] },
        { role: "revoker", predicates: ["revocation"] },
      ],
      revokers: ["revoker"],
      compromised: [],
      rootKeys: [this.signer("root").publicKey.keyId],
    };
  }

  stateRoot(root: TrustRoot, person: string): Promise<Entry> {
    const digest = { sha256: sha256(text.encode(JSON.stringify(root))).slice(7) };
    return this.log(makeStatement([{ digest }], PREDICATE_TYPES["trust-root"], root), person);
  }

  /** States `predicate` about the artifact (or another subject) in the name of `person`. */
  state(
    kind: Exclude<Predicate, "other">,
    person: string,
    predicate: object,
    subject = artifact,
  ): Promise<Entry> {
    const of = [{ name: "model", digest: { sha256: subject.slice(7) } }];
    return this.log(makeStatement(of, PREDICATE_TYPES[kind], predicate), person);
  }

  async log(statement: Statement, person: string): Promise<Entry> {
    const signer = this.signer(person);
    return this.append(
      encodeEnvelope(await signStatement(statement, signer)),
      statement,
      signer.publicKey.keyId,
    );
  }

  append(bytes: Uint8Array, statement: Statement, signer: Digest): Entry {
    const envelope = sha256(bytes);
    this.objects.set(envelope, bytes);
    const raw = encodeLeaf({
      v: 1,
      at: this.at++,
      workspace: "default",
      predicate: predicateOf(statement.predicateType),
      outcome: outcomeOf(statement),
      envelope,
      signer,
      subjects: subjectsOf(statement, "default"),
    });
    const entry = this.fold.apply(this.fold.size, raw);
    for (const subject of entry.subjects) {
      this.rows.set(subject, [...(this.rows.get(subject) ?? []), { index: entry.index, raw }]);
    }
    return entry;
  }

  /** Logs an entry a second time, as somebody who replays it would. */
  replay(entry: Entry, statement: Statement): Entry {
    return this.append(this.objects.get(entry.envelope)!, statement, entry.signer);
  }

  chain = async (subject: Digest): Promise<Entry[]> =>
    checkChain(this.rows.get(subject) ?? [], this.fold.head("default", subject), subject);

  async hold(now = this.at): Promise<HeldFacts> {
    const object = async (digest: Digest) => this.objects.get(digest);
    const pin = { key: this.signer("root").publicKey, workspace: "default" };
    const trust = await trustInForce(this.fold.trustRoots("default"), pin, object);
    const context = { trust, cache: new OpenCache(), source: { object, chain: this.chain } };
    return holdFacts(artifact, await this.chain(artifact), context, now);
  }

  name(): Promise<Entry> {
    return this.state("manifest", "service", { manifest, submitter: "author" });
  }

  scan(
    verdict: string,
    options: { by?: string; rules?: string; validUntil?: number; files?: object[] } = {},
  ): Promise<Entry> {
    const { by = "service", rules = "2026.11.1", validUntil = NOW + 1e9 } = options;
    const files = options.files ?? [
      {
        path: "model.onnx",
        sha256: sha256(text.encode("m")).slice(7),
        format: "onnx",
        verdict,
        findings: [],
      },
    ];
    return this.state("scan", by, { scanner: { name: "countersign", rules }, verdict, files, validUntil });
  }

  approval(person = "approver", change: object = {}): Promise<Entry> {
    return this.state("approval", person, {
      workspace: "default",
      action: "promote",
      environment: "production",
      ...change,
    });
  }

  revoke(entry: Entry, person: string): Promise<Entry> {
    return this.state("revocation", person, { reason: "test" }, entry.envelope);
  }
}
