import { type MlflowAnswer, mlflowCaller } from "./mlflow.js";
import { artifactOf } from "./registry.js";
import type { TestServer } from "./server.js";

interface TrainingRun {
  name: string;
  /** What the client computes of a dataset and says of it. */
  inputs: { name: string; digest: string; source: string; context?: string }[];
  params?: Record<string, string>;
  tags?: Record<string, string>;
  model: { registeredAs: string; files: Record<string, Uint8Array | string> };
}

export interface Trained {
  run: string;
  /** The registry's number, and the digest of the bytes. */
  version: string;
  artifact: string;
}

/** Trains and registers with the calls, in the order, of an unmodified MLflow 3 client (conformance/mlflow runs the real ones). */
export interface StockClient {
  train(training: TrainingRun): Promise<Trained>;
  setAlias(name: string, alias: string, version: string): Promise<MlflowAnswer>;
  /** The refusal of a run that says what it is about to read, and then does not train. */
  read(inputs: TrainingRun["inputs"]): Promise<MlflowAnswer>;
  byAlias(name: string, alias: string): Promise<MlflowAnswer>;
}

const pairs = (values: Record<string, string>) =>
  Object.entries(values).map(([key, value]) => ({ key, value }));

const datasets = (inputs: TrainingRun["inputs"]) =>
  inputs.map(({ name, digest, source, context = "training" }) => ({
    tags: [{ key: "mlflow.data.context", value: context }],
    dataset: {
      name,
      digest,
      source_type: "local",
      source: JSON.stringify({ uri: source }),
      schema: "{}",
      profile: "{}",
    },
  }));

export async function stockClient(server: TestServer, experiment: string): Promise<StockClient> {
  const { call, put } = mlflowCaller(server.url, await server.tokenFor("write", "trainer"));
  const known = await call("/mlflow/experiments/get-by-name", { experiment_name: experiment });
  const made =
    known.status === 404 ? await call("/mlflow/experiments/create", { name: experiment }) : undefined;
  const experiment_id: string = made?.body.experiment_id ?? known.body.experiment.experiment_id;

  const begin = async (name: string, tags: Record<string, string> = {}): Promise<string> => {
    const body = {
      experiment_id,
      run_name: name,
      start_time: 1_790_000_000_000,
      tags: pairs({ "mlflow.user": "trainer", ...tags }),
    };
    return (await must(call("/mlflow/runs/create", body))).body.run.info.run_id;
  };
  const end = (run_id: string, status: string) =>
    call("/mlflow/runs/update", { run_id, status, end_time: 1_790_000_060_000 });

  const logModel = async (run_id: string, files: TrainingRun["model"]["files"]): Promise<string> => {
    const logged = await must(
      call("/mlflow/logged-models", { experiment_id, name: "model", source_run_id: run_id }),
    );
    const model_id: string = logged.body.model.info.model_id;
    await must(call("/mlflow/runs/outputs", { run_id, models: [{ model_id, step: 0 }] }));
    for (const [path, bytes] of Object.entries(files))
      await must(put(`${experiment_id}/models/${model_id}/artifacts/${path}`, bytes));
    await must(call(`/mlflow/logged-models/${model_id}`, { status: "LOGGED_MODEL_READY" }, "PATCH"));
    return model_id;
  };

  return {
    train: async ({ name, inputs, params = {}, tags = {}, model }) => {
      const run = await begin(name, tags);
      await must(call("/mlflow/runs/log-batch", { run_id: run, params: pairs(params) }));
      await must(call("/mlflow/runs/log-inputs", { run_id: run, datasets: datasets(inputs) }));
      const id = await logModel(run, model.files);
      // The client creates the model and goes on if it is there already.
      await call("/mlflow/registered-models/create", { name: model.registeredAs });
      const body = { name: model.registeredAs, source: `models:/${id}`, run_id: run, model_id: id };
      const version = await must(call("/mlflow/model-versions/create", body));
      await must(end(run, "FINISHED"));
      return { run, version: version.body.model_version.version, artifact: artifactOf(version) };
    },
    read: async (inputs) => {
      const run_id = await begin("again");
      const answer = await call("/mlflow/runs/log-inputs", { run_id, datasets: datasets(inputs) });
      await end(run_id, "FAILED");
      return answer;
    },
    setAlias: (name, alias, version) => call("/mlflow/registered-models/alias", { name, alias, version }),
    byAlias: (name, alias) => call("/mlflow/registered-models/alias", { name, alias }, "GET"),
  };
}

async function must(answer: Promise<MlflowAnswer>): Promise<MlflowAnswer> {
  const { status, body } = await answer;
  if (status !== 200) throw new Error(`${status}: ${body.error_code}: ${body.message}`);
  return { status, body };
}
