import type { MetricValue, RunInput, RunSummary } from "@countersign/api";
import type { Pair } from "@countersign/tracking";
import type { InputRow, MetricPoint } from "../../mlflow/runs/data.js";
import type { Run } from "../../mlflow/runs/store.js";

/** A client that died tells nobody: its run stays RUNNING, as MLflow has it, and is marked after this time without a word. */
const STALE_MS = 3_600_000;

export function viewRun(run: Run, now: number): RunSummary {
  return {
    id: run.id,
    name: run.name,
    experiment: String(run.experiment),
    status: run.status,
    stale: run.status === "RUNNING" && now - run.touchedAt > STALE_MS,
    stage: run.stage,
    user: run.userId,
    principal: run.principal,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    createdAt: run.createdAt,
    seenAt: run.touchedAt,
    metrics: Object.fromEntries(run.metrics.map((metric) => [metric.key, viewPoint(metric)])),
    parameters: textsOf(run.parameters),
    tags: textsOf(run.tags),
    inputs: run.inputs.map(viewInput),
    modelInputs: run.modelInputs,
    modelOutputs: run.modelOutputs,
  };
}

export function viewPoint({ value, step, timestamp }: MetricPoint): {
  value: MetricValue;
  step: number;
  timestamp: number;
} {
  return { value: Number.isFinite(value) ? value : (String(value) as MetricValue), step, timestamp };
}

export function textsOf(pairs: readonly Pair[]): Record<string, string> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
}

function viewInput({ name, digest, tags, sourceType, artifact }: InputRow): RunInput {
  const context = tags.find(({ key }) => key === "mlflow.data.context")?.value ?? "";
  return { name, digest, context, sourceType, artifact: artifact as RunInput["artifact"] };
}
