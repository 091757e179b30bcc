import { omsStatementOf, signOmsStatement } from "@countersign/evidence";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startControl } from "../start.js";
import { approve, artifactOf, clear, type Lab, lab, newFile } from "../testing/registry.js";
import { poisonedFile, type TestServer, testServer } from "../testing/server.js";

let server: TestServer;
let mlflow: Lab;
let names = 0;

beforeAll(async () => {
  server = await testServer();
  mlflow = lab(server, await server.tokenFor("write", "trainer"));
});
afterAll(() => server.dispose());

/** One model for all tests that only ask. */
let asked: Promise<{ name: string }> | undefined;
const one = () => {
  asked ??= registered();
  return asked;
};

/** A registered model with one version; `cleared` for production when asked. */
async function registered(cleared = false, files?: Record<string, Uint8Array>) {
  names += 1;
  const name = `model-${names}`;
  await mlflow.model(name);
  const id = await mlflow.log(files ?? { "model.safetensors": newFile() });
  const made = await mlflow.register(name, `models:/${id}`);
  expect(made.status).toBe(200);
  const artifact = artifactOf(made);
  if (cleared) await clear(server, artifact);
  return { name, id, artifact, version: made.body.model_version };
}

const denied = (answer: { status: number; body: { error_code?: string; message?: string } }) => {
  expect(answer).toMatchObject({ status: 403, body: { error_code: "PERMISSION_DENIED" } });
  return String(answer.body.message);
};

describe("setting an alias", () => {
  it("is free in dev", async () => {
    const { name } = await registered();
    expect((await mlflow.setAlias(name, "shadow")).status).toBe(200);
    expect((await mlflow.byAlias(name, "shadow")).body.model_version).toMatchObject({
      version: "1",
      aliases: ["shadow"],
    });
  });

  it("is refused for production, with every reason and the commands that help", async () => {
    const { name, artifact } = await registered();
    const message = denied(await mlflow.setAlias(name, "champion"));
    expect(message).toContain('Alias "champion" stands for production');
    expect(message).toContain("not signed");
    expect(message).toContain(`countersign sign ${artifact} --record --key author.key`);
    expect(message).toContain(`countersign declare ${artifact}`);
    expect(message).toContain(`COUNTERSIGN_SERVER=${server.url}`);
    expect(
      (await mlflow.get2("/mlflow/registered-models/get", { name })).body.registered_model.aliases,
    ).toEqual([]);
  });

  it("names who may approve, once only that is missing", async () => {
    const { name, artifact } = await registered(true);
    expect((await mlflow.setAlias(name, "champion")).status).toBe(200);
    const other = await registered();
    const { workspace } = server.control;
    const { manifest } = await workspace.version(other.artifact);
    if (!manifest) throw new Error("no manifest");
    const author = await workspace.keyring.signer("author");
    await workspace.submitSignature(
      await signOmsStatement(omsStatementOf(manifest, "m"), author),
      other.artifact,
    );
    const signer = workspace.service;
    await workspace.declare({
      subject: other.artifact,
      licence: "MIT",
      origin: "https://example.com",
      signer,
    });
    const message = denied(await mlflow.setAlias(other.name, "champion"));
    expect(message).toContain(
      `countersign approve ${other.artifact} --gate promote --environment production`,
    );
    expect(message).toContain("Who may approve: approver");
    await approve(server, other.artifact);
    expect((await mlflow.setAlias(other.name, "champion")).status).toBe(200);
    expect(artifact).not.toBe(other.artifact);
  });

  it.each(["champion", "Champion", "CHAMPION", "production", "PROD", "Prod"])(
    "takes %s for production",
    async (alias) => {
      const { name } = await one();
      expect(denied(await mlflow.setAlias(name, alias))).toContain("production");
    },
  );

  it.each(["challenger", "Staging", "STAGING"])("takes %s for staging", async (alias) => {
    const { name } = await one();
    expect(denied(await mlflow.setAlias(name, alias))).toContain("staging");
  });

  it.each(["latest", "LATEST", "v1", "V2", "сhampion", "a b", "a/b", "", "x\u0000"])(
    "refuses %j, which is none",
    async (alias) => {
      const { name } = await one();
      expect((await mlflow.setAlias(name, alias)).status).toBe(400);
    },
  );

  it.each(["/api/2.0", "/api/3.0", "/ajax-api/2.0", "/ajax-api/3.0", "/api/2.0/preview"])(
    "is refused below %s as well",
    async (root) => {
      const { name } = await one();
      const there = lab(server, server.token, root);
      denied(await there.setAlias(name, "champion"));
      denied(await there.stage(name, "Production"));
    },
  );

  it("needs more than a token that reads", async () => {
    const { name } = await registered();
    const reader = lab(server, await server.tokenFor("read", "reader"));
    expect((await reader.setAlias(name, "shadow")).status).toBe(403);
    expect((await reader.byAlias(name, "shadow")).status).toBe(400);
    expect((await lab(server, "nothing").setAlias(name, "shadow")).status).toBe(401);
  });

  it("answers 404 for a model and for a version that are not there", async () => {
    const { name } = await registered();
    expect((await mlflow.setAlias("nobody", "shadow")).body.error_code).toBe("RESOURCE_DOES_NOT_EXIST");
    expect((await mlflow.setAlias(name, "shadow", "7")).status).toBe(404);
    expect((await mlflow.setAlias(name, "shadow", "1 or 1=1")).status).toBe(404);
  });

  it("is on the record as a promotion under the model's name", async () => {
    const { name, artifact } = await registered(true);
    await mlflow.setAlias(name, "champion");
    const [promotion] = await server.control.workspace.promotions(1);
    expect(promotion).toMatchObject({ artifact, name, environment: "production" });
    const { size } = server.control.workspace;
    expect((await mlflow.setAlias(name, "champion")).status).toBe(200);
    expect(server.control.workspace.size).toBe(size);
  });
});

