import { CountersignError } from "@countersign/evidence";
import { ProtocolError } from "@countersign/tracking";
import type { Workspace } from "@countersign/workspace";
import { artifactOf } from "../../registry/bytes.js";
import type { ArtifactStore } from "./store.js";

interface Known {
  /** Length of the log that the answer is about: every new entry may change it. */
  size: number;
  refusal: string | undefined;
}

const MAX_KNOWN = 1_000;

/**
 * What was registered and is known to be bad is handed to nobody, by whatever path: a client can name a logged model or a run
 * instead of the version that a gate would refuse.
 */
export class SealedReads {
  readonly #artifacts: ArtifactStore;
  readonly #workspace: Workspace;
  readonly #known = new Map<string, Known>();

  constructor(artifacts: ArtifactStore, workspace: Workspace) {
    this.#artifacts = artifacts;
    this.#workspace = workspace;
  }

  async require(root: string): Promise<void> {
    const refusal = await this.#refusal(root);
    if (refusal !== undefined) throw new ProtocolError("PERMISSION_DENIED", refusal);
  }

  async #refusal(root: string): Promise<string | undefined> {
    // Before it is sealed nobody has registered it: its bytes may still change, and nobody has judged them.
    if (!(await this.#artifacts.sealed(root))) return undefined;
    const { size } = this.#workspace;
    const known = this.#known.get(root);
    if (known?.size === size) return known.refusal;
    const refusal = await this.#judge(root);
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(root, { size, refusal });
    return refusal;
  }

  async #judge(root: string): Promise<string | undefined> {
    const files = await this.#artifacts.files(root);
    if (files.length === 0) return undefined;
    const artifact = artifactOf(files);
    const facts = await this.#facts(artifact);
    const head = `The artifacts of ${root} are handed to nobody.`;
    const more = `To see why: countersign trace ${artifact}`;
    if (facts?.negatives.includes("contained"))
      return `${head} They are contained: something they rest on was found to be bad. ${more}`;
    if (facts && facts.negatives.length > 0)
      return `${head} Evidence about them cannot be relied on: ${facts.negatives.join(", ")}. ${more}`;
    if (facts?.scan.verdict === "malicious") {
      const rules = facts.scan.findings.slice(0, 5).join(", ");
      return `${head} The scanner found that loading them would run code: ${rules}. ${more}`;
    }
    return undefined;
  }

  /** `undefined` while the registration has not put anything on record yet. */
  async #facts(artifact: string): Promise<Awaited<ReturnType<Workspace["version"]>>["facts"] | undefined> {
    try {
      return (await this.#workspace.version(artifact)).facts;
    } catch (error) {
      if (error instanceof CountersignError && error.code === "not-found") return undefined;
      throw error;
    }
  }
}
