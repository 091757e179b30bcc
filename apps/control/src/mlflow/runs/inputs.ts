import { type DatasetInput, ProtocolError } from "@countersign/tracking";
import { inTransaction } from "../../database/transaction.js";
import type { TrackingParts } from "../experiments/store.js";
import type { InputJudge } from "../hooks.js";
import type { ModelRow } from "./data.js";
import { notActive } from "./log.js";
import type { RunStore } from "./store.js";

export interface JudgedInput extends DatasetInput {
  artifact: string | null;
}

/** What a run reads, and the models that go into it and come out. */
export class RunInputs {
  readonly #parts: TrackingParts;
  readonly #runs: RunStore;

  constructor(parts: TrackingParts, runs: RunStore) {
    this.#parts = parts;
    this.#runs = runs;
  }

  async log(run: string, datasets: readonly JudgedInput[], models: readonly ModelRow[]): Promise<void> {
    const { pool, workspace, clock } = this.#parts;
    const { experiment, stage } = await this.#runs.info(run);
    if (stage !== "active") throw notActive(run);
    await inTransaction(pool, async (client) => {
      for (const { name, digest, sourceType, source, schema, profile, tags, artifact } of datasets) {
        await client.query(
          `insert into run_datasets (workspace, experiment, name, digest, source_type, source, schema, profile)
           values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
          [workspace, experiment, name, digest, sourceType, source, schema, profile],
        );
        await client.query(
          `insert into run_inputs (workspace, run, name, digest, experiment, tags, artifact, at)
           values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
          [workspace, run, name, digest, experiment, JSON.stringify(tags), artifact, clock()],
        );
      }
      for (const model of models) await this.#link(client, run, "input", model);
    });
  }

  async logOutputs(run: string, models: readonly ModelRow[]): Promise<void> {
    const { stage } = await this.#runs.info(run);
    if (stage !== "active") throw notActive(run);
    await inTransaction(this.#parts.pool, async (client) => {
      for (const model of models) await this.#link(client, run, "output", model);
    });
  }

  async #link(
    client: { query(text: string, values: unknown[]): Promise<unknown> },
    run: string,
    direction: "input" | "output",
    { model, step }: ModelRow,
  ): Promise<void> {
    await client.query(
      `insert into run_models (workspace, run, direction, model, step, at)
       values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
      [this.#parts.workspace, run, direction, model, step, this.#parts.clock()],
    );
  }
}

/** Asks the train gate about every dataset before any is recorded: a run whose data is refused stops here. */
export async function judgeInputs(
  judge: InputJudge,
  datasets: readonly DatasetInput[],
  reader: { run: string; principal: string },
): Promise<JudgedInput[]> {
  const judged: JudgedInput[] = [];
  for (const dataset of datasets) {
    const { name, digest, source, sourceType } = dataset;
    const answer = await judge.judgeInput({ name, digest, source, sourceType, ...reader });
    if (answer.outcome === "refused") {
      throw new ProtocolError("PERMISSION_DENIED", `${answer.reason} ${answer.remedy}`.trim());
    }
    judged.push({ ...dataset, artifact: answer.outcome === "known" ? answer.artifact : null });
  }
  return judged;
}
