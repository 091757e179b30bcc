import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { artifactOf, type Lab, lab, newFile } from "../testing/registry.js";
import { type TestServer, testServer } from "../testing/server.js";

let server: TestServer;
let mlflow: Lab;

beforeAll(async () => {
  server = await testServer();
  mlflow = lab(server, await server.tokenFor("write", "trainer"));
});
afterAll(() => server.dispose());

const MODELS = "/mlflow/registered-models";
const VERSIONS = "/mlflow/model-versions";
const time = expect.any(Number);

describe("registered models", () => {
  it("are created, read, described, listed and deleted", async () => {
    const tags = [{ key: "team", value: "risk" }];
    const made = await mlflow.model("fraud", { tags, description: "first" });
    expect(made).toEqual({
      status: 200,
      body: {
        registered_model: {
          name: "fraud",
          creation_timestamp: time,
          last_updated_timestamp: time,
          user_id: "trainer",
          description: "first",
          tags,
          aliases: [],
        },
      },
    });
    expect((await mlflow.model("fraud")).body.error_code).toBe("RESOURCE_ALREADY_EXISTS");
    await mlflow.patch(`${MODELS}/update`, { name: "fraud", description: "second" });
    await mlflow.call(`${MODELS}/set-tag`, { name: "fraud", key: "tier", value: "1" });
    await mlflow.remove(`${MODELS}/delete-tag`, { name: "fraud", key: "team" });
    const { registered_model } = (await mlflow.get2(`${MODELS}/get`, { name: "fraud" })).body;
    expect(registered_model).toMatchObject({ description: "second", tags: [{ key: "tier", value: "1" }] });
    expect((await mlflow.remove(`${MODELS}/delete`, { name: "fraud" })).body).toEqual({});
    const gone = await mlflow.get2(`${MODELS}/get`, { name: "fraud" });
    expect(gone).toMatchObject({ status: 404, body: { error_code: "RESOURCE_DOES_NOT_EXIST" } });
  });

  it.each(["", "a/b", "a:b", " x", "a b", "_x", "x".repeat(129), "a\u0000b"])(
    "refuse the name %j",
    async (name) => {
      expect(await mlflow.model(name)).toMatchObject({
        status: 400,
        body: { error_code: "INVALID_PARAMETER_VALUE" },
      });
    },
  );

  it("are searched by name and tag, in order and in pages", async () => {
    for (const name of ["s-1", "s-2", "s-3"]) await mlflow.model(name, { tags: [{ key: "n", value: name }] });
    await mlflow.model("s-prompt", { tags: [{ key: "mlflow.prompt.is_prompt", value: "true" }] });
    const search = async (input: object) => {
      const { body } = await mlflow.get2(`${MODELS}/search`, input);
      return { ...body, names: body.registered_models?.map(({ name }: { name: string }) => name) };
    };
    const models = "tag.`mlflow.prompt.is_prompt` != 'true'";
    expect((await search({ filter: `name LIKE 's-%' AND ${models}` })).names).toEqual(["s-1", "s-2", "s-3"]);
    expect((await search({ filter: "name ILIKE 'S-%' AND tag.n = 's-2'" })).names).toEqual(["s-2"]);
    // What MLflow's own server answers: a model without the tag is not compared.
    expect((await search({ filter: "tags.n != 's-2' AND name LIKE 's-%'" })).names).toEqual(["s-1", "s-3"]);
    expect((await search({ filter: "name IN ('s-1', 's-3', 'x')" })).names).toEqual(["s-1", "s-3"]);
    const first = await search({ filter: "name LIKE 's-%'", order_by: "name DESC", max_results: 3 });
    expect(first.names).toEqual(["s-prompt", "s-3", "s-2"]);
    const rest = { filter: "name LIKE 's-%'", order_by: "name DESC", page_token: first.next_page_token };
    expect((await search(rest)).names).toEqual(["s-1"]);
    for (const filter of ["nonsense", "name = x", "metrics.a > 1", "name = '", "name = 'a' OR name = 'b'"])
      expect((await search({ filter })).error_code).toBe("INVALID_PARAMETER_VALUE");
    expect((await search({ max_results: 1_001 })).error_code).toBe("INVALID_PARAMETER_VALUE");
    expect((await search({ order_by: "name; drop table runs" })).error_code).toBe("INVALID_PARAMETER_VALUE");
  });
});

