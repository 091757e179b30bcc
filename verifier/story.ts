import {
  canonical,
  digestOf,
  type EvidenceFile,
  envelope,
  type Key,
  Ledger,
  makeKey,
  vkey,
} from "./ledger.js";

// One model's way to production, which each test changes at one place.

const own = (name: string): string => `https://countersign.dev/${name}/v1`;
const TYPES: Record<string, string> = {
  decision: "https://slsa.dev/verification_summary/v1",
  signature: "https://model_signing/signature/v1.0",
};
const OUTCOMES: Record<string, string> = {
  approval: "positive",
  containment: "negative",
  revocation: "negative",
  signature: "positive",
};

const hex = (digest: string): string => digest.slice(7);
const assetKey = (name: string): string => digestOf(`asset\0default\0${name}`);

export const FILES: Record<string, string> = { "README.md": "# hello\n", "weights/model.bin": "0123456789" };
export const manifest = {
  files: Object.entries(FILES).map(([name, content]) => ({
    digest: digestOf(content),
    name,
    size: content.length,
  })),
};
export const artifact: string = digestOf(canonical(manifest));

const NEVER = 9_000_000_000_000;

export class Story {
  readonly ledger: Ledger = new Ledger();
  readonly root: Key = makeKey();
  readonly service: Key = makeKey();
  readonly author: Key = makeKey("P-256");
  readonly approver: Key = makeKey("P-384");
  readonly stranger: Key = makeKey();
  readonly inputs: number[] = [];
  readonly policy: string = digestOf("policy");
  #roots: { index: number; digest: string; predicate: object }[] = [];

  state(predicate: string, key: Key, body: object, about: string = artifact): number {
    const named = predicate === "manifest" ? { name: "scorer" } : {};
    const subject = [{ ...named, digest: { sha256: hex(about) } }];
    const object = envelope(
      { subject, predicateType: TYPES[predicate] ?? own(predicate), predicate: body },
      key,
    );
    const subjects = predicate === "manifest" ? [about, assetKey("scorer")] : [about];
    const clean = (body as { verdict?: string }).verdict === "clean";
    const outcome =
      predicate === "scan" ? (clean ? "positive" : "negative") : (OUTCOMES[predicate] ?? "neutral");
    return this.ledger.append({ outcome, predicate, signer: key.keyId, subjects }, object);
  }

