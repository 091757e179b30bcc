import type { Digest, Statement } from "@countersign/evidence";
import { runDigest } from "@countersign/lineage";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { artifactOf, type Lab, lab, newFile } from "../../testing/registry.js";
import { type TestServer, testServer } from "../../testing/server.js";

/** What is said after an answer was given takes a while on a busy machine. */
const PATIENCE_MS = 30_000;

let server: TestServer;
let mlflow: Lab;

beforeAll(async () => {
  server = await testServer();
  mlflow = lab(server, await server.tokenFor("write", "trainer"));
});
afterAll(() => server.dispose());

// biome-ignore lint/suspicious/noExplicitAny: a predicate is read here as a stranger would read it
type Predicate = any;

async function said(
  digest: string,
): Promise<{ statement: Statement; predicate: Predicate; principal: string }[]> {
  const judged = await server.control.workspace.about(digest as Digest, "provenance");
  return judged.flatMap(({ statement, status, principal }) => {
    if (!statement) return [];
    expect(status).toBe("held");
    return [{ statement, predicate: statement.predicate, principal }];
  });
}

const finish = (run: string, status = "FINISHED", end_time = 1_700_000_060_000) =>
  mlflow.call("/mlflow/runs/update", { run_id: run, status, end_time });
const byRun = (run: string) => said(runDigest(server.control.workspace.id, run));

/** A run that logs what a client logs by itself. */
async function training() {
  const started = await mlflow.call("/mlflow/runs/create", {
    experiment_id: "0",
    run_name: "baseline",
    start_time: 1_700_000_000_000,
    tags: [
      { key: "mlflow.source.git.commit", value: "0123456789abcdef0123456789abcdef01234567" },
      { key: "mlflow.source.git.repoURL", value: "https://alice:secret@example.com/models.git?token=x" },
      { key: "mlflow.source.name", value: "/Users/alice/models/train.py" },
    ],
  });
  const run: string = started.body.run.info.run_id;
  await mlflow.call("/mlflow/runs/log-batch", { run_id: run, params: [{ key: "C", value: "1.0" }] });
  await mlflow.call("/mlflow/runs/log-inputs", {
    run_id: run,
    datasets: [
      {
        tags: [{ key: "mlflow.data.context", value: "training" }],
        dataset: {
          name: "tumours",
          digest: "ab12cd34",
          source_type: "http",
          source: JSON.stringify({ url: "https://bob:pw@example.com/t.csv?sig=1" }),
        },
      },
    ],
  });
  const requirements = "mlflow==3.6.0\nscikit-learn==1.7.0\n--extra-index-url https://me:pw@example.com\n";
  const model = await mlflow.log({ "model.safetensors": newFile(), "requirements.txt": requirements }, run);
  await mlflow.call("/mlflow/runs/outputs", { run_id: run, models: [{ model_id: model, step: 0 }] });
  return { run, model };
}

it("says what a run read and made, as SLSA provenance signed by the service", async () => {
  const { run, model } = await training();
  await mlflow.model("tumour");
  const artifact = artifactOf(await mlflow.register("tumour", `models:/${model}`));
  await finish(run);
  const [only, ...more] = await said(artifact);
  expect(more).toEqual([]);
  expect(only?.principal).toBe("service");
  expect(only?.statement).toMatchObject({
    predicateType: "https://slsa.dev/provenance/v1",
    subject: [{ name: "tumour", digest: { sha256: artifact.slice(7) } }],
  });
  const { buildDefinition, runDetails } = only?.predicate ?? {};
  expect(buildDefinition.buildType).toBe("https://countersign.dev/mlflow-run/v1");
  expect(buildDefinition.externalParameters).toEqual({
    run,
    name: "baseline",
    experiment: "0",
    parameters: { C: "1.0" },
  });
  expect(buildDefinition.internalParameters).toEqual({
    status: "FINISHED",
    principal: "trainer",
    environment: { requirements: ["mlflow==3.6.0", "scikit-learn==1.7.0"] },
  });
  expect(buildDefinition.resolvedDependencies).toEqual([
    {
      uri: "https://example.com/t.csv",
      name: "tumours",
      digest: { mlflow: "ab12cd34" },
      annotations: { role: "dataset", context: "training" },
    },
    {
      uri: "git+https://example.com/models.git@0123456789abcdef0123456789abcdef01234567",
      name: "train.py",
      digest: { gitCommit: "0123456789abcdef0123456789abcdef01234567" },
      annotations: { role: "code" },
    },
    {
      uri: `mlflow-artifacts:/models/${model}/artifacts/requirements.txt`,
      name: "requirements.txt",
      digest: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      annotations: { role: "environment" },
    },
  ]);
  expect(runDetails.metadata).toEqual({
    invocationId: run,
    startedOn: "2023-11-14T22:13:20.000Z",
    finishedOn: "2023-11-14T22:14:20.000Z",
  });
  expect(JSON.stringify(only)).not.toMatch(/secret|alice|pw@|sig=1/);
});

it("is where traces are read from: from a dataset to the models that it reached", async () => {
  const { run, model } = await training();
  await mlflow.model("reached");
  const artifact = artifactOf(await mlflow.register("reached", `models:/${model}`));
  await mlflow.setAlias("reached", "shadow");
  await finish(run);
  const found = await server.client.trace({ subject: `run:${run}`, direction: "down" });
  expect(found.nodes.map(({ key }) => key)).toContain(artifact);
  expect(found.plan.aliases).toContainEqual({
    name: "reached",
    alias: "shadow",
    environment: "dev",
    artifact,
  });
  const up = await server.client.trace({ subject: artifact, direction: "up" });
  expect(up.nodes.filter(({ kind }) => kind === "Dataset").map(({ name }) => name)).toEqual(["tumours"]);
  expect(up.nodes.map(({ key }) => key)).toContain(`run:${run}`);
});

