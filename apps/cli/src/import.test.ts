import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Client, createClient } from "@countersign/api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Outcome, run, scratch } from "./testing/child.js";
import { cleanModel, maliciousModel } from "./testing/models.js";
import { type Served, serveControl } from "./testing/serve.js";

const RUN = "8f2a1c3d4e5f60718293a4b5c6d7e8f9";

/** Answers like an MLflow server with two models on two pages; `broken` makes the second page fail. */
function mlflow(state: { broken: boolean; token: string }): Server {
  return createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const send = (status: number, body: object): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    if (request.headers.authorization !== `Bearer ${state.token}`)
      return send(401, { error_code: "UNAUTHENTICATED", message: "token expired" });
    if (url.pathname.endsWith("/registered-models/search")) {
      if (url.searchParams.has("filter")) return send(200, {});
      if (!url.searchParams.has("page_token"))
        return send(200, { registered_models: [{ name: "credit risk" }], next_page_token: "p2" });
      return state.broken
        ? send(400, { error_code: "INTERNAL", message: "page lost" })
        : send(200, { registered_models: [{ name: "churn" }] });
    }
    if (url.pathname.endsWith("/model-versions/search")) {
      const mine = url.searchParams.get("filter")?.includes("credit");
      return send(
        200,
        mine ? { model_versions: [{ version: "1", run_id: RUN, source: "models:/m-1" }] } : {},
      );
    }
    const dataset = { name: "applications", digest: "a1", source: "{}" };
    return send(200, {
      run: {
        info: { run_id: RUN, status: "FINISHED", start_time: 1_777_000_000_000, end_time: 1_777_000_060_000 },
        inputs: { dataset_inputs: [{ dataset }] },
      },
    });
  });
}