describe("model versions", () => {
  it("name the run of the logged model that they come from, where the client does not", async () => {
    await mlflow.model("of-a-run");
    const run = await mlflow.run();
    const id = await mlflow.log({ "a.safetensors": newFile() }, run);
    const made = await mlflow.register("of-a-run", `models:/${id}`);
    expect(made.body.model_version.run_id).toBe(run);
    const { body } = await mlflow.get2("/mlflow/model-versions/search", { filter: `run_id = '${run}'` });
    expect(body.model_versions).toHaveLength(1);
  });

  it("have MLflow's shape, and our digest", async () => {
    await mlflow.model("shape");
    const run = await mlflow.run();
    const id = await mlflow.log({ "a.safetensors": newFile() }, run);
    const more = {
      run_id: run,
      run_link: "",
      description: "d",
      model_id: id,
      tags: [{ key: "k", value: "v" }],
    };
    const made = await mlflow.register("shape", `models:/${id}`, more);
    expect(made.body).toEqual({
      model_version: {
        name: "shape",
        version: "1",
        creation_timestamp: time,
        last_updated_timestamp: time,
        user_id: "trainer",
        current_stage: "None",
        description: "d",
        source: `models:/${id}`,
        run_id: run,
        status: "READY",
        tags: [
          { key: "k", value: "v" },
          { key: "countersign.artifact", value: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
        ],
        run_link: "",
        aliases: [],
        model_id: id,
      },
    });
    const uri = await mlflow.get2(`${VERSIONS}/get-download-uri`, { name: "shape", version: "1" });
    expect(uri.body).toEqual({ artifact_uri: `mlflow-artifacts:/models/${id}/artifacts` });
    const { workspace } = server.control;
    expect((await workspace.version("shape")).artifact).toBe(artifactOf(made));
    expect((await workspace.version("shape")).facts.authors).toEqual(["trainer"]);
  });

  it("are searched, and deleted", async () => {
    await mlflow.model("many");
    const run = await mlflow.run();
    for (let i = 0; i < 3; i++) {
      const id = await mlflow.log({ "a.safetensors": newFile() });
      await mlflow.register("many", `models:/${id}`, { run_id: i === 1 ? run : "" });
    }
    const search = async (filter: string, more: object = {}) => {
      const { body } = await mlflow.get2(`${VERSIONS}/search`, { filter, ...more });
      return body.model_versions?.map(({ version }: { version: string }) => version) ?? body.error_code;
    };
    expect(await search("name='many'", { order_by: "version_number ASC" })).toEqual(["1", "2", "3"]);
    expect(await search(`run_id = '${run}'`)).toEqual(["2"]);
    expect(await search(`run_id IN ('${run}', 'x') AND name = 'many'`)).toEqual(["2"]);
    expect(await search("name = 'many' AND version_number > 1", { order_by: "version_number DESC" })).toEqual(
      ["3", "2"],
    );
    await mlflow.remove(`${VERSIONS}/delete`, { name: "many", version: "3" });
    expect((await mlflow.get2(`${VERSIONS}/get`, { name: "many", version: "3" })).status).toBe(404);
    const latest = await mlflow.get2(`${MODELS}/get-latest-versions`, { name: "many" });
    expect(latest.body.model_versions).toMatchObject([{ version: "2" }]);
  });

  it("keep tags and descriptions", async () => {
    await mlflow.model("tagged");
    await mlflow.register("tagged", `models:/${await mlflow.log({ "a.safetensors": newFile() })}`);
    const at = { name: "tagged", version: "1" };
    await mlflow.call(`${VERSIONS}/set-tag`, { ...at, key: "k", value: "v" });
    await mlflow.patch(`${VERSIONS}/update`, { ...at, description: "new" });
    expect((await mlflow.get2(`${VERSIONS}/get`, at)).body.model_version).toMatchObject({
      description: "new",
      tags: [{ key: "k", value: "v" }, { key: "countersign.artifact" }],
    });
    await mlflow.remove(`${VERSIONS}/delete-tag`, { ...at, key: "k" });
    expect((await mlflow.get2(`${VERSIONS}/get`, at)).body.model_version.tags).toHaveLength(1);
    const long = { ...at, key: "k".repeat(251), value: "" };
    expect((await mlflow.call(`${VERSIONS}/set-tag`, long)).status).toBe(400);
  });

  it("number themselves when many come at once", { timeout: 90_000 }, async () => {
    await mlflow.model("crowd");
    const id = await mlflow.log({ "a.safetensors": newFile() });
    const made = await Promise.all(
      Array.from({ length: 6 }, () => mlflow.register("crowd", `models:/${id}`)),
    );
    const numbers = made.map(({ body }) => Number(body.model_version.version)).sort();
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6]);
    expect(made.map(({ body }) => body.model_version.status)).toEqual(Array(6).fill("READY"));
  });
});