it("says it once, and again when it has changed", async () => {
  const run = await mlflow.run("twice");
  await Promise.all([finish(run), finish(run), finish(run)]);
  expect(await byRun(run)).toHaveLength(1);
  await mlflow.call("/mlflow/runs/log-parameter", { run_id: run, key: "late", value: "1" });
  await finish(run);
  expect(await byRun(run)).toHaveLength(2);
});

it("stays erased once it was erased, as parameters may name people", async () => {
  const run = await mlflow.run("erased");
  await mlflow.call("/mlflow/runs/log-parameter", { run_id: run, key: "patient", value: "Jo Doe" });
  await finish(run);
  const { workspace } = server.control;
  const digest = runDigest(workspace.id, run);
  const [before] = await workspace.about(digest, "provenance");
  await workspace.erase({ index: before?.entry.index ?? -1, reason: "erasure request" });
  await finish(run);
  const after = await workspace.about(digest, "provenance");
  expect(after.map(({ status, statement }) => [status, statement])).toEqual([["erased", undefined]]);
});

it("names a run that made no model by itself, also when it failed", async () => {
  const run = await mlflow.run("nothing");
  await finish(run, "FAILED");
  const [only] = await byRun(run);
  expect(only?.statement.subject[0]?.name).toBe(`run:${run}`);
  expect(only?.predicate.buildDefinition.internalParameters.status).toBe("FAILED");
});

it("names many parameters by a digest", async () => {
  const run = await mlflow.run("many");
  for (let at = 0; at < 500; at += 100) {
    const params = Array.from({ length: 100 }, (_, i) => ({ key: `p${at + i}`, value: "x".repeat(100) }));
    await mlflow.call("/mlflow/runs/log-batch", { run_id: run, params });
  }
  await finish(run);
  const [only] = await byRun(run);
  expect(only?.predicate.buildDefinition.externalParameters.parameters).toEqual({
    count: 500,
    digest: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
  });
});

it("spreads more models than one entry may name over several", async () => {
  const run = await mlflow.run("sweep");
  const models: { model_id: string; step: number }[] = [];
  for (let i = 0; i < 70; i++)
    models.push({ model_id: await mlflow.log({ "m.txt": `model ${i}` }, run), step: i });
  await mlflow.call("/mlflow/runs/outputs", { run_id: run, models });
  const before = server.control.workspace.size;
  await finish(run);
  const entries = [];
  for await (const entry of server.control.workspace.entries(before, server.control.workspace.size))
    if (entry.predicate === "provenance") entries.push(entry.subjects.length);
  expect(entries).toEqual([64, 6]);
});

it("knows a base model by its version, by a digest and by name", async () => {
  const base = await mlflow.log({ "model.safetensors": newFile() });
  await mlflow.model("base");
  const artifact = artifactOf(await mlflow.register("base", `models:/${base}`));
  for (const [value, digest] of [
    ["models:/base/1", { sha256: artifact.slice(7) }],
    [`models:/${base}`, { sha256: artifact.slice(7) }],
    [artifact, { sha256: artifact.slice(7) }],
    ["example/bert", {}],
    ["models:/gone/9", {}],
  ] as const) {
    const run = await mlflow.run("tuned");
    await mlflow.call("/mlflow/runs/set-tag", { run_id: run, key: "base_model", value });
    await finish(run);
    const [only] = await byRun(run);
    expect(only?.predicate.buildDefinition.resolvedDependencies).toMatchObject([
      { digest, annotations: { role: "base-model" } },
    ]);
  }
});

it.each(["before", "while", "after"])(
  "names what was registered from below the run, %s it ended",
  async (when) => {
    const name = `below-${when}`;
    await mlflow.model(name);
    const run = await mlflow.run();
    await mlflow.put(`0/${run}/artifacts/model/model.safetensors`, newFile());
    if (when === "after") await finish(run);
    const ended = when === "while" ? finish(run) : undefined;
    const artifact = artifactOf(await mlflow.register(name, `runs:/${run}/model`));
    await ended;
    if (when === "before") await finish(run);
    await vi.waitFor(async () => {
      const [only] = await said(artifact);
      expect(only?.statement.subject).toEqual([{ name, digest: { sha256: artifact.slice(7) } }]);
      expect(only?.predicate.runDetails.metadata.invocationId).toBe(run);
    }, PATIENCE_MS);
  },
);

it("names the bytes of a logged model that changed between the run's end and the registration", async () => {
  const { run, model } = await training();
  await finish(run);
  await mlflow.put(`0/models/${model}/artifacts/signature.json`, "{}");
  await mlflow.model("changed");
  const artifact = artifactOf(await mlflow.register("changed", `models:/${model}`));
  await vi.waitFor(async () => {
    const [only] = await said(artifact);
    expect(only?.predicate.runDetails.metadata.invocationId).toBe(run);
  }, PATIENCE_MS);
});

it("is made up for when the server starts again", async () => {
  const run = await mlflow.run("missed");
  await server.database.query("update runs set status = 'FINISHED' where id = $1", [run]);
  await server.control.workspace.settled();
  const { directory } = server.config;
  await server.control.close();
  const { startControl } = await import("../../start.js");
  const again = await startControl(
    { ...server.config, directory },
    { destination: { write: () => undefined } },
  );
  try {
    const digest = runDigest(again.workspace.id, run);
    await expect
      .poll(() => again.workspace.about(digest, "provenance"), { timeout: PATIENCE_MS })
      .toHaveLength(1);
  } finally {
    await again.close();
  }
});
