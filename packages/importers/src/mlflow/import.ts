import type { Document } from "@countersign/inventory";
import { SourceRefusal } from "../http.js";
import { batch, type Imported, type Remote } from "../imported.js";
import { allItems, pages, resumable } from "../paging.js";
import { type Loose, text } from "../value.js";
import { IS_PROMPT, isQuotable, type MlflowAccess, type MlflowClient, mlflowClient } from "./client.js";
import { modelDocument, promptDocument } from "./model.js";
import { type FoundRun, foundRun, runDocument, runLineage } from "./run.js";

export interface MlflowOptions {
  /** One registered model only. */
  name?: string;
  /** Every run of every experiment, not only those that made a registered version. */
  allRuns?: boolean;
  /** A page of the list of models, from an import that stopped. */
  cursor?: string;
}

const MAX_VERSIONS = 10_000;
const RUNS_PER_MODEL = 500;

/** Registered models with versions, aliases and tags, their prompts, and the runs and datasets behind them. */
export async function* importMlflow(
  remote: Remote,
  access: MlflowAccess,
  options: MlflowOptions = {},
): AsyncGenerator<Imported> {
  const client = mlflowClient(remote, access);
  const job: Job = {
    client,
    remote,
    source: sourceName(access.url),
    runs: new Map(),
    experiments: new Map(),
    datasets: new Set(),
  };
  if (options.name !== undefined) {
    yield await importModel(job, await client.model(options.name));
    return;
  }
  const list = (at?: string) => client.models(undefined, at);
  for await (const { item, resume } of resumable("registered models", list, options.cursor)) {
    yield { ...(await importModel(job, item)), ...resume };
  }
  yield* importPrompts(job);
  if (options.allRuns === true) yield* importRuns(job);
}

interface Job {
  client: MlflowClient;
  remote: Remote;
  source: string;
  runs: Map<string, FoundRun | undefined>;
  /** Names of experiments by their ids. */
  experiments: Map<string, string>;
  /** Datasets that were told of already: later runs add nothing to them. */
  datasets: Set<string>;
}

/** Tells one server's jobs and datasets from another's; without scheme and credentials. */
const sourceName = (url: URL): string => `mlflow://${url.host}${url.pathname.replace(/\/$/, "")}`;

async function importModel(job: Job, model: Loose): Promise<Imported> {
  const name = text(model.name);
  if (name === undefined)
    return batch({ notes: ["an entry of the list of models has no name; it is left out"] });
  if (!isQuotable(name)) {
    return batch({
      notes: [`${name} holds both kinds of quotes, which MLflow's filters cannot say; it is left out`],
    });
  }
  const versions = await allItems(`versions of ${name}`, (at) => job.client.versions(name, at), MAX_VERSIONS);
  const newestFirst = versions.sort((a, b) => Number(b.version) - Number(a.version));
  const ids = [...new Set(newestFirst.flatMap(({ run_id }) => text(run_id) ?? []))];
  const found = batch({});
  if (ids.length > RUNS_PER_MODEL) {
    found.notes.push(
      `${name}: of ${ids.length} runs the ${RUNS_PER_MODEL} newest are imported; --all-runs takes all`,
    );
  }
  const runs = [];
  for (const id of ids.slice(0, RUNS_PER_MODEL)) runs.push(await readRun(job, id, found));
  const newest = runs[0];
  found.documents.push(modelDocument(job.source, model, newestFirst, newest));
  for (const run of runs) if (run) addRun(job, found, run, [name]);
  return found;
}

async function readRun(job: Job, id: string, found: Imported): Promise<FoundRun | undefined> {
  if (job.runs.has(id)) return job.runs.get(id);
  const answer = await orGone(job.client.run(id));
  // A deleted run is no reason to leave out the model.
  if (answer === undefined) found.notes.push(`run ${id} is gone from the server; what it read is not known`);
  const run = answer === undefined ? undefined : foundRun(answer);
  if (run !== undefined) run.experiment = await experimentName(job, run.experiment);
  job.runs.set(id, run);
  return run;
}

async function experimentName(job: Job, id: string): Promise<string> {
  const known = job.experiments.get(id);
  if (known !== undefined) return known;
  const name = text((await orGone(job.client.experiment(id)))?.name) ?? id;
  job.experiments.set(id, name);
  return name;
}

async function orGone(answer: Promise<Loose>): Promise<Loose | undefined> {
  return answer.catch((cause: unknown) => {
    if (!(cause instanceof SourceRefusal) || cause.status !== 404) throw cause;
    return undefined;
  });
}

function addRun(job: Job, found: Imported, run: FoundRun, produces: readonly string[]): void {
  for (const name of produces) if (!run.produces.includes(name)) run.produces.push(name);
  found.documents.push(...newDatasets(job, run), runDocument(job.source, run));
  found.lineage.push(...runLineage(job.remote.workspace, job.source, run));
}

function newDatasets(job: Job, run: FoundRun): Document[] {
  const fresh = run.inputs.filter(({ name }) => !job.datasets.has(name));
  for (const { name } of fresh) job.datasets.add(name);
  return fresh.map((input) => input.document(job.source));
}

async function* importPrompts(job: Job): AsyncGenerator<Imported> {
  try {
    for await (const page of pages("prompts", (at) => job.client.models(IS_PROMPT, at))) {
      const found = batch({});
      for (const prompt of page.items) {
        const name = text(prompt.name);
        if (name === undefined || !isQuotable(name)) continue;
        const versions = await allItems(
          `versions of ${name}`,
          (at) => job.client.promptVersions(name, at),
          MAX_VERSIONS,
        );
        found.documents.push(promptDocument(job.source, prompt, versions));
      }
      yield found;
    }
  } catch (cause) {
    // Servers before 2.21 know no prompts and refuse the filter.
    if (!(cause instanceof SourceRefusal) || cause.status !== 400) throw cause;
  }
}

async function* importRuns(job: Job): AsyncGenerator<Imported> {
  const experiments = await allItems("experiments", (at) => job.client.experiments(at), 100_000);
  for (const experiment of experiments) {
    const id = text(experiment.experiment_id);
    if (id === undefined) continue;
    for await (const page of pages(`runs of experiment ${id}`, (at) => job.client.runs([id], at))) {
      const found = batch({});
      for (const item of page.items) {
        const run = foundRun(item);
        if (run === undefined || job.runs.has(run.id)) continue;
        addRun(job, found, { ...run, experiment: text(experiment.name) ?? run.experiment }, []);
      }
      yield found;
    }
  }
}
