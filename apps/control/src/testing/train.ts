import type { TestServer } from "./server.js";

export interface Trainer {
  run: string;
  /** What a training script does that calls `mlflow.log_input`; the answer is the train gate's. */
  logInput(input: { name: string; digest: string; source?: object }): Promise<object>;
}

/** A run of an MLflow client, over REST. */
export async function trainer(server: TestServer): Promise<Trainer> {
  const { body } = await mlflow(server, "runs/create", { experiment_id: "0", start_time: 1 });
  const run = (body.run as { info: { run_id: string } }).info.run_id;
  return {
    run,
    async logInput({ name, digest, source = { tags: {} } }) {
      const dataset = { name, digest, source_type: "local", source: JSON.stringify(source) };
      const datasets = [{ dataset, tags: [] }];
      const answer = await mlflow(server, "runs/log-inputs", { run_id: run, datasets });
      if (answer.status === 403) {
        return { outcome: "refused", code: answer.body.error_code, message: answer.body.message };
      }
      if (answer.status !== 200) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
      const { rows } = await server.database.query(
        "select outcome, artifact from dataset_reads where name = $1 order by id desc limit 1",
        [name],
      );
      return rows[0] as object;
    },
  };
}

async function mlflow(
  { url, token }: TestServer,
  path: string,
  body: object,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(`${url}/api/2.0/mlflow/${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}