describe("a stage", () => {
  it("is a gate in whatever case", async () => {
    const { name } = await registered();
    expect(denied(await mlflow.stage(name, "Production"))).toContain(
      "Stage Production stands for production",
    );
    denied(await mlflow.stage(name, "production"));
    expect(denied(await mlflow.stage(name, "STAGING"))).toContain("staging");
    expect((await mlflow.stage(name, "Archived")).body.model_version.current_stage).toBe("Archived");
    expect((await mlflow.stage(name, "none")).body.model_version.current_stage).toBe("None");
    expect((await mlflow.stage(name, "Live")).status).toBe(400);
  });

  it("is entered once cleared, and archives what was there", async () => {
    const { name } = await registered(true);
    expect((await mlflow.stage(name, "Production")).body.model_version.current_stage).toBe("Production");
    const second = await mlflow.register(name, `models:/${await mlflow.log({ "m.safetensors": newFile() })}`);
    denied(await mlflow.stage(name, "Production", "2", true));
    const at = { name, stages: ["Production"] };
    const latest = () => mlflow.call("/mlflow/registered-models/get-latest-versions", at, "POST");
    expect((await latest()).body.model_versions[0].version).toBe("1");
    await clear(server, artifactOf(second));
    await mlflow.stage(name, "Production", "2", true);
    expect((await latest()).body.model_versions[0].version).toBe("2");
    const first = await mlflow.get2("/mlflow/model-versions/get", { name, version: "1" });
    expect(first.body.model_version.current_stage).toBe("Archived");
  });
});

