import { encodeUtf8 } from "./bytes.js";
import { consistencyProof } from "./proofs.js";
import type { TileTree } from "./tree.js";
import type { WitnessClient } from "./witness.js";

interface Job {
  readonly note: Uint8Array;
  readonly tree: TileTree;
}

export interface CosignerOptions {
  readonly witnesses: readonly WitnessClient[];
  /** Takes the checkpoint of a tree with its cosignatures. */
  readonly accept: (cosigned: Uint8Array, tree: TileTree) => Promise<void>;
  /** A witness has seen another history than ours. */
  readonly contradict: (reason: unknown) => void;
}

/** Asks the witnesses about each checkpoint that is published; when they are slow, about the newest. */
export class Cosigner {
  readonly #options: CosignerOptions;
  #next: Job | undefined;
  #running: Promise<void> | undefined;

  constructor(options: CosignerOptions) {
    this.#options = options;
  }

  ask(note: Uint8Array, tree: TileTree): void {
    if (this.#options.witnesses.length === 0) return;
    this.#next = { note, tree };
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    for (let job = this.#next; job; job = this.#next) {
      this.#next = undefined;
      await this.#collect(job);
    }
    this.#running = undefined;
  }

  async #collect({ note, tree }: Job): Promise<void> {
    const proof = (from: number) => consistencyProof(tree, from, tree.size);
    const asked = this.#options.witnesses.map((witness) => witness.cosign(note, tree.size, proof));
    const lines: string[] = [];
    for (const answer of await Promise.allSettled(asked)) {
      if (answer.status === "fulfilled") lines.push(answer.value);
      else this.#options.contradict(answer.reason);
    }
    const added = encodeUtf8(lines.join(""));
    // A checkpoint without them is good too: when they cannot be stored, the next one brings its own.
    if (added.length > 0)
      await this.#options.accept(Buffer.concat([note, added]), tree).catch(() => undefined);
  }

  /** Waits for the witnesses that can be expected to answer; one that was away the last time is not waited for. */
  async expected(): Promise<void> {
    if (this.#options.witnesses.some(({ status }) => status.reachable)) await this.#running;
  }

  /** Waits for all. */
  async settled(): Promise<void> {
    await this.#running;
  }
}
