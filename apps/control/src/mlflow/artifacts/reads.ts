import { CountersignError, type Digest } from "@countersign/evidence";
import { ProtocolError } from "@countersign/tracking";
import type { Workspace } from "@countersign/workspace";
import { artifactOf } from "../../registry/bytes.js";
import type { ArtifactStore, StoredArtifact } from "./store.js";

interface Known<T> {
  /** Length of the log that the answer is about: every new entry may change it. */
  size: number;
  value: T;
}

type Version = Awaited<ReturnType<Workspace["version"]>>;

const MAX_KNOWN = 1_000;

/**
 * What was registered and is known to be bad is handed to nobody, by whatever path: a client can name a logged model or a run
 * instead of the version that a gate would refuse.
 */
export class SealedReads {
  readonly #artifacts: ArtifactStore;
  readonly #workspace: Workspace;
  readonly #sealed = new Map<string, Known<Digest>>();
  readonly #refusals = new Map<string, Known<string | undefined>>();

  constructor(artifacts: ArtifactStore, workspace: Workspace) {
    this.#artifacts = artifacts;
    this.#workspace = workspace;
  }

  async require(root: string, file: StoredArtifact): Promise<void> {
    for (const artifact of await this.#artifactsWith(root, file)) {
      const refusal = await this.#recall(this.#refusals, artifact, () => this.#judge(artifact));
      if (refusal === undefined) continue;
      throw new ProtocolError(
        "PERMISSION_DENIED",
        `The artifacts of ${root} are handed to nobody. ${refusal}`,
      );
    }
  }

  /** The artifacts that a file is part of; what a run has that nobody registered is part of none, and nobody has judged it. */
  async #artifactsWith(root: string, file: StoredArtifact): Promise<Set<Digest>> {
    const seals = await this.#artifacts.sealsOf(root, file);
    const found = new Set<Digest>();
    for (const seal of seals)
      found.add(
        await this.#recall(this.#sealed, seal, async () => artifactOf(await this.#artifacts.files(seal))),
      );
    // Another logged model with the bytes of a registered one is no way around it. They may still change: asked each time.
    if (root.startsWith("m-") && !seals.includes(root))
      found.add(artifactOf(await this.#artifacts.files(root)));
    return found;
  }

  async #recall<T>(answers: Map<string, Known<T>>, key: string, ask: () => Promise<T>): Promise<T> {
    const { size } = this.#workspace;
    const known = answers.get(key);
    if (known?.size === size) return known.value;
    const value = await ask();
    if (answers.size >= MAX_KNOWN) answers.clear();
    answers.set(key, { size, value });
    return value;
  }

  async #judge(artifact: Digest): Promise<string | undefined> {
    const version = await this.#version(artifact);
    const facts = version?.facts;
    const negatives = version === undefined ? [] : negativesOf(version);
    const more = `To see why: countersign trace ${artifact}`;
    if (negatives.includes("contained"))
      return `They are contained: something they rest on was found to be bad. ${more}`;
    if (negatives.length > 0)
      return `Evidence about them cannot be relied on: ${negatives.join(", ")}. ${more}`;
    if (facts?.scan.verdict === "malicious") {
      const rules = facts.scan.findings.slice(0, 5).join(", ");
      return `The scanner found that loading them would run code: ${rules}. ${more}`;
    }
    return undefined;
  }

  /** `undefined` while the registration has not put anything on record yet. */
  async #version(artifact: string): Promise<Version | undefined> {
    try {
      return await this.#workspace.version(artifact);
    } catch (error) {
      if (error instanceof CountersignError && error.code === "not-found") return undefined;
      throw error;
    }
  }
}

/**
 * A run's provenance speaks of what the run made whether somebody registers it or not, so its bytes may be on record without a
 * manifest ever having been. Once there was one, its absence is what an attacker wants.
 */
function negativesOf({ facts, entries }: Version): string[] {
  const registered = entries.some(({ predicate }) => predicate === "manifest");
  return facts.negatives.filter((code) => registered || code !== "manifest-missing");
}