describe("import", { timeout: 180_000 }, () => {
  const cwd = scratch();
  const source = { broken: false, token: "mlflow-s3cret" };
  const server = mlflow(source);
  let control: Served;
  let address: string;
  const say = (...args: string[]): Promise<Outcome> =>
    run(args, { cwd, env: { ...control.env, MLFLOW_TRACKING_TOKEN: "mlflow-s3cret" } });
  const client = (): Client =>
    createClient({
      baseUrl: control.env.COUNTERSIGN_SERVER ?? "",
      token: control.env.COUNTERSIGN_TOKEN ?? "",
    });
  const json = async (...args: string[]) => JSON.parse((await say(...args, "--output", "json")).stdout);

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    control = await serveControl(cwd);
  }, 120_000);
  afterAll(async () => {
    server.close();
    if (control) expect(await control.stop()).toBe(0);
  }, 60_000);

  const actions = (result: { documents: { kind: string; name: string; action: string }[] }): string[] =>
    result.documents.map(({ kind, name, action }) => `${kind} ${name} ${action}`);

  it("says what it would do, and does nothing", async () => {
    const result = await json("import", "mlflow", address, "--dry-run");
    expect(result.applied).toBe(false);
    expect(actions(result)).toEqual([
      "Model credit+20risk created",
      "Dataset applications created",
      `Run ${RUN} created`,
      "Model churn created",
    ]);
    expect(actions(await json("import", "mlflow", address, "--dry-run"))[0]).toContain("created");
  });

  it("stops in the middle, says where, and goes on from there", async () => {
    source.broken = true;
    const stopped = await say("import", "mlflow", address);
    source.broken = false;
    expect(stopped.code).toBe(2);
    expect(stopped.stderr).toContain("3 documents were applied before that and stay");
    expect(stopped.stderr).toContain("--cursor p2");
    expect(actions(await json("import", "mlflow", address, "--cursor", "p2"))).toEqual([
      "Model churn created",
    ]);
  });

  it("changes nothing the second time, and keeps what people declare", async () => {
    const again = await json("import", "mlflow", address);
    expect(new Set(again.documents.map(({ action }: { action: string }) => action))).toEqual(
      new Set(["unchanged"]),
    );
    expect(again.lineage).toEqual({ found: 1, recorded: 0, repeated: 1 });
    const declared = {
      apiVersion: "countersign.dev/v1",
      kind: "Model",
      metadata: { name: "churn", owner: "team-crm" },
      spec: { lifecycle: "production" },
    };
    await client().assets.apply({ documents: [declared] });
    expect(actions(await json("import", "mlflow", address))).toContain("Model churn updated");
    expect((await client().assets.get("Model", "churn")).document).toMatchObject({
      metadata: { owner: "team-crm", labels: { "mlflow/versions": "0" } },
      spec: { lifecycle: "production" },
    });
  });

  it("traces from an imported dataset to the model that it reached", async () => {
    const trace = await json("trace", "Dataset:applications", "--down");
    expect(trace.nodes.map(({ key }: { key: string }) => key)).toEqual(
      expect.arrayContaining([`run:${RUN}`, "asset:Model/credit+20risk"]),
    );
  });

  it("says plainly that a token has expired, and prints no secret", async () => {
    source.token = "another";
    const refused = await say("import", "mlflow", address, "--dry-run");
    source.token = "mlflow-s3cret";
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("token expired");
    expect(refused.stderr).toContain("MLFLOW_TRACKING_TOKEN");
    expect(refused.stderr + refused.stdout).not.toContain("mlflow-s3cret");
    const cloud = await say("import", "sagemaker", "eu-central-1", "--dry-run");
    expect(cloud.stderr).toContain("AWS_ACCESS_KEY_ID");
    const azure = await say("import", "azureml", "/subscriptions/x", "--dry-run");
    expect(azure.stderr).toContain("resource id");
  });

  it("admits what a hub's cache holds, and refuses what is malicious", async () => {
    const hub = join(cwd, "hub");
    const snapshot = join(hub, "models--org--digits", "snapshots", "c0ffee");
    const blobs = cleanModel(join(hub, "models--org--digits", "blobs"));
    mkdirSync(snapshot, { recursive: true });
    for (const name of ["model.onnx", "config.json"])
      symlinkSync(join("../../blobs", name), join(snapshot, name));
    maliciousModel(join(hub, "models--org--bad", "snapshots", "bad"));
    const facts = join(hub, "datasets--org--facts", "snapshots", "f1");
    mkdirSync(facts, { recursive: true });
    writeFileSync(join(facts, "rows.csv"), "a,b\n1,2\n");
    const outcome = await say("import", "huggingface", "hub", "--admit", "--output", "json");
    expect(outcome.code).toBe(1);
    const { admitted } = JSON.parse(outcome.stdout);
    expect(admitted).toMatchObject([
      { kind: "Dataset", name: "org/facts", outcome: "allow" },
      { name: "org/bad", outcome: "deny" },
      { name: "org/digits", outcome: "allow", artifact: expect.stringMatching(/^sha256:/) },
    ]);
    expect(readFileSync(join(blobs, "config.json"), "utf8")).toContain("10");
    const again = await json("import", "huggingface", "hub", "--admit");
    expect(again.admitted).toMatchObject([{ reason: "known" }, { outcome: "deny" }, { reason: "known" }]);
    expect(again.admitted[2].artifact).toBe(admitted[2].artifact);
  });

  it("writes documents that can be applied", async () => {
    cleanModel(join(cwd, "shelf", "digits"));
    expect((await say("import", "folder", "shelf", "--name", "team", "--write", "shelf.yaml")).code).toBe(0);
    const text = readFileSync(join(cwd, "shelf.yaml"), "utf8");
    const { results } = await client().assets.apply({ text });
    expect(results).toMatchObject([{ kind: "Model", name: "team/digits", action: "created" }]);
  });

  it("needs a server, or to be told only to look", async () => {
    writeFileSync(
      join(cwd, "bom.json"),
      '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"data","name":"\\u001b[2Jd"}]}',
    );
    const alone = (...args: string[]) => run(["import", "cyclonedx", "bom.json", ...args], { cwd });
    expect((await alone()).stderr).toContain("--dry-run");
    const looked = await alone("--dry-run");
    expect(looked).toMatchObject({ code: 0, stdout: expect.stringContaining("x+_+1B+5B2Jd") });
    expect(looked.stdout).not.toContain("\u001b");
  });
});
