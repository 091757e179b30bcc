import type { DatasetAdmitResult, Trace } from "@countersign/api";
import { type Digest, parseDigest } from "@countersign/evidence";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clear, newFile } from "../testing/registry.js";
import { type TestServer, testServer } from "../testing/server.js";
import { type StockClient, stockClient, type Trained } from "../testing/stock-client.js";

// A dataset turns out to be poisoned on a Friday evening: which models, which deployments did it reach?
// docs/poison-story.md tells the same on the command line.

const rows = (count: number, poisoned: boolean): string => {
  const lines = Array.from(
    { length: count },
    (_, at) => `${1_000 + at * 7},${at % 5},${poisoned ? 1 : at % 2}`,
  );
  return `income,years,repaid\n${lines.join("\n")}\n`;
};

describe("a poisoned dataset", { timeout: 180_000 }, () => {
  let server: TestServer;
  let mlflow: StockClient;
  const data: Record<string, string> = {};
  const trained: Record<string, Trained> = {};

  const admit = async (name: string, text: string, mlflowDigest: string): Promise<string> => {
    const files = [{ path: "rows.csv", data: new Blob([text]) }];
    const job = await server.client.datasets.admit({
      name,
      files,
      licence: "CC-BY-4.0",
      mlflowDigests: [mlflowDigest],
    });
    const { artifact, decision } = (await server.client.jobs.wait(job.id, { every: 20 }))
      .result as DatasetAdmitResult;
    expect(decision.outcome).toBe("allow");
    return artifact;
  };
  const input = (name: string, digest: string) => ({ name, digest, source: `s3://lake/${name}` });
  const train = (name: string, registeredAs: string, inputs: ReturnType<typeof input>[], tags = {}) =>
    mlflow.train({
      name,
      inputs,
      tags,
      params: { C: "0.5" },
      model: { registeredAs, files: { "model.safetensors": newFile(), MLmodel: "flavors: {}\n" } },
    });
  const gate = async (
    artifact: string,
    which: "promote" | "deploy" | "train",
    environment = "production",
  ) => {
    const { outcome, reasons } = await server.client.gate({ gate: which, subject: artifact, environment });
    return { outcome, policies: reasons.map(({ policy }) => policy) };
  };
  const digestOf = (name: string): Digest => parseDigest(trained[name]?.artifact ?? data[name]);
  const keys = (trace: Trace): string[] => trace.nodes.map(({ key }) => key).sort();

  beforeAll(async () => {
    server = await testServer();
    mlflow = await stockClient(server, "credit");
  }, 60_000);
  afterAll(() => server.dispose());

  it("begins with data that is admitted, and models that are trained on it through MLflow", async () => {
    data.clean = await admit("applications", rows(400, false), "c1ea0001");
    trained.good = await train("april", "credit-risk", [input("applications", "c1ea0001")]);
    data.poisoned = await admit("applications", rows(400, true), "bad00001");
    trained.bad = await train("may", "credit-risk", [input("applications", "bad00001")]);
    // A model made from that model, and a table made from that table which a third model is trained on.
    trained.tuned = await train("may-small", "credit-risk-small", [], {
      "countersign.base_model": `models:/credit-risk/${trained.bad?.version}`,
    });
    data.features = await admit("features", rows(90, true), "fea70001");
    await server.client.lineage.record({
      eventType: "COMPLETE",
      eventTime: "2026-05-02T03:00:00Z",
      producer: "https://example.com/etl",
      schemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
      run: { runId: "01941f29-7c00-7087-8940-40e509060099" },
      job: { namespace: "airflow", name: "build-features" },
      inputs: [version("applications", data.poisoned)],
      outputs: [version("features", data.features)],
    });
    trained.churn = await train("churn", "churn", [input("features", "fea70001")]);
    data.weather = await admit("weather", rows(50, false), "3ea70001");
    trained.weather = await train("weather", "weather", [input("weather", "3ea70001")]);
    expect(new Set(Object.values(trained).map(({ artifact }) => artifact)).size).toBe(5);
  });

  const version = (name: string, datasetVersion = "") => ({
    namespace: "countersign://default/Dataset",
    name,
    facets: {
      version: {
        _producer: "https://example.com/etl",
        _schemaURL: "https://openlineage.io/spec/facets/1-0-1/DatasetVersionDatasetFacet.json",
        datasetVersion,
      },
    },
  });

  it("goes into production only with a signature, a licence and an approval, through the same client", async () => {
    const [good, bad] = [trained.good, trained.bad];
    const refused = await mlflow.setAlias("credit-risk", "champion", bad?.version ?? "");
    expect(refused).toMatchObject({ status: 403, body: { error_code: "PERMISSION_DENIED" } });
    for (const one of [good, bad]) await clear(server, one?.artifact ?? "");
    expect((await mlflow.setAlias("credit-risk", "champion", bad?.version ?? "")).status).toBe(200);
    const documents = [
      {
        apiVersion: "countersign.dev/v1",
        kind: "Model",
        metadata: { name: "credit-risk", owner: "team-risk" },
        spec: { task: "tabular-classification" },
      },
      {
        apiVersion: "countersign.dev/v1",
        kind: "System",
        metadata: { name: "loan-desk", owner: "team-lending" },
        spec: { components: ["Model:credit-risk"] },
      },
    ];
    await server.client.assets.apply({ documents });
    for (const region of ["eu-west", "us-east"])
      await server.client.deployments.report({
        subject: digestOf("bad"),
        name: "scoring",
        environment: "production",
        region,
      });
    await server.client.deployments.report({
      subject: digestOf("tuned"),
      name: "scoring-small",
      environment: "staging",
    });
    await server.client.deployments.report({
      subject: digestOf("weather"),
      name: "forecast",
      environment: "production",
    });
    await server.client.deployments.report({
      subject: digestOf("good"),
      name: "archive",
      environment: "dev",
    });
  });

  it("is found to be poisoned: one command says all that it reached, and nothing else", async () => {
    const down = await server.client.trace({ subject: digestOf("poisoned"), direction: "down" });
    expect(down.truncated).toBe(false);
    expect(keys(down)).toEqual(
      [
        digestOf("poisoned"),
        "asset:Dataset/applications",
        // Trained on it, and where that runs.
        `run:${trained.bad?.run}`,
        digestOf("bad"),
        "asset:Model/credit-risk",
        "asset:System/loan-desk",
        "deployment:production/eu-west/scoring",
        "deployment:production/us-east/scoring",
        // Made from that model.
        `run:${trained.tuned?.run}`,
        digestOf("tuned"),
        "asset:Model/credit-risk-small",
        "deployment:staging/global/scoring-small",
        // Made from the table, and trained on that.
        "run:01941f297c007087894040e509060099",
        digestOf("features"),
        "asset:Dataset/features",
        `run:${trained.churn?.run}`,
        digestOf("churn"),
        "asset:Model/churn",
      ].sort(),
    );
    for (const innocent of ["clean", "good", "weather"]) expect(keys(down)).not.toContain(digestOf(innocent));
  });

  it("answers the other way round too: what does this deployment rest on?", async () => {
    const up = await server.client.trace({
      subject: "deployment:staging/global/scoring-small",
      direction: "up",
    });
    expect(keys(up)).toEqual(
      expect.arrayContaining([digestOf("tuned"), digestOf("bad"), digestOf("poisoned")]),
    );
    for (const other of ["clean", "good", "churn", "weather"])
      expect(keys(up)).not.toContain(digestOf(other));
  });

  it("shows what containing would do, and does nothing yet", async () => {
    const preview = await server.client.containments.create({
      subject: digestOf("poisoned"),
      reason: "labels flipped",
      dryRun: true,
    });
    expect(preview.entries).toEqual([]);
    expect(preview.plan.versions.map(({ kind, name, artifact }) => [kind, name, artifact]).sort()).toEqual(
      [
        ["Dataset", "applications", digestOf("poisoned")],
        ["Dataset", "features", digestOf("features")],
        ["Model", "churn", digestOf("churn")],
        ["Model", "credit-risk", digestOf("bad")],
        ["Model", "credit-risk-small", digestOf("tuned")],
      ].sort(),
    );
    expect(preview.plan.deployments.map(({ key }) => key).sort()).toEqual([
      "deployment:production/eu-west/scoring",
      "deployment:production/us-east/scoring",
      "deployment:staging/global/scoring-small",
    ]);
    const production = { name: "credit-risk", environment: "production", artifact: digestOf("bad") };
    expect(preview.plan.aliases).toEqual([
      { ...production, alias: "champion" },
      { ...production, alias: "production" },
    ]);
    expect(preview.plan.systems).toMatchObject([
      { kind: "System", name: "loan-desk", owner: "team-lending" },
    ]);
    expect(preview.plan.owners).toEqual(["team-lending", "team-risk"]);
    expect(await gate(digestOf("bad"), "promote")).toMatchObject({ outcome: "allow" });
  });

  it("is contained: every gate denies what it reached, and only that", async () => {
    const { entries } = await server.client.containments.create({
      subject: digestOf("poisoned"),
      reason: "labels flipped",
    });
    expect(entries).toHaveLength(5);
    for (const name of ["bad", "tuned", "churn"]) {
      for (const which of ["promote", "deploy"] as const)
        expect(await gate(digestOf(name), which, "dev")).toEqual({
          outcome: "deny",
          policies: ["contained"],
        });
    }
    for (const name of ["poisoned", "features"])
      expect((await gate(digestOf(name), "train", "dev")).outcome).toBe("deny");
    expect((await gate(digestOf("good"), "promote")).outcome).toBe("allow");
    expect((await gate(digestOf("weather"), "promote", "dev")).outcome).toBe("allow");
  });

  it("stops the stock client where it stands: no alias, no training on it", async () => {
    const alias = await mlflow.setAlias("credit-risk", "production", trained.bad?.version ?? "");
    expect(alias).toMatchObject({ status: 403, body: { error_code: "PERMISSION_DENIED" } });
    expect(alias.body.message).toContain("contained");
    const again = await mlflow.read([input("applications", "bad00001")]);
    expect(again).toMatchObject({ status: 403, body: { error_code: "PERMISSION_DENIED" } });
    expect(again.body.message).toContain("countersign dataset rollback applications");
  });

  it("goes back to what is clean", async () => {
    const rolled = await server.client.datasets.rollback("applications", { to: digestOf("clean") });
    expect(rolled.version).toMatchObject({ artifact: digestOf("clean"), current: true });
    expect(rolled.runs).toContain(trained.bad?.run);
    expect(rolled.models.map(({ artifact }) => artifact).sort()).toEqual(
      [digestOf("bad"), digestOf("tuned"), digestOf("churn")].sort(),
    );
    expect(rolled.deployments).toHaveLength(3);
    expect((await mlflow.setAlias("credit-risk", "champion", trained.good?.version ?? "")).status).toBe(200);
    expect((await mlflow.read([input("applications", "c1ea0001")])).status).toBe(200);
  });

  it("is lifted where it was a false alarm, and then gates decide as before", async () => {
    const { items } = await server.client.containments.list({ open: true });
    expect(items).toHaveLength(5);
    const mistaken = items.filter(({ artifact }) => artifact === digestOf("churn"));
    for (const { envelope } of mistaken)
      await server.client.containments.lift(envelope, { reason: "trained on other columns" });
    expect((await gate(digestOf("churn"), "promote", "dev")).outcome).toBe("allow");
    expect((await gate(digestOf("bad"), "promote", "dev")).outcome).toBe("deny");
  });

  it("is all on the record", async () => {
    const report = await server.client.log.audit();
    expect(report.problems).toEqual([]);
  });
});
