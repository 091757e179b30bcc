import { makeStatement } from "@countersign/evidence";
import { PREDICATE_TYPES } from "@countersign/facts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { admitted, cleanFile, type TestServer, testServer } from "../../testing/server.js";

const PRODUCER = "https://example.com/pipeline";
const SCHEMA = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";

interface RunSaid {
  run: string;
  job?: string;
  inputs?: object[];
  outputs?: object[];
  state?: string;
}

function runEvent({ run, job = "clean", inputs = [], outputs = [], state = "COMPLETE" }: RunSaid): object {
  return {
    eventType: state,
    eventTime: "2026-11-21T07:00:00.000Z",
    producer: PRODUCER,
    schemaURL: SCHEMA,
    run: { runId: run },
    job: { namespace: "airflow", name: job },
    inputs,
    outputs,
  };
}

const dataset = (name: string, facets: object = {}, namespace = "postgres://db:5432"): object => ({
  namespace,
  name,
  facets,
});

const hex = (text: string): string => text.replace("sha256:", "");

describe("lineage over HTTP", { timeout: 60_000 }, () => {
  let server: TestServer;
  let data: string;
  let model: string;
  let other: string;

  /** What the registry states of a finished run. */
  const provenance = (run: string, inputs: string[], output: string, name: string) =>
    makeStatement([{ name, digest: { sha256: hex(output) } }], PREDICATE_TYPES.provenance, {
      buildDefinition: {
        buildType: "https://countersign.dev/mlflow-run/v1",
        externalParameters: { run, experiment: "credit", parameters: {} },
        internalParameters: { environment: {} },
        resolvedDependencies: inputs.map((digest) => ({
          uri: "file:data",
          name: "applications",
          digest: { sha256: hex(digest) },
          annotations: { role: "dataset" },
        })),
      },
      runDetails: { builder: { id: "https://countersign.dev" }, metadata: { invocationId: run } },
    });

  beforeAll(async () => {
    server = await testServer();
    const { client, control } = server;
    data = (await admitted(client, "applications", { "rows.csv": Buffer.from("a,b\n1,2\n") })).artifact;
    const one = Buffer.concat([cleanFile(), Buffer.alloc(0)]);
    model = (await admitted(client, "credit-risk", { "model.safetensors": one })).artifact;
    other = (
      await admitted(client, "credit-risk", { "model.safetensors": one, "other.txt": Buffer.from("x") })
    ).artifact;
    await control.workspace.state([provenance("a".repeat(32), [data], model, "credit-risk")]);
  }, 60_000);

  afterAll(() => server.dispose());

  it("goes from a dataset to the run, the model and where it runs", async () => {
    const { client } = server;
    const said = { name: "scoring", environment: "production", region: "eu-west" };
    const reported = await client.deployments.report({ subject: model, ...said });
    expect(reported).toMatchObject({ ...said, state: "running", artifact: model, model: "credit-risk" });
    const down = await client.trace({ subject: data });
    expect(down.nodes.map(({ key, depth }) => [key, depth])).toEqual(
      expect.arrayContaining([
        [data, 0],
        [`run:${"a".repeat(32)}`, 1],
        [model, 2],
        ["deployment:production/eu-west/scoring", 3],
        ["asset:Model/credit-risk", 3],
      ]),
    );
    // Its sibling came from elsewhere.
    expect(down.nodes.map(({ key }) => key)).not.toContain(other);
    expect(down.plan).toMatchObject({
      versions: [{ artifact: data }, { artifact: model }],
      deployments: [{ name: "scoring", environment: "production", artifact: model }],
      runs: [`run:${"a".repeat(32)}`],
    });
    expect(down.truncated).toBe(false);
    const up = await client.trace({ subject: "deployment:production/eu-west/scoring", direction: "up" });
    expect(up.nodes.map(({ key }) => key)).toEqual(
      expect.arrayContaining([model, `run:${"a".repeat(32)}`, data, "asset:Model/applications"]),
    );
  });

  it("reports that another version took the place of the one before", async () => {
    const { client } = server;
    const before = Date.now();
    const where = { name: "canary", environment: "staging" };
    await client.deployments.report({ subject: model, ...where });
    await client.deployments.report({ subject: other, ...where });
    const { items } = await client.deployments.list({ environment: "staging" });
    expect(items.map(({ artifact, state }) => [artifact, state])).toEqual([
      [other, "running"],
      [model, "stopped"],
    ]);
    await client.deployments.report({ subject: model, ...where, alongside: true });
    const running = await client.deployments.list({ environment: "staging", state: "running" });
    expect(running.items).toHaveLength(2);
    // At an earlier time nothing ran there.
    const past = await client.trace({ subject: model, at: before - 1 });
    expect(past.nodes.map(({ key }) => key)).not.toContain("deployment:staging/global/canary");
  });

  it("takes OpenLineage events, once, and ties them to the inventory", async () => {
    const { client, url, token } = server;
    const event = runEvent({
      run: "01941f29-7c00-7087-8940-40e509060000",
      inputs: [dataset("public.raw")],
      outputs: [dataset("public.clean", { version: { datasetVersion: data } })],
    });
    const first = await client.lineage.record(event);
    expect(first).toMatchObject({ recorded: 1, repeated: 0 });
    expect(await client.lineage.record([event, event])).toMatchObject({ recorded: 0, repeated: 2 });
    // What an unmodified OpenLineage client calls, with `api/v1/lineage` and a bearer token.
    const direct = await fetch(`${url}/api/v1/lineage`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(event),
    });
    expect(direct.status).toBe(201);
    const down = await client.trace({ subject: "external:postgres://db:5432/public.raw" });
    expect(down.nodes.map(({ key }) => key)).toEqual(
      expect.arrayContaining(["run:01941f297c007087894040e509060000", data, model]),
    );
  });

  it("gives runs and admissions out as OpenLineage events, page by page", async () => {
    const { client } = server;
    const { items } = await client.lineage.events({ subject: model });
    // Newest first: the run that made it, and its admission.
    expect(items).toMatchObject([
      {
        eventType: "COMPLETE",
        job: { name: "credit" },
        run: { runId: "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa" },
        inputs: [{ name: "applications", facets: { version: { datasetVersion: data } } }],
        outputs: [
          {
            namespace: "countersign://default/Model",
            name: "credit-risk",
            facets: { version: { datasetVersion: model } },
          },
        ],
      },
      { job: { name: "admit" }, inputs: [], outputs: [{ name: "credit-risk" }] },
    ]);
    const all = await client.lineage.events();
    const pages: object[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await client.lineage.events({ limit: 2, ...(cursor ? { cursor } : {}) });
      pages.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(pages).toEqual(all.items);
    // What came from outside goes out as it came.
    expect(all.items[0]).toMatchObject({ producer: PRODUCER, job: { namespace: "airflow" } });
  });

  it("follows one column where events name columns", async () => {
    const { client } = server;
    const columns = (from: string, to: string) => ({
      columnLineage: {
        fields: { [to]: { inputFields: [{ namespace: "postgres://db:5432", name: "people", field: from }] } },
      },
    });
    await client.lineage.record(
      runEvent({
        run: "01941f29-7c00-7087-8940-40e509060001",
        inputs: [dataset("people")],
        outputs: [dataset("names", columns("name", "full_name")), dataset("ages", columns("born", "age"))],
      }),
    );
    const keys = async (column?: string) => {
      const query = { subject: "external:postgres://db:5432/people", ...(column ? { column } : {}) };
      return (await client.trace(query)).nodes.map(({ key }) => key);
    };
    const names = "external:postgres://db:5432/names";
    const ages = "external:postgres://db:5432/ages";
    expect(await keys()).toEqual(expect.arrayContaining([names, ages]));
    expect(await keys("born")).toContain(ages);
    expect(await keys("born")).not.toContain(names);
    const traced = await client.trace({ subject: "external:postgres://db:5432/people", column: "born" });
    expect(traced.nodes.find(({ key }) => key === ages)?.columns).toEqual(["age"]);
  });

  it("refuses what is no event, too large, or names itself as its parent", async () => {
    const { client } = server;
    const refused = (event: object, code: string) =>
      expect(client.lineage.record(event)).rejects.toMatchObject({ code });
    await refused({}, "lineage-malformed");
    await refused(runEvent({ run: "../../etc" }), "lineage-malformed");
    await refused(runEvent({ run: "r1", inputs: [dataset("a\u0000b")] }), "lineage-malformed");
    await refused(runEvent({ run: "r1", state: "EXPLODED" }), "lineage-malformed");
    await refused(runEvent({ run: "r1", inputs: Array(1_001).fill(dataset("a")) }), "too-complex");
    const self = runEvent({ run: "r1" }) as { run: object };
    self.run = {
      runId: "r1",
      facets: { parent: { run: { runId: "r1" }, job: { namespace: "a", name: "b" } } },
    };
    await refused(self, "lineage-malformed");
    // One that cannot be read keeps the others out too.
    await refused([runEvent({ run: "r2" }), {}], "lineage-malformed");
    await expect(client.trace({ subject: "run:r2" })).rejects.toMatchObject({ code: "not-found" });
  });

  it("contains everything a dataset reached, once, and gates deny until it is lifted", async () => {
    const { client } = server;
    const gate = () => client.gate({ gate: "promote", subject: model, environment: "dev" });
    expect((await gate()).outcome).toBe("allow");
    const dry = await client.containments.create({ subject: data, reason: "poisoned", dryRun: true });
    expect(dry.entries).toEqual([]);
    expect(dry.plan.versions.map(({ artifact }) => artifact)).toEqual([data, model]);
    expect((await gate()).outcome).toBe("allow");
    const done = await client.containments.create({ subject: data, reason: "poisoned" });
    expect(done.entries.map(({ predicate, status }) => [predicate, status])).toEqual([
      ["containment", "held"],
      ["containment", "held"],
    ]);
    expect((await client.containments.create({ subject: data, reason: "again" })).entries).toEqual([]);
    const denied = await gate();
    expect(denied.outcome).toBe("deny");
    expect(denied.reasons[0]?.policy).toBe("contained");
    const open = await client.containments.list({ open: true, subject: data });
    expect(open.items.map(({ artifact, causeLabel, reason }) => [artifact, causeLabel, reason])).toEqual([
      [model, "applications", "poisoned"],
      [data, "applications", "poisoned"],
    ]);
    const traced = await client.trace({ subject: data });
    expect(traced.nodes.find(({ key }) => key === model)?.status).toBe("contained");
    for (const { envelope } of open.items) {
      const lifted = await client.containments.lift(envelope, { reason: "it was another file" });
      expect(lifted.liftedAt).not.toBeNull();
      expect(await client.containments.lift(envelope, { reason: "again" })).toEqual(lifted);
    }
    expect((await gate()).outcome).toBe("allow");
    expect((await client.containments.list({ open: true })).items).toEqual([]);
    // What was lifted can be contained anew.
    expect((await client.containments.create({ subject: data, reason: "after all" })).entries).toHaveLength(
      2,
    );
    expect((await gate()).outcome).toBe("deny");
  });

  it("draws the surroundings of a node", async () => {
    const { client } = server;
    const graph = await client.graph({ focus: model, depth: 1 });
    expect(graph.nodes.map(({ key }) => key)).toEqual(
      expect.arrayContaining([model, `run:${"a".repeat(32)}`, "asset:Model/credit-risk"]),
    );
    expect(graph.edges).toContainEqual({ from: `run:${"a".repeat(32)}`, to: model, relation: "output" });
    const all = await client.graph({ limit: 3 });
    expect(all.nodes).toHaveLength(3);
    expect(all.truncated).toBe(true);
  });

  it("says who may: reading needs a token, stating a wider one, lifting the widest", async () => {
    const { url, tokenFor } = server;
    const call = (path: string, token: string | undefined, body?: object) =>
      fetch(`${url}/api/v1/workspaces/default${path}`, {
        method: body ? "POST" : "GET",
        headers: {
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          "content-type": "application/json",
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      }).then(({ status }) => status);
    const [reader, writer] = [await tokenFor("read"), await tokenFor("write")];
    expect(await call("/graph", undefined)).toBe(401);
    expect(await call("/graph", reader)).toBe(200);
    expect(await call("/trace?subject=nothing", reader)).toBe(404);
    expect(await call("/containments", reader, { subject: data, reason: "x" })).toBe(403);
    expect(await call(`/containments/${data}/lift`, writer, { reason: "x" })).toBe(403);
    expect(await call("/deployments", writer, { subject: data, name: "x", environment: "NO" })).toBe(400);
    expect(await call("/lineage/events", writer, { nonsense: true })).toBe(422);
  });
});