describe("logged models", () => {
  it("are created pending, finished, tagged and listed", async () => {
    const run = await mlflow.run();
    const made = await mlflow.call("/mlflow/logged-models", {
      experiment_id: "0",
      name: "model",
      model_type: "classifier",
      source_run_id: run,
      params: [{ key: "C", value: "1" }],
      tags: [{ key: "t", value: "1" }],
    });
    const { info } = made.body.model;
    expect(info).toMatchObject({
      model_id: expect.stringMatching(/^m-[0-9a-f]{32}$/),
      artifact_uri: `mlflow-artifacts:/0/models/${info.model_id}/artifacts`,
      status: "LOGGED_MODEL_PENDING",
      source_run_id: run,
    });
    const at = `/mlflow/logged-models/${info.model_id}`;
    await mlflow.put(`0/models/${info.model_id}/artifacts/sub/a.txt`, "a");
    expect((await mlflow.patch(at, { status: "LOGGED_MODEL_READY" })).body.model.info.status).toBe(
      "LOGGED_MODEL_READY",
    );
    expect((await mlflow.patch(at, { status: 3 })).body.model.info.status).toBe("LOGGED_MODEL_UPLOAD_FAILED");
    expect((await mlflow.patch(at, { status: "GREAT" })).status).toBe(400);
    await mlflow.patch(`${at}/tags`, {
      tags: [
        { key: "t", value: "2" },
        { key: "u", value: "3" },
      ],
    });
    await mlflow.remove(`${at}/tags/u`, {});
    await mlflow.call(`${at}/params`, { params: [{ key: "D", value: "2" }] });
    const { model } = (await mlflow.get2(at, {})).body;
    expect(model.info.tags).toEqual([{ key: "t", value: "2" }]);
    expect(model.data.params).toEqual([
      { key: "C", value: "1" },
      { key: "D", value: "2" },
    ]);
    const root = await mlflow.get2(`${at}/artifacts/directories`, {});
    expect(root.body).toEqual({ root_uri: info.artifact_uri, files: [{ path: "sub", is_dir: true }] });
    const sub = await mlflow.get2(`${at}/artifacts/directories`, { artifact_directory_path: "sub" });
    expect(sub.body.files).toEqual([{ path: "sub/a.txt", is_dir: false, file_size: 1 }]);
    await mlflow.remove(at, {});
    expect((await mlflow.get2(at, {})).body.error_code).toBe("RESOURCE_DOES_NOT_EXIST");
    expect((await mlflow.get2(at, { allow_deleted: "true" })).status).toBe(200);
  });

  it("are searched by what was measured of them", async () => {
    const run = await mlflow.run();
    const ids: string[] = [];
    for (const [at, value] of [0.5, 0.9, 0.7].entries()) {
      const id = await mlflow.log({ "a.txt": String(at) }, run);
      ids.push(id);
      const metric = {
        key: "auc",
        value,
        timestamp: 1,
        step: 0,
        model_id: id,
        dataset_name: "test",
        dataset_digest: "d1",
      };
      await mlflow.call("/mlflow/runs/log-batch", { run_id: run, metrics: [metric] });
    }
    const search = async (input: object) => {
      const { body } = await mlflow.call("/mlflow/logged-models/search", { experiment_ids: ["0"], ...input });
      return (
        body.models?.map((model: { info: { model_id: string } }) => ids.indexOf(model.info.model_id)) ??
        body.error_code
      );
    };
    const mine = `source_run_id = '${run}'`;
    const order_by = [{ field_name: "metrics.auc", ascending: false }];
    expect(await search({ filter: mine, order_by })).toEqual([1, 2, 0]);
    expect(await search({ filter: `${mine} AND metrics.auc > 0.6`, order_by })).toEqual([1, 2]);
    expect(
      await search({ filter: mine, datasets: [{ dataset_name: "test", dataset_digest: "d1" }], order_by }),
    ).toEqual([1, 2, 0]);
    expect(await search({ filter: mine, datasets: [{ dataset_name: "train" }] })).toEqual([]);
    expect(await search({ filter: `${mine} AND status = 'READY' AND name = 'm'`, order_by })).toEqual([
      1, 2, 0,
    ]);
    expect(await search({ filter: "status = 'FAILED'" })).toEqual([]);
    expect(await search({ experiment_ids: ["77"] })).toEqual([]);
    await mlflow.patch(`/mlflow/logged-models/${ids[1]}/tags`, { tags: [{ key: "stage", value: "a" }] });
    expect(await search({ filter: `${mine} AND tags.stage != 'b'` })).toEqual([1]);
    expect(await search({ filter: `${mine} AND tags.stage != 'a'` })).toEqual([]);
    expect(await search({ filter: "nothing = 1" })).toBe("INVALID_PARAMETER_VALUE");
    expect(await search({ order_by: [{ field_name: "metrics.x'; --" }], filter: mine })).toHaveLength(3);
    expect(await search({ order_by: [{ field_name: "l.id; drop" }] })).toBe("INVALID_PARAMETER_VALUE");
  });

  it("need an experiment and a name that is one", async () => {
    const create = (input: object) => mlflow.call("/mlflow/logged-models", input);
    expect((await create({ experiment_id: "987654" })).status).toBe(404);
    expect((await create({})).status).toBe(400);
    expect((await create({ experiment_id: "0", name: "a/b" })).status).toBe(400);
    expect((await create({ experiment_id: "0" })).body.model.info.name).toBe("model");
  });
});

const RECORDED = new URL(
  "../../../../../shared/data/mlflow/recorded-client-calls-3.6.1.dev0.log",
  import.meta.url,
);
const recorded = existsSync(RECORDED) ? readFileSync(RECORDED, "utf8") : "";

describe.runIf(recorded !== "")("the recorded conversation of a client", () => {
  const lines = recorded.split("\n").filter((line) => /^(GET|POST|PUT|PATCH|DELETE) /.test(line));
  const calls = [...new Set(lines.map((line) => line.replace(/\?.*| ->.*/g, "")))];
  it.each(calls.filter((line) => line !== "POST /api/2.0/mlflow/webhooks"))(
    "has an answer to %s",
    async (line) => {
      const [method = "", path = ""] = line.split(" ");
      const headers = { authorization: `Bearer ${server.token}`, "content-type": "application/json" };
      const answer = await fetch(`${server.url}${path}`, {
        method,
        headers,
        ...(method === "GET" ? {} : { body: "{}" }),
      });
      expect(await answer.text()).not.toContain("ENDPOINT_NOT_FOUND");
      expect(answer.status).toBeLessThan(500);
    },
  );
});
it.skipIf(recorded !== "")("skips the recorded conversation: ../shared/data/mlflow is not here", () => {});
