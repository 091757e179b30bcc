import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import type { Job } from "@countersign/api";
import type { Workspace } from "@countersign/workspace";
import type pg from "pg";
import type { Config } from "../config/config.js";
import type { JobStore } from "../jobs/store.js";
import type { ArtifactStore } from "../mlflow/artifacts/store.js";
import type { Run } from "../mlflow/runs/store.js";
import { stagedDirectory } from "../routes/uploads/staging.js";
import { Gate } from "./gate.js";
import { LoggedModels } from "./logged/store.js";
import { Models } from "./models.js";
import { Provenance } from "./provenance/provenance.js";
import { Reader } from "./reader.js";
import type { VersionRow } from "./rows.js";
import { Tags } from "./tags.js";
import { Versions } from "./versions.js";

export interface RegistryParts {
  workspace: Workspace;
  pool: pg.Pool;
  clock: () => number;
  artifacts: ArtifactStore;
  jobs: JobStore;
  /** Tells the worker that something was queued. */
  wake: () => void;
  config: Pick<Config, "directory">;
  /** Where this server is, for the commands that a refusal names. */
  server: () => string;
  /** A run with all that it logged. */
  run: (id: string) => Promise<Run>;
  onFault: (error: unknown) => void;
}

/** What the jobs row of a registration asks for. */
export interface RegisterInput {
  name: string;
}

const POLL_MS = 20;
const MAX_POLL_MS = 250;

/** Registered models and their versions. */
export class Registry {
  readonly pool: pg.Pool;
  readonly artifacts: ArtifactStore;
  readonly models: Models;
  readonly logged: LoggedModels;
  readonly versions: Versions;
  readonly tags: Tags;
  readonly gate: Gate;
  readonly reader: Reader;
  readonly #provenance: Provenance;
  readonly #parts: RegistryParts;

  readonly #recording = new Map<string, Promise<void>>();
  #sweeping: Promise<void> = Promise.resolve();
  #closing = false;

  constructor(parts: RegistryParts) {
    const { workspace, pool, clock, artifacts, server } = parts;
    const admit = (root: string, name: string, principal: string) => this.#admitAgain(root, name, principal);
    this.#parts = parts;
    this.pool = pool;
    this.artifacts = artifacts;
    this.models = new Models(workspace.id, clock);
    this.logged = new LoggedModels(workspace.id, clock);
    this.versions = new Versions(workspace.id, clock);
    this.tags = new Tags(workspace.id);
    this.gate = new Gate({ workspace, artifacts, server, admit });
    this.#provenance = new Provenance({ ...parts, models: this.models, versions: this.versions });
    this.reader = new Reader({ pool, versions: this.versions, tags: this.tags, gate: this.gate });
  }

  /** Has the bytes of a version read; its row, which names the job, is stored already. */
  async queue({ job, principal }: Pick<VersionRow, "job" | "principal">, name: string): Promise<Job> {
    const input: RegisterInput = { name };
    const queued = await this.#parts.jobs.create({
      id: job,
      kind: "register",
      title: name,
      principal,
      input,
    });
    this.#parts.wake();
    return queued;
  }

  /** Waits a little: small models are registered by the time that the client is answered. */
  async awaitEnd(job: string, patienceMs: number): Promise<void> {
    const end = performance.now() + patienceMs;
    for (let pause = POLL_MS; performance.now() < end; pause = Math.min(pause * 1.5, MAX_POLL_MS)) {
      const row = await this.versions.byJob(this.pool, job);
      if (row?.status !== "PENDING_REGISTRATION") return;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  /** A registration that will not run again has failed, whatever ended it. */
  async ended(job: Job): Promise<void> {
    if (job.kind !== "register" || (job.state !== "failed" && job.state !== "cancelled")) return;
    const message = job.error?.detail ?? `The registration was ${job.state}. Register the model again.`;
    const end = { status: "FAILED_REGISTRATION", message, artifact: null } as const;
    await this.versions.settle(this.pool, job.id, end);
  }

  /** A run has ended; what it read and made goes on the record. */
  runFinished(run: string): Promise<void> {
    // One after the other: two ends of one run that come at once would both find nothing said yet.
    const recorded = (this.#recording.get(run) ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => this.#provenance.record(run));
    this.#recording.set(run, recorded);
    const forget = (): void => {
      if (this.#recording.get(run) === recorded) this.#recording.delete(run);
    };
    recorded.then(forget, forget);
    return recorded;
  }

  /**
   * What was registered from below a run that has ended is one more thing that it made; and the files of a logged model may have
   * changed between the end of its run and the registration that sealed them.
   */
  async registeredFrom(root: string): Promise<void> {
    for (const run of await this.#provenance.endedRunsOf(root))
      await this.runFinished(run).catch(this.#parts.onFault);
  }

  /** At start: a kill between the version's row and its job must not leave it pending for ever. */
  async resume(): Promise<void> {
    for (const row of await this.versions.pending(this.pool)) {
      const model = await this.models.byId(this.pool, row.model);
      await this.ended(await this.queue(row, model?.name ?? ""));
    }
    this.#sweeping = this.#sweep().catch(this.#parts.onFault);
  }

  async #admitAgain(root: string, name: string, submitter: string): Promise<void> {
    const { config, workspace } = this.#parts;
    const path = stagedDirectory(config.directory, randomUUID());
    try {
      await this.artifacts.materialise(root, path);
      await workspace.admit({ path, name, submitter });
    } finally {
      await rm(path, { recursive: true, force: true });
    }
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#sweeping;
    await Promise.allSettled(this.#recording.values());
  }

  async #sweep(): Promise<void> {
    for (const run of await this.#provenance.missed()) {
      if (this.#closing) return;
      await this.runFinished(run);
    }
  }
}
