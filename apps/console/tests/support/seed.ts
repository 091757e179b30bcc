import type { Client, DatasetAdmitResult } from "@countersign/api";
import { DOCUMENTS } from "./inventory.js";
import { safetensors } from "./samples.js";

/** What the browser tests look for. */
export interface Seeded {
  dataset: string;
  runs: string[];
  /** Artifact of the version that runs in production. */
  model: string;
}

const DIGEST = "loans2025";
const STEPS = 120;
const START = Date.UTC(2026, 9, 1, 9);

/** Calls MLflow's protocol as its clients do. */
type Mlflow = (path: string, body: object) => Promise<MlflowAnswer>;

interface MlflowAnswer {
  experiment_id: string;
  run: { info: { run_id: string } };
  model: { info: { model_id: string; artifact_uri: string } };
  model_version: { status: string; version: string };
}

const mlflowOf =
  (url: string, token: string): Mlflow =>
  async (path, body) => {
    const answer = await fetch(`${url}/api/2.0/mlflow${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as MlflowAnswer;
  };

const csv = (): string => {
  const rows = Array.from(
    { length: 500 },
    (_, at) => `${at},${20 + (at % 50)},${1000 + at * 7},${at % 9 === 0 ? 1 : 0}`,
  );
  return `application,age,amount,defaulted\n${rows.join("\n")}\n`;
};

/** Ten trainings that read one dataset: some better, one with a loss that explodes. */
export const seedRecord = async (client: Client, url: string, token: string): Promise<Seeded> => {
  await client.assets.apply({ text: DOCUMENTS });
  const job = await client.datasets.admit({
    name: "loan-applications",
    files: [{ path: "applications.csv", data: new Blob([csv()]) }],
    mlflowDigests: [DIGEST],
  });
  const { result } = await client.jobs.wait(job.id, { every: 50 });
  const { artifact: dataset } = result as DatasetAdmitResult;
  const mlflow = mlflowOf(url, token);
  const { experiment_id } = await mlflow("/experiments/create", { name: "credit-score" });
  await mlflow("/registered-models/create", { name: "credit-score" });
  const runs: string[] = [];
  for (let at = 0; at < 10; at += 1) runs.push(await train({ mlflow, url, token }, experiment_id, at));
  const model = await newest(client, "credit-score");
  await client.deployments.report({
    subject: model,
    name: "credit-api",
    environment: "production",
    region: "se-1",
  });
  return { dataset, runs, model };
};

interface Access {
  mlflow: Mlflow;
  url: string;
  token: string;
}

const train = async ({ mlflow, url, token }: Access, experiment: string, at: number): Promise<string> => {
  const started = START + at * 3_600_000;
  const { run } = await mlflow("/runs/create", {
    experiment_id: experiment,
    run_name: `boosted-${at + 1}`,
    start_time: started,
    tags: [{ key: "mlflow.source.git.commit", value: "9f1c2ab34d5e6f708192a3b4c5d6e7f801234567" }],
  });
  const id = run.info.run_id;
  const depth = 3 + (at % 4);
  const rate = [0.3, 0.1, 0.03][at % 3] ?? 0.1;
  const broken = at === 7;
  await mlflow("/runs/log-batch", {
    run_id: id,
    params: Object.entries({ depth, learning_rate: rate, trees: 400, seed: 7 }).map(([key, value]) => ({
      key,
      value: String(value),
    })),
    metrics: Array.from({ length: STEPS }, (_, step) =>
      pointsAt(step, { started, rate, depth, broken }),
    ).flat(),
  });
  await mlflow("/runs/log-inputs", {
    run_id: id,
    datasets: [
      {
        dataset: { name: "loan-applications", digest: DIGEST, source_type: "local", source: "{}" },
        tags: [{ key: "mlflow.data.context", value: "training" }],
      },
    ],
  });
  await keep(
    `${url}/api/2.0/mlflow-artifacts/artifacts/${experiment}/${id}/artifacts/report/notes.txt`,
    token,
    "Trained.",
  );
  if (at % 3 === 0) await register({ mlflow, url, token }, experiment, id, at);
  await mlflow("/runs/update", {
    run_id: id,
    status: broken ? "FAILED" : "FINISHED",
    end_time: started + STEPS * 1000,
  });
  return id;
};

interface Curve {
  started: number;
  rate: number;
  depth: number;
  broken: boolean;
}

/** A loss that falls with some noise and an accuracy that rises; nothing random, so that pictures stay the same. */
const pointsAt = (step: number, { started, rate, depth, broken }: Curve): object[] => {
  const noise = Math.sin(step * 12.9898 + depth * 78.233) * 0.03;
  const loss = 0.15 + 0.02 * depth + 0.9 * Math.exp(-step * rate * 0.35) + noise * 0.5;
  const exploded = broken && step > 80;
  const at = { step, timestamp: started + step * 1000 };
  return [
    { key: "loss", value: exploded ? (step % 2 === 0 ? "NaN" : "Infinity") : Math.max(0.01, loss), ...at },
    {
      key: "auc",
      value: Math.min(0.99, 0.55 + (1 - Math.exp(-step * rate * 0.3)) * (0.3 + depth * 0.015) + noise / 4),
      ...at,
    },
  ];
};

const keep = async (
  address: string,
  token: string,
  body: string | Uint8Array<ArrayBuffer>,
): Promise<void> => {
  const answer = await fetch(address, { method: "PUT", headers: { authorization: `Bearer ${token}` }, body });
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}: ${await answer.text()}`);
};

/** As MLflow 3 logs a model: named first, then its files, then tied to its run and registered. */
const register = async (
  { mlflow, url, token }: Access,
  experiment: string,
  run: string,
  at: number,
): Promise<void> => {
  const { model } = await mlflow("/logged-models", {
    experiment_id: experiment,
    name: "model",
    source_run_id: run,
  });
  const { model_id, artifact_uri } = model.info;
  const place = artifact_uri.replace("mlflow-artifacts:/", "");
  const files = {
    "model.safetensors": safetensors(),
    "about.json": Buffer.from(JSON.stringify({ run: at })),
  };
  for (const [path, body] of Object.entries(files))
    await keep(`${url}/api/2.0/mlflow-artifacts/artifacts/${place}/${path}`, token, new Uint8Array(body));
  await mlflow("/runs/outputs", { run_id: run, models: [{ model_id, step: STEPS }] });
  const { model_version } = await mlflow("/model-versions/create", {
    name: "credit-score",
    source: artifact_uri,
    run_id: run,
    model_id,
  });
  await ready(`${url}/api/2.0/mlflow`, token, model_version.version);
};

const SETTLE_MS = 30_000;

/** MLflow's clients wait for this too before they end a run. */
const ready = async (root: string, token: string, version: string): Promise<void> => {
  const until = Date.now() + SETTLE_MS;
  for (;;) {
    const answer = await fetch(`${root}/model-versions/get?name=credit-score&version=${version}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { model_version } = (await answer.json()) as MlflowAnswer;
    if (model_version.status === "READY") return;
    if (Date.now() > until) throw new Error(`version ${version} is ${model_version.status}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

const newest = async (client: Client, name: string): Promise<string> => {
  const { newest: versions } = await client.assets.get("Model", name);
  return versions[0]?.artifact ?? "";
};
