import { SourceRefusal } from "../http.js";
import { batch, type Imported, type Remote } from "../imported.js";
import { allItems, pages, resumable } from "../paging.js";
import { type Loose, record, text } from "../value.js";
import { type AzureAccess, type AzureClient, azureClient, isWorkspace } from "./client.js";
import { dataDocument, endpointDocument, modelDocument } from "./document.js";
import { type AzureJob, addJob, azureJob } from "./job.js";

export interface AzureOptions {
  /** One model only. */
  name?: string;
  /** A page of the list of models, from an import that stopped. */
  cursor?: string;
}

const MAX_VERSIONS = 10_000;
/** How many of a model's newest versions are asked for the job that made them. */
const JOBS_PER_MODEL = 20;

/** Models and data of a registry or workspace; of a workspace also jobs behind models and endpoints before them. */
export async function* importAzure(
  remote: Remote,
  access: AzureAccess,
  options: AzureOptions = {},
): AsyncGenerator<Imported> {
  const job = new AzureImport(remote, access);
  if (options.name !== undefined) {
    yield await job.model(await job.client.get(`models/${encodeURIComponent(options.name)}`));
    return;
  }
  const list = (next?: string) => job.client.page("models", next);
  for await (const { item, resume } of resumable("models", list, options.cursor)) {
    yield { ...(await job.model(item)), ...resume };
  }
  yield* job.data();
  if (isWorkspace(access.resource)) yield* job.endpoints();
}

/** Tells one registry's assets from another's. */
const sourceName = (resource: string): string =>
  `azureml://${(resource.match(/(registries|workspaces)\/[^/]+$/i)?.[0] ?? "").toLowerCase()}`;

class AzureImport {
  readonly client: AzureClient;
  readonly #source: string;
  readonly #remote: Remote;
  readonly #jobs = new Map<string, AzureJob | undefined>();

  constructor(remote: Remote, access: AzureAccess) {
    this.client = azureClient(remote, access);
    this.#source = sourceName(access.resource);
    this.#remote = remote;
  }

  async model(model: Loose): Promise<Imported> {
    const name = text(model.name);
    if (name === undefined)
      return batch({ notes: ["an entry of the list of models has no name; it is left out"] });
    const found = batch({});
    const versions = await this.#versions("models", name);
    const jobs: AzureJob[] = [];
    for (const version of versions.slice(0, JOBS_PER_MODEL)) {
      const job = await this.#job(found, text(record(version.properties).jobName));
      if (job !== undefined) jobs.push(job);
    }
    const newest = jobs.find(({ name: made }) => made === text(record(versions[0]?.properties).jobName));
    found.documents.push(modelDocument(this.#source, model, versions, newest));
    for (const job of new Set(jobs)) addJob(this.#remote.workspace, this.#source, job, name, found);
    return found;
  }

  async *data(): AsyncGenerator<Imported> {
    for await (const page of pages("data", (next) => this.client.page("data", next))) {
      const found = batch({});
      for (const item of page.items) {
        const name = text(item.name);
        if (name === undefined) continue;
        found.documents.push(dataDocument(this.#source, item, await this.#versions("data", name)));
      }
      yield found;
    }
  }

  async *endpoints(): AsyncGenerator<Imported> {
    for await (const page of pages("endpoints", (next) => this.client.page("onlineEndpoints", next))) {
      const found = batch({});
      for (const endpoint of page.items) {
        const name = text(endpoint.name);
        if (name === undefined) continue;
        const path = `onlineEndpoints/${encodeURIComponent(name)}/deployments`;
        const deployments = await allItems(
          `deployments of ${name}`,
          (next) => this.client.page(path, next),
          1_000,
        );
        found.documents.push(endpointDocument(this.#source, endpoint, deployments));
      }
      yield found;
    }
  }

  /** Newest first: versions are numbers mostly, and dates decide where they are not. */
  async #versions(kind: "models" | "data", name: string): Promise<Loose[]> {
    const path = `${kind}/${encodeURIComponent(name)}/versions`;
    const all = await allItems(`versions of ${name}`, (next) => this.client.page(path, next), MAX_VERSIONS);
    const created = (version: Loose): string => text(record(version.systemData).createdAt) ?? "";
    return all.sort((a, b) => {
      const [one, other] = [Number(a.name), Number(b.name)];
      if (Number.isFinite(one) && Number.isFinite(other)) return other - one;
      return created(b) < created(a) ? -1 : 1;
    });
  }

  async #job(found: Imported, name: string | undefined): Promise<AzureJob | undefined> {
    if (name === undefined) return undefined;
    if (!this.#jobs.has(name)) {
      const answer = await this.client.get(`jobs/${encodeURIComponent(name)}`).catch((cause: unknown) => {
        // Registries have no jobs, and a job may be gone or not for this caller: the model is imported all the same.
        if (!(cause instanceof SourceRefusal) || (cause.status !== 404 && cause.status !== 403)) throw cause;
        found.notes.push(`job ${name} cannot be read (${cause.named}); what it read is not known`);
        return undefined;
      });
      this.#jobs.set(name, answer === undefined ? undefined : azureJob(answer));
    }
    return this.#jobs.get(name);
  }
}