describe("creating a version", () => {
  it("takes no alias and no stage along", async () => {
    const { name, id } = await registered();
    const more = {
      aliases: ["champion"],
      alias: "champion",
      current_stage: "Production",
      stage: "Production",
      status: "READY",
      version: "99",
    };
    const made = await mlflow.register(name, `models:/${id}`, more);
    expect(made.body.model_version).toMatchObject({ version: "2", aliases: [], current_stage: "None" });
    const patched = await mlflow.patch("/mlflow/model-versions/update", { name, ...more, version: "2" });
    expect(patched.body.model_version).toMatchObject({ aliases: [], current_stage: "None" });
    expect((await mlflow.byAlias(name, "champion")).status).toBe(400);
  });

  it("fails for a model that would run code, and refuses it every alias and stage", async () => {
    const { name, version } = await registered(false, { "model.pkl": poisonedFile() });
    expect(version.status).toBe("FAILED_REGISTRATION");
    expect(version.status_message).toMatch(/os\.system|system/);
    for (const alias of ["shadow", "champion"])
      expect(denied(await mlflow.setAlias(name, alias))).toContain("failed");
    denied(await mlflow.stage(name, "Staging"));
    denied(await mlflow.get2("/mlflow/model-versions/get-download-uri", { name, version: "1" }));
  });

  it("does not become harmless by a row that says so", async () => {
    const { name } = await registered(false, { "model.pkl": poisonedFile() });
    await server.database.query(
      "update registry_versions set status = 'READY', message = '' where artifact is not null",
    );
    expect(denied(await mlflow.setAlias(name, "shadow"))).toMatch(/malicious/i);
    denied(await mlflow.get2("/mlflow/model-versions/get-download-uri", { name, version: "1" }));
  });

  it("is not let off by a row that says its bytes are elsewhere", async () => {
    const { name } = await registered(false, { "model.pkl": poisonedFile() });
    await server.database.query(
      `update registry_versions set status = 'READY', root = null, artifact = null
       where model = (select id from registry_models where name = $1)`,
      [name],
    );
    expect(denied(await mlflow.setAlias(name, "shadow"))).toContain("was changed");
    denied(await mlflow.get2("/mlflow/model-versions/get-download-uri", { name, version: "1" }));
  });

  it("takes up where a kill left it, and settles what will not run again", async () => {
    const { name } = await registered();
    const pending =
      "update registry_versions set status = 'PENDING_REGISTRATION' where model = (select id from registry_models where name = $1) returning job";
    const { rows } = await server.database.query(pending, [name]);
    const { job } = rows[0] as { job: string };
    expect(denied(await mlflow.setAlias(name, "shadow"))).toContain("still being read");
    await server.database.query(
      "update jobs set state = 'failed', result = null, error = null where id = $1",
      [job],
    );
    const { config } = server;
    await server.control.close();
    server.control = await startControl(config, { destination: { write: () => undefined } });
    server.url = server.control.url;
    server.database = server.control.database.pool;
    mlflow = lab(
      server,
      (await server.control.newToken({ label: "t", scope: "write", principal: "trainer" })).token,
    );
    const { model_version } = (await mlflow.get2("/mlflow/model-versions/get", { name, version: "1" })).body;
    expect(model_version.status).toBe("FAILED_REGISTRATION");
    await server.database.query(pending, [name]);
    await server.database.query("delete from jobs where id = $1", [job]);
    await server.control.close();
    server.control = await startControl(config, { destination: { write: () => undefined } });
    server.url = server.control.url;
    server.database = server.control.database.pool;
    mlflow = lab(
      server,
      (await server.control.newToken({ label: "t", scope: "write", principal: "trainer" })).token,
    );
    const read = async () => (await mlflow.get2("/mlflow/model-versions/get", { name, version: "1" })).body;
    await expect.poll(read, { timeout: 30_000 }).toMatchObject({ model_version: { status: "READY" } });
  });

  it.each([
    "s3://bucket/model",
    "file:///etc",
    "http://example.com/m",
    "https://example.com/api/2.0/mlflow-artifacts/artifacts/1/models/x",
    "dbfs:/m",
    "mlflow-artifacts://elsewhere:5000/0/models/x/artifacts",
    "/srv/models/m",
    "gs://b/m",
  ])("keeps %s, whose bytes nobody has read, in dev", async (source) => {
    names += 1;
    const name = `outside-${names}`;
    await mlflow.model(name);
    const made = await mlflow.register(name, source);
    expect(made.body.model_version).toMatchObject({ status: "READY", source });
    expect((await mlflow.setAlias(name, "shadow")).status).toBe(200);
    expect(denied(await mlflow.setAlias(name, "champion"))).toContain("nobody has read them");
    denied(await mlflow.stage(name, "Staging"));
    const uri = await mlflow.get2("/mlflow/model-versions/get-download-uri", { name, version: "1" });
    expect(uri.body.artifact_uri).toBe(source);
  });

  it("refuses a source that leads out of its root, or holds nothing", async () => {
    const { name } = await registered();
    const run = await mlflow.run();
    for (const source of [
      `runs:/${run}/../x`,
      `mlflow-artifacts:/0/${run}/artifacts/../../x`,
      `runs:/${run}/model`,
    ])
      expect((await mlflow.register(name, source)).status).toBe(400);
    expect((await mlflow.register(name, `models:/m-${"0".repeat(32)}`)).status).toBe(404);
    expect((await mlflow.register(name, "models:/nobody/1")).status).toBe(404);
    expect((await mlflow.register(name, "")).status).toBe(400);
  });
});
