import {
  canonicalJson,
  type Digest,
  isDigest,
  PAYLOAD_TYPE,
  pae,
  type Statement,
  sha256,
} from "@countersign/evidence";
import type { Workspace } from "@countersign/workspace";
import type pg from "pg";
import type { ArtifactStore } from "../../mlflow/artifacts/store.js";
import type { Run } from "../../mlflow/runs/store.js";
import { artifactOf } from "../bytes.js";
import type { Models } from "../models.js";
import type { VersionRow } from "../rows.js";
import { parseSource, rootIn } from "../source.js";
import type { Versions } from "../versions.js";
import {
  baseModelOf,
  codeOf,
  type Dependency,
  datasetOf,
  environmentOf,
  requirementsIn,
} from "./dependencies.js";
import { type Output, provenanceStatements } from "./statement.js";

export interface ProvenanceParts {
  workspace: Workspace;
  pool: pg.Pool;
  clock: () => number;
  artifacts: ArtifactStore;
  models: Models;
  versions: Versions;
  run: (id: string) => Promise<Run>;
}

/** Tags by which people say what a model was made from. */
const BASE_TAGS = new Set(["countersign.base_model", "base_model"]);
const MAX_REQUIREMENTS = 65_536;
const SWEEP = 10_000;
const ENDED = ["FINISHED", "FAILED", "KILLED"];

/** Puts on the record what a run read and made, without its client knowing. */
export class Provenance {
  readonly #parts: ProvenanceParts;

  constructor(parts: ProvenanceParts) {
    this.#parts = parts;
  }

  /** Says it once: a run that ends again with the same content adds nothing. */
  async record(id: string): Promise<void> {
    const { workspace, pool, clock } = this.#parts;
    const run = await this.#parts.run(id);
    const statements = provenanceStatements({
      workspace: workspace.id,
      builder: `${workspace.log.origin}/${workspace.id}`,
      run,
      ...(await this.#read(run)),
    });
    const fresh: Statement[] = [];
    for (const statement of statements) if (!(await this.#isSaid(statement))) fresh.push(statement);
    if (fresh.length > 0) await workspace.state(fresh);
    await pool.query(
      "insert into run_provenance (workspace, run, at) values ($1, $2, $3) on conflict do nothing",
      [workspace.id, id, clock()],
    );
  }

  /** Runs that have ended and are `root` or made it. Their record may be under way and may have read its outputs already. */
  async endedRunsOf(root: string): Promise<string[]> {
    const { pool, workspace } = this.#parts;
    const answer = await pool.query<{ id: string }>(
      `select id from runs where workspace = $1 and status = any($3) and (id = $2 or id in
         (select run from run_models where workspace = $1 and model = $2 and direction = 'output'))`,
      [workspace.id, root, ENDED],
    );
    return answer.rows.map(({ id }) => id);
  }

  /** Runs that ended while nobody could write it down. */
  async missed(): Promise<string[]> {
    const { pool, workspace } = this.#parts;
    const answer = await pool.query<{ id: string }>(
      `select r.id from runs r left join run_provenance p on p.workspace = r.workspace and p.run = r.id
       where r.workspace = $1 and p.run is null and r.status = any($3)
       order by r.created_at limit $2`,
      [workspace.id, SWEEP, ENDED],
    );
    return answer.rows.map(({ id }) => id);
  }

  async #isSaid(statement: Statement): Promise<boolean> {
    const subject: unknown = `sha256:${statement.subject[0]?.digest.sha256}`;
    if (typeof subject !== "string" || !isDigest(subject)) return false;
    const said = await this.#parts.workspace.about(subject, "provenance");
    // Also what was erased since: to say it again would bring it back.
    const wanted = sha256(pae(PAYLOAD_TYPE, canonicalJson(statement)));
    return said.some((item) => item.said === wanted);
  }

  async #read(run: Run): Promise<{ outputs: Output[]; dependencies: Dependency[]; requirements: string[] }> {
    const outputs: Output[] = [];
    const environment: Dependency[] = [];
    const requirements = new Set<string>();
    const made = [...run.modelOutputs.map(({ model }) => model), ...(await this.#snapshots(run.id))];
    for (const root of new Set(made)) {
      const files = await this.#parts.artifacts.files(root);
      if (files.length === 0) continue;
      outputs.push({ name: await this.#nameOf(root), artifact: artifactOf(files) });
      environment.push(...environmentOf(root, files));
      for (const line of await this.#requirements(root)) requirements.add(line);
    }
    const dependencies = [
      ...run.inputs.map(datasetOf),
      ...codeOf(run),
      ...(await this.#baseModels(run)),
      ...unique(environment),
    ];
    return { outputs, dependencies, requirements: [...requirements].sort() };
  }

  /** Sealed copies of what was registered from below the run itself, as clients do that log no models of their own. */
  async #snapshots(run: string): Promise<string[]> {
    const { pool, versions } = this.#parts;
    const rows = await versions.withSource(pool, run);
    return rows.flatMap(({ root, source }) => (root !== null && rootIn(source) === run ? [root] : []));
  }

  /** What the model is registered as, or what its run called it. */
  async #nameOf(root: string): Promise<string> {
    const { pool, workspace } = this.#parts;
    const answer = await pool.query<{ name: string }>(
      `select m.name from registry_versions v join registry_models m on m.workspace = v.workspace and m.id = v.model
       where v.workspace = $1 and v.root = $2
       union all select name from logged_models where workspace = $1 and id = $2 limit 1`,
      [workspace.id, root],
    );
    return answer.rows[0]?.name ?? root;
  }

  async #requirements(root: string): Promise<string[]> {
    const { artifacts } = this.#parts;
    const found = await artifacts.find(root, "requirements.txt");
    if (found === undefined || found.size > MAX_REQUIREMENTS) return [];
    const { stream } = await artifacts.open(root, "requirements.txt");
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    return requirementsIn(Buffer.concat(chunks).toString("utf8"));
  }

  async #baseModels(run: Run): Promise<Dependency[]> {
    const found: Dependency[] = [];
    for (const { model } of run.modelInputs)
      found.push(baseModelOf(await this.#nameOf(model), `models:/${model}`, await this.#artifact(model)));
    for (const { value } of run.tags.filter(({ key }) => BASE_TAGS.has(key)))
      found.push(await this.#baseModel(value));
    return found;
  }

  /** A digest, the address of a version here, or only a name. */
  async #baseModel(said: string): Promise<Dependency> {
    if (isDigest(said)) return baseModelOf("", said, said);
    const source = said.startsWith("models:") ? parseSource(said) : undefined;
    if (source?.kind === "root") return baseModelOf(source.root, said, await this.#artifact(source.root));
    if (source?.kind !== "version") return baseModelOf(said.slice(0, 256), said, null);
    const row = await this.#version(source.name, source.version);
    return baseModelOf(source.name, said, row?.artifact ?? null);
  }

  async #version(name: string, version: number): Promise<VersionRow | undefined> {
    const { pool, models, versions } = this.#parts;
    const model = await models.find(pool, name);
    return model && versions.find(pool, model.id, version);
  }

  async #artifact(root: string): Promise<Digest | null> {
    const files = await this.#parts.artifacts.files(root);
    return files.length === 0 ? null : artifactOf(files);
  }
}

function unique(dependencies: readonly Dependency[]): Dependency[] {
  return [...new Map(dependencies.map((each) => [`${each.name} ${each.digest.sha256}`, each])).values()];
}
