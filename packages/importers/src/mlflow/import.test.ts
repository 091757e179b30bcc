import { checkDocument } from "@countersign/inventory";
import { parseLineageEvent } from "@countersign/lineage";
import { afterEach, describe, expect, it } from "vitest";
import { type Answer, type Asked, all, type LocalServer, remote, serve } from "../../test/server.js";
import { importMlflow } from "./import.js";

const RUN = "8f2a1c3d4e5f60718293a4b5c6d7e8f9";

const run = (id: string, inputs: object[] = []): object => ({
  info: {
    run_id: id,
    run_uuid: id,
    run_name: "gentle-fox",
    experiment_id: "1",
    status: "FINISHED",
    start_time: 1_777_000_000_000,
    end_time: 1_777_000_060_000,
    user_id: "jane.doe",
    artifact_uri: "mlflow-artifacts:/1/x/artifacts",
    lifecycle_stage: "active",
  },
  data: {
    params: [{ key: "C", value: "0.5" }],
    metrics: [{ key: "auc", value: 0.91, timestamp: 1, step: 0 }],
    tags: [
      { key: "mlflow.user", value: "jane.doe" },
      { key: "mlflow.source.git.commit", value: "0123456789abcdef0123456789abcdef01234567" },
      { key: "team", value: "risk" },
      { key: "db_password", value: "hunter2" },
    ],
  },
  inputs: { dataset_inputs: inputs },
});

const input = (name: string, digest: string, source: object): object => ({
  tags: [{ key: "mlflow.data.context", value: "training" }],
  dataset: {
    name,
    digest,
    source_type: "http",
    source: JSON.stringify(source),
    schema: JSON.stringify({ mlflow_colspec: [{ type: "double", name: "income", required: true }] }),
    profile: JSON.stringify({ num_rows: 1000 }),
  },
});

/** A registry of two pages with one model each. */
function registry({ url }: Asked): Answer {
  const token = url.searchParams.get("page_token");
  if (url.pathname.endsWith("/registered-models/search")) {
    if ((url.searchParams.get("filter") ?? "").includes("is_prompt")) {
      const tags = [{ key: "mlflow.prompt.is_prompt", value: "true" }];
      return { json: { registered_models: [{ name: "greet", tags, aliases: [] }] } };
    }
    if (token === null) {
      const model = {
        name: "credit risk",
        description: "scores applicants",
        aliases: [{ alias: "champion", version: "2" }],
        tags: [{ key: "tier", value: "1" }],
      };
      return { json: { registered_models: [model], next_page_token: "p2" } };
    }
    return { json: { registered_models: [{ name: "churn" }] } };
  }
  if (url.pathname.endsWith("/model-versions/search")) {
    const filter = url.searchParams.get("filter");
    if (filter === "name='credit risk'") {
      const versions = [
        {
          name: "credit risk",
          version: "1",
          run_id: RUN,
          current_stage: "Archived",
          status: "READY",
          source: "models:/m-1",
        },
        {
          name: "credit risk",
          version: "2",
          run_id: "gone",
          current_stage: "Production",
          status: "READY",
          source: "https://user:pw@host/model?sig=secret",
        },
      ];
      return token === null
        ? { json: { model_versions: versions.slice(0, 1), next_page_token: "v2" } }
        : { json: { model_versions: versions.slice(1) } };
    }
    if (filter === "name='greet' AND tags.`mlflow.prompt.is_prompt` = 'true'") {
      const tags = [{ key: "mlflow.prompt.text", value: "Hello {{ name }}" }];
      return { json: { model_versions: [{ name: "greet", version: "1", tags }] } };
    }
    return { json: {} };
  }
  if (url.pathname.endsWith("/experiments/get")) return { json: { experiment: { name: "credit" } } };
  if (url.pathname.endsWith("/runs/get")) {
    if (url.searchParams.get("run_id") === "gone")
      return {
        status: 404,
        json: { error_code: "RESOURCE_DOES_NOT_EXIST", message: "Run with id=gone not found" },
      };
    return {
      json: {
        run: run(RUN, [
          input("credit-applications", "a1b2", { url: "https://data/x.csv?sig=abc" }),
          input("dataset", "c3d4", {}),
        ]),
      },
    };
  }
  return { status: 404, json: { error_code: "ENDPOINT_NOT_FOUND", message: url.pathname } };
}

