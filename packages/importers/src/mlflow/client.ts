import { ask, type Source } from "../http.js";
import type { Remote } from "../imported.js";
import type { SourcePage } from "../paging.js";
import { type Loose, record, records, text } from "../value.js";

export interface MlflowAccess {
  url: URL;
  /** Sent as it is in the Authorization header: `Bearer ...` or `Basic ...`. */
  authorization?: string;
}

/** The read side of the MLflow REST API, as version 2 and 3 servers answer it. */
export interface MlflowClient {
  models(filter: string | undefined, cursor?: string): Promise<SourcePage<Loose>>;
  versions(name: string, cursor?: string): Promise<SourcePage<Loose>>;
  /** A search for versions leaves out prompts, except where it asks for them. */
  promptVersions(name: string, cursor?: string): Promise<SourcePage<Loose>>;
  model(name: string): Promise<Loose>;
  run(id: string): Promise<Loose>;
  experiment(id: string): Promise<Loose>;
  experiments(cursor?: string): Promise<SourcePage<Loose>>;
  runs(experiments: readonly string[], cursor?: string): Promise<SourcePage<Loose>>;
}

const MODELS_PER_PAGE = 100;
const VERSIONS_PER_PAGE = 200;
const RUNS_PER_PAGE = 200;
/** What tells a prompt from a model, in the filter language. */
export const IS_PROMPT = "tags.`mlflow.prompt.is_prompt` = 'true'";

export function mlflowClient(remote: Remote, access: MlflowAccess): MlflowClient {
  const headers: Record<string, string> = { accept: "application/json" };
  if (access.authorization !== undefined) headers.authorization = access.authorization;
  const get = (path: string, query: Record<string, string | undefined>): Promise<unknown> =>
    ask(remote, SOURCE, { url: address(access.url, path, query), headers });
  const post = (path: string, body: object): Promise<unknown> =>
    ask(remote, SOURCE, {
      url: address(access.url, path, {}),
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const versions = async (filter: string, page_token?: string): Promise<SourcePage<Loose>> =>
    paged(
      await get("model-versions/search", { max_results: String(VERSIONS_PER_PAGE), filter, page_token }),
      "model_versions",
    );
  return {
    models: async (filter, page_token) =>
      paged(
        await get("registered-models/search", { max_results: String(MODELS_PER_PAGE), filter, page_token }),
        "registered_models",
      ),
    model: async (name) => record(record(await get("registered-models/get", { name })).registered_model),
    versions: async (name, page_token) => versions(`name=${quoted(name)}`, page_token),
    promptVersions: async (name, page_token) => versions(`name=${quoted(name)} AND ${IS_PROMPT}`, page_token),
    // Old servers read `run_uuid`, newer ones `run_id`.
    run: async (id) => record(record(await get("runs/get", { run_id: id, run_uuid: id })).run),
    experiment: async (id) => record(record(await get("experiments/get", { experiment_id: id })).experiment),
    experiments: async (page_token) =>
      paged(
        await post("experiments/search", {
          max_results: 1000,
          view_type: "ACTIVE_ONLY",
          ...pageToken(page_token),
        }),
        "experiments",
      ),
    runs: async (experiment_ids, page_token) =>
      paged(
        await post("runs/search", { experiment_ids, max_results: RUNS_PER_PAGE, ...pageToken(page_token) }),
        "runs",
      ),
  };
}

const SOURCE: Source = {
  label: "the MLflow server",
  authRemedy: "export MLFLOW_TRACKING_TOKEN=...   (or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD)",
  fault: (status, body) => {
    const { error_code, message } = record(body);
    return { code: text(error_code) ?? `HTTP ${status}`, message: text(message) ?? "" };
  },
};

function address(base: URL, path: string, query: Record<string, string | undefined>): URL {
  const url = new URL(`${base.pathname.replace(/\/$/, "")}/api/2.0/mlflow/${path}`, base);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, value);
  return url;
}

function pageToken(token: string | undefined): { page_token?: string } {
  return token === undefined ? {} : { page_token: token };
}

function paged(answer: unknown, member: string): SourcePage<Loose> {
  const body = record(answer);
  return { items: records(body[member]), next: text(body.next_page_token) };
}

/** A string in MLflow's filter language, which knows no escape: the quote that the name does not hold. */
function quoted(name: string): string {
  return name.includes("'") ? `"${name}"` : `'${name}'`;
}

export function isQuotable(name: string): boolean {
  return !(name.includes("'") && name.includes('"'));
}
