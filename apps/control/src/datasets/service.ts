import type {
  DatasetAccess,
  DatasetDeletion,
  DatasetDetail,
  DatasetRollbackResult,
  DatasetSummary,
  DatasetVersionDetail,
} from "@countersign/api";
import { type Digest, isDigest } from "@countersign/evidence";
import type { JobContext } from "../jobs/worker.js";
import { artifactsOf, type History, historyOf, sayingsOf, unknownDataset, type Version } from "./history.js";
import { type Judgement, judge, type RunInput } from "./judge.js";
import { listDatasets } from "./list.js";
import type { DatasetParts } from "./parts.js";
import { Reads } from "./reads.js";
import { stateProfile } from "./record.js";
import { finishRemoval, isUnfinished, removeVersion } from "./removal.js";
import { rollback, usersOf } from "./rollback.js";
import { changesOf, versionView, versionViews } from "./views.js";
import { type DatasetTask, workOnDataset } from "./work.js";

const MAX_ACCESSES = 200;

/** Datasets: their versions, what runs may read, and what has to go. */
export class Datasets {
  readonly #parts: DatasetParts;
  readonly #directory: string;
  readonly #reads: Reads;

  constructor(parts: DatasetParts, directory: string) {
    this.#parts = parts;
    this.#directory = directory;
    this.#reads = new Reads(parts.pool, parts.workspace.id, parts.clock);
  }

  /** The train gate of a run, and a line in the list of who read what. */
  async judgeInput(input: RunInput): Promise<Judgement> {
    const { workspace } = this.#parts;
    const learn = (version: Version, name: string, digest: string): Promise<void> =>
      stateProfile(workspace, version.artifact, name, { mlflowDigests: [digest] });
    const judgement = await judge({ ...this.#parts, learn }, input);
    await this.#reads.add({
      name: input.name,
      artifact: judgement.outcome === "known" ? judgement.artifact : null,
      principal: input.principal ?? "",
      run: input.run ?? null,
      via: "mlflow",
      outcome: judgement.outcome,
      detail: judgement.outcome === "refused" ? judgement.reason : `digest ${input.digest}`,
    });
    return judgement;
  }

  list(limit: number, after: string, query: string): Promise<DatasetSummary[]> {
    return listDatasets(this.#parts, limit, after, query);
  }

  async get(name: string): Promise<DatasetDetail> {
    const history = await historyOf(this.#parts.workspace, name);
    if (history.versions.length === 0 && history.document === undefined) throw unknownDataset(name);
    const { settings, current, document } = history;
    return {
      name,
      declared: document !== undefined,
      current: current?.artifact ?? null,
      subjectColumn: settings.subjectColumn ?? null,
      retentionDays: settings.retentionDays ?? null,
      train: settings.train,
      versions: await versionViews(this.#parts.workspace, history),
      accesses: await this.#accesses(history, null),
    };
  }

  async version(name: string, digest: string): Promise<DatasetVersionDetail> {
    const { workspace } = this.#parts;
    const history = await historyOf(workspace, name);
    const version = artifactsOf(history).find(({ artifact }) => artifact === digest);
    if (version === undefined) throw unknownDataset(`${name} (${digest})`);
    const sayings = await sayingsOf(workspace, version.artifact, name);
    const profile = sayings.statements.findLast(({ said }) => said.profile !== undefined)?.said.profile;
    return {
      ...versionView(history, version, sayings),
      name,
      manifest: version.manifest,
      profile: profile ?? null,
      accesses: await this.#accesses(history, digest),
    };
  }

  async rollback(name: string, to: Digest, principal: string): Promise<DatasetRollbackResult> {
    const { replaced } = await rollback(this.#parts, name, to, principal);
    const version = await this.version(name, to);
    const { manifest: _m, profile: _p, accesses: _a, name: _n, ...view } = version;
    const none = { runs: [], models: [], deployments: [] };
    const users = replaced === undefined ? none : await usersOf(this.#parts, replaced.artifact);
    return { version: view, replaced: replaced?.artifact ?? null, ...users };
  }

  /** A read that somebody reports: taken as said, and shown as reported. */
  async reportRead(
    name: string,
    read: { artifact: Digest; run?: string; detail?: string },
    principal: string,
  ): Promise<DatasetAccess> {
    const { artifact } = await this.version(name, read.artifact);
    return this.#reads.add({
      name,
      artifact,
      principal,
      run: read.run ?? null,
      via: "reported",
      outcome: "known",
      detail: read.detail ?? "",
    });
  }

  /** Deletions on record; with `reference`, those of one data subject. */
  async deletions(name: string, reference?: string): Promise<DatasetDeletion[]> {
    const { workspace, subjects } = this.#parts;
    const history = await historyOf(workspace, name);
    if (history.versions.length === 0) throw unknownDataset(name);
    const wanted = reference === undefined ? undefined : subjects.hash(name, reference);
    const found: DatasetDeletion[] = [];
    for (const { artifact } of artifactsOf(history)) {
      for (const { at, index, said } of (await sayingsOf(workspace, artifact, name)).statements) {
        const { removal } = said;
        if (removal === undefined || (wanted !== undefined && removal.reference !== wanted)) continue;
        const { reason, rows, principal, replacedBy } = removal;
        const to = replacedBy !== undefined && isDigest(replacedBy) ? replacedBy : null;
        found.push({
          at,
          index,
          reason,
          reference: removal.reference ?? null,
          artifact,
          replacedBy: to,
          rows,
          principal,
        });
      }
    }
    return found.sort((a, b) => b.index - a.index);
  }

  /** Removes the bytes of versions whose time is over, and answers what went now. */
  async expire(name: string, principal: string): Promise<DatasetDeletion[]> {
    const { workspace, clock } = this.#parts;
    const history = await historyOf(workspace, name);
    const before = new Set((await this.deletions(name)).map(({ index }) => index));
    for (const version of artifactsOf(history)) {
      const sayings = await sayingsOf(workspace, version.artifact, name);
      const { due, rows } = versionView(history, version, sayings);
      if (sayings.removed !== undefined) {
        // A removal that was interrupted, whatever its reason.
        if (await isUnfinished(this.#parts, version, sayings))
          await finishRemoval(this.#parts, name, version);
      } else if (due !== null && due <= clock()) {
        const removal = { reason: "retention" as const, rows: rows ?? 0, principal };
        await removeVersion(this.#parts, name, version, removal);
      }
    }
    return (await this.deletions(name)).filter(({ index }) => !before.has(index));
  }

  /** What a job's input holds instead of the reference itself. */
  wrap(reference: string): string {
    return this.#parts.subjects.wrap(reference);
  }

  work(input: unknown, context: JobContext): Promise<unknown> {
    return workOnDataset(this.#parts, this.#directory, input as DatasetTask, context);
  }

  async close(): Promise<void> {
    await this.#parts.runner.close();
  }

  async #accesses(history: History, artifact: string | null): Promise<DatasetAccess[]> {
    const reads = await this.#reads.list(history.name, artifact, MAX_ACCESSES);
    const changes = await changesOf(this.#parts.workspace, history);
    const own = artifact === null ? changes : changes.filter((change) => change.artifact === artifact);
    return [...reads, ...own].sort((a, b) => b.at - a.at).slice(0, MAX_ACCESSES);
  }
}