describe("import from an MLflow server", () => {
  let server: LocalServer;
  afterEach(() => server.close());

  it("takes models, versions, aliases, tags, runs, datasets and prompts over", async () => {
    server = await serve(registry);
    const found = await all(importMlflow(remote(), { url: server.url, authorization: "Bearer t0ken" }));
    for (const document of found.documents) expect(checkDocument(document)).toBeDefined();
    expect(found.documents.map(({ kind, metadata }) => `${kind}:${metadata.name}`)).toEqual([
      "Model:credit+20risk",
      "Dataset:credit-applications",
      "Dataset:dataset@c3d4",
      `Run:${RUN}`,
      "Model:churn",
      "Prompt:greet",
    ]);
    const [model, dataset, , training, , prompt] = found.documents;
    expect(model?.metadata).toMatchObject({ title: "credit risk", description: "scores applicants" });
    expect(model?.metadata.labels).toMatchObject({
      "mlflow/versions": "2",
      "mlflow/latest": "2",
      "mlflow/alias.champion": "2",
      "mlflow/stage.Production": "2",
      "mlflow/version.1": `READY · run ${RUN} · models:/m-1`,
      "mlflow/version.2": "READY · run gone · https://host/model",
      "mlflow/tag/tier": "1",
    });
    expect(model?.spec).not.toHaveProperty("aliases");
    expect(dataset?.spec).toEqual({
      source: "https://data/x.csv",
      columns: [{ name: "income", type: "double" }],
    });
    expect(training?.metadata.labels).toMatchObject({
      "mlflow/status": "FINISHED",
      "mlflow/input.1": "credit-applications@a1b2 (training)",
      "mlflow/tag/team": "risk",
    });
    expect(training?.spec).toMatchObject({
      datasets: ["credit-applications", "dataset@c3d4"],
      produces: ["credit+20risk"],
      experiment: "credit",
      commit: "0123456789abcdef0123456789abcdef01234567",
    });
    expect(prompt?.spec).toEqual({ template: "Hello {{ name }}", variables: ["name"] });
    expect(found.notes).toEqual(["run gone is gone from the server; what it read is not known"]);
    expect(found.cursor).toBe("p2");
    expect(server.asked.every(({ headers }) => headers.authorization === "Bearer t0ken")).toBe(true);
  });

  it("leaves people and secrets where they are", async () => {
    server = await serve(registry);
    const said = JSON.stringify(await all(importMlflow(remote(), { url: server.url })));
    for (const secret of ["jane.doe", "hunter2", "sig=", "user:pw"]) expect(said).not.toContain(secret);
  });

  it("says what runs read and made as OpenLineage events, the same ones each time", async () => {
    server = await serve(registry);
    const first = await all(importMlflow(remote(), { url: server.url }));
    const again = await all(importMlflow(remote(), { url: server.url }));
    expect(again).toEqual(first);
    expect(first.lineage.map((event) => parseLineageEvent(event))).toMatchObject([
      {
        run: { id: "8f2a1c3d-4e5f-6071-8293-a4b5c6d7e8f9" },
        state: "COMPLETE",
        inputs: [
          { namespace: "countersign://default/Dataset", name: "credit-applications", version: "a1b2" },
          {},
        ],
        outputs: [{ namespace: "countersign://default/Model", name: "credit+20risk" }],
      },
    ]);
  });

  it("takes one model, and goes on from a page", async () => {
    server = await serve((asked) =>
      asked.url.pathname.endsWith("/registered-models/get")
        ? { json: { registered_model: { name: asked.url.searchParams.get("name") } } }
        : registry(asked),
    );
    const one = await all(importMlflow(remote(), { url: server.url }, { name: "churn" }));
    expect(one.documents.map(({ metadata }) => metadata.name)).toEqual(["churn"]);
    const rest = await all(importMlflow(remote(), { url: server.url }, { cursor: "p2" }));
    expect(rest.documents.map(({ metadata }) => metadata.name)).toEqual(["churn", "greet"]);
  });

  it("takes every run where it is asked to", async () => {
    const other = "11111111111111111111111111111111";
    server = await serve((asked) => {
      if (asked.url.pathname.endsWith("/experiments/search"))
        return { json: { experiments: [{ experiment_id: "1", name: "fraud" }] } };
      if (asked.url.pathname.endsWith("/runs/search")) return { json: { runs: [run(RUN), run(other)] } };
      return registry(asked);
    });
    const { documents } = await all(importMlflow(remote(), { url: server.url }, { allRuns: true }));
    const found = documents.find(({ metadata }) => metadata.name === other);
    expect(found?.spec).toMatchObject({ experiment: "fraud" });
    expect(documents.filter(({ metadata }) => metadata.name === RUN)).toHaveLength(1);
  });

  it("waits as long as it is told, then goes on", async () => {
    server = await serve((asked, count) =>
      count <= 2
        ? {
            status: 429,
            headers: { "retry-after": "3" },
            json: { error_code: "REQUEST_LIMIT_EXCEEDED", message: "slow down" },
          }
        : registry(asked),
    );
    const test = remote();
    expect((await all(importMlflow(test, { url: server.url }))).documents).toHaveLength(6);
    expect(test.waits).toEqual([3_000, 3_000]);
  });

  it("gives up on a server that stays busy or broken", async () => {
    server = await serve(() => ({ status: 503, json: "<html>upstream</html>" }));
    const test = remote();
    await expect(all(importMlflow(test, { url: server.url }))).rejects.toMatchObject({
      code: "server-unreachable",
    });
    expect(test.waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000]);
  });

  it.each([
    [401, "unauthorised"],
    [403, "forbidden"],
  ])("says plainly what a %i means", async (status, code) => {
    server = await serve(() => ({ status, json: { error_code: "PERMISSION_DENIED", message: "no" } }));
    const refused = all(importMlflow(remote(), { url: server.url, authorization: "Bearer s3cret" }));
    await expect(refused).rejects.toMatchObject({
      code,
      detail: { remedy: expect.stringContaining("MLFLOW_TRACKING_TOKEN") },
    });
    await expect(refused).rejects.not.toThrow("s3cret");
    expect(server.asked).toHaveLength(1);
  });

  it("refuses pages in a circle, a redirect, and what is no JSON", async () => {
    server = await serve(() => ({ json: { registered_models: [], next_page_token: "again" } }));
    await expect(all(importMlflow(remote(), { url: server.url }))).rejects.toThrow("lead in a circle");
    await server.close();
    server = await serve(() => ({
      status: 302,
      headers: { location: "https://elsewhere.example/login?x=1" },
      json: {},
    }));
    await expect(all(importMlflow(remote(), { url: server.url }))).rejects.toThrow(
      "https://elsewhere.example",
    );
    await server.close();
    server = await serve(() => ({ json: "<html></html>" }));
    await expect(all(importMlflow(remote(), { url: server.url }))).rejects.toMatchObject({
      code: "json-malformed",
    });
  });

  it("survives answers of another shape than promised", async () => {
    for (const json of [
      null,
      [],
      7,
      { registered_models: 5 },
      { registered_models: [null, 3, {}, { name: 7 }] },
    ]) {
      server = await serve(({ url }) => ({
        json: url.pathname.includes("model-versions")
          ? { model_versions: [null, {}, { version: {} }] }
          : json,
      }));
      const { documents } = await all(importMlflow(remote(), { url: server.url }));
      for (const document of documents) checkDocument(document);
      await server.close();
    }
    server = await serve(registry);
  });

  it("refuses an answer without an end", async () => {
    server = await serve(() => ({ json: `{"registered_models":["${"x".repeat(33 * 1024 * 1024)}"]}` }));
    await expect(all(importMlflow(remote(), { url: server.url }))).rejects.toMatchObject({
      code: "too-complex",
    });
  });
});