  trustRoot(changes: object = {}, signer: Key = this.root): number {
    const before = this.#roots.at(-1);
    const key = ({ keyId, pem }: Key, principal: string, roles: string[]) => ({
      keyId,
      pem,
      principal,
      roles,
    });
    const predicate = {
      version: this.#roots.length + 1,
      workspace: "default",
      previous: before?.digest ?? null,
      validFrom: 0,
      validUntil: NEVER,
      keys: [
        key(this.root, "root", ["root"]),
        key(this.service, "service", ["scanner", "service"]),
        key(this.author, "alice", ["author", "approver"]),
        key(this.approver, "bob", ["approver"]),
      ],
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
        { role: "author", predicates: ["signature", "scan", "revocation"] },
        { role: "approver", predicates: ["approval"], environments: ["staging", "production"] },
      ],
      revokers: ["alice"],
      compromised: [],
      rootKeys: [this.root.keyId],
      ...changes,
    };
    const index = this.state("trust-root", signer, predicate, digestOf(canonical(predicate)));
    const digest = this.ledger.rows[index]!.leaf.envelope;
    if (signer === this.root) this.#roots.push({ index, digest, predicate });
    return index;
  }

  noise(): number {
    return this.state(
      "declaration",
      this.service,
      { licence: "MIT" },
      digestOf(`noise ${this.ledger.rows.length}`),
    );
  }

  scan(
    verdict: string,
    { key = this.service, rules = "2026.11.1", validUntil = NEVER - this.ledger.rows.length } = {},
  ): number {
    const files = manifest.files.map(({ name, digest }) => {
      return { path: name, sha256: hex(digest), format: "raw", verdict, findings: [] };
    });
    return this.state("scan", key, { scanner: { name: "countersign", rules }, verdict, files, validUntil });
  }

  signature(files: readonly { name: string; digest: string }[] = manifest.files): number {
    const resources = files.map(({ name, digest }) => ({ algorithm: "sha256", digest: hex(digest), name }));
    const predicate = {
      resources,
      serialization: { method: "files", hash_type: "sha256", allow_symlinks: false },
    };
    const subject = [{ name: "scorer", digest: { sha256: hex(digestOf("root")) } }];
    const dsse = envelope({ subject, predicateType: TYPES.signature ?? "", predicate }, this.author);
    const bundle = `{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","dsseEnvelope":${dsse}}`;
    const leaf = {
      outcome: "positive",
      predicate: "signature",
      signer: this.author.keyId,
      subjects: [artifact],
    };
    return this.ledger.append(leaf, Buffer.from(bundle));
  }

  approval(key: Key = this.approver, changes: object = {}): number {
    const body = { workspace: "default", action: "promote", environment: "production", ...changes };
    return this.state("approval", key, body);
  }

  about(index: number): string {
    return this.ledger.rows[index]!.leaf.envelope;
  }

  revocation(index: number, key: Key): number {
    return this.state("revocation", key, { reason: "a mistake" }, this.about(index));
  }

  tombstone(index: number, key: Key = this.service): number {
    this.ledger.erased.add(index);
    return this.state("tombstone", key, { reason: "asked for" }, this.about(index));
  }

  decision(changes: object = {}, { key = this.service, logSize = this.ledger.rows.length } = {}): number {
    const at = 1_000_000 + this.ledger.rows.length;
    const said = {
      gate: "promote",
      environment: "production",
      outcome: "allow",
      reasons: [],
      approvers: [],
      approvalsNeeded: 0,
      trustRoot: this.#roots.at(-1)?.digest,
      logSize,
      subject: this.ledger.chainHead(artifact, logSize),
      artifact,
      principal: "bob",
      ...changes,
    };
    return this.state("decision", key, {
      verifier: { id: "log.example/test/default" },
      timeVerified: new Date(at).toISOString(),
      resourceUri: "scorer",
      policy: { uri: "countersign:policies", digest: { sha256: hex(this.policy) } },
      inputAttestations: this.inputs.map((index) => ({
        uri: `countersign:attestation:${this.about(index)}`,
        digest: { sha256: hex(this.about(index)) },
      })),
      verificationResult: said.outcome === "allow" ? "PASSED" : "FAILED",
      verifiedLevels: [],
      slsaVersion: "1.0",
      countersign: said,
    });
  }

  /** Trust root, manifest, clean scan, licence, signature: what every test starts from. */
  begin(): this {
    this.trustRoot();
    this.noise();
    this.inputs.push(this.state("manifest", this.service, { manifest, submitter: "service" }));
    this.inputs.push(this.scan("clean"));
    this.inputs.push(this.state("declaration", this.service, { licence: "MIT", origin: "here" }));
    this.inputs.push(this.signature());
    return this;
  }

  approved(): this {
    this.inputs.push(this.approval());
    return this;
  }

  /** The file as the product writes it: all but the noise. */
  file(decision: number, left: number[] = []): EvidenceFile {
    const wanted = [...this.ledger.rows.keys()].filter(
      (index) => !this.isNoise(index) && !left.includes(index),
    );
    const root = this.#roots.filter(({ index }) => index < decision).at(-1)?.index ?? 0;
    return this.ledger.file(decision, root, wanted, manifest);
  }

  private isNoise(index: number): boolean {
    const { predicate, subjects } = this.ledger.rows[index]!.leaf;
    return predicate === "declaration" && !subjects.includes(artifact);
  }

  get pins(): { logKey: string; trustRootKey: string; witnessKeys: string[] } {
    const { origin, logKey, witness } = this.ledger;
    return {
      logKey: vkey(origin, 1, logKey),
      trustRootKey: this.root.pem,
      witnessKeys: [vkey("witness.example", 4, witness)],
    };
  }
}
