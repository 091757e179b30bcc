import { rm } from "node:fs/promises";
import { join } from "node:path";
import { assetKey } from "@countersign/facts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  approve,
  artifactOf,
  clear,
  containedBy,
  document,
  type Lab,
  lab,
  newFile,
} from "../testing/registry.js";
import { poisonedFile, type TestServer, testServer } from "../testing/server.js";

let server: TestServer;
let mlflow: Lab;
let names = 0;

beforeAll(async () => {
  server = await testServer();
  mlflow = lab(server, await server.tokenFor("write", "trainer"));
});
afterAll(() => server.dispose());

async function registered(cleared = false, name = `m-${++names}`) {
  await mlflow.model(name);
  const id = await mlflow.log({ "model.safetensors": newFile() });
  const made = await mlflow.register(name, `models:/${id}`);
  const artifact = artifactOf(made);
  if (cleared) await clear(server, artifact);
  return { name, id, artifact };
}

const denied = (answer: { status: number; body: { error_code?: string; message?: string } }) => {
  expect(answer).toMatchObject({ status: 403, body: { error_code: "PERMISSION_DENIED" } });
  return String(answer.body.message);
};
const get = async (name: string) =>
  (await mlflow.get2("/mlflow/registered-models/get", { name })).body.registered_model;

describe("bytes that were registered", () => {
  it("cannot be overwritten, added to or deleted", async () => {
    const { id } = await registered();
    const at = `0/models/${id}/artifacts`;
    denied(await mlflow.put(`${at}/model.safetensors`, "other"));
    denied(await mlflow.put(`${at}/extra.bin`, "more"));
    denied(await mlflow.put(`elsewhere/${id}/artifacts/model.safetensors`, "other"));
    denied(await mlflow.call(`/mlflow-artifacts/artifacts/${at}/model.safetensors`, {}, "DELETE"));
    denied(await mlflow.remove(`/mlflow/logged-models/${id}`, {}));
  });

  it("are a copy of their own where they came from a run", async () => {
    const name = `m-${++names}`;
    await mlflow.model(name);
    const run = await mlflow.run();
    const at = `0/${run}/artifacts/model`;
    await mlflow.put(`${at}/model.safetensors`, newFile());
    const made = await mlflow.register(name, `runs:/${run}/model`);
    expect(made.body.model_version.status).toBe("READY");
    await clear(server, artifactOf(made));
    await mlflow.setAlias(name, "champion");
    expect((await mlflow.put(`${at}/model.safetensors`, poisonedFile())).status).toBe(200);
    await mlflow.put(`${at}/evil.pkl`, poisonedFile());
    expect((await mlflow.byAlias(name, "champion")).status).toBe(200);
    const uri = await mlflow.get2("/mlflow/model-versions/get-download-uri", { name, version: "1" });
    const path = uri.body.artifact_uri.replace("mlflow-artifacts:/", "");
    const listed = await mlflow.get2("/mlflow-artifacts/artifacts", { path });
    expect(listed.body.files.map((file: { path: string }) => file.path)).toEqual(["model.safetensors"]);
    // It is no run and no logged model, so nothing can be written there, sealed or not.
    expect((await mlflow.put(`${path}/model.safetensors`, "x")).status).toBe(404);
    const again = await mlflow.register(name, `runs:/${run}/model`);
    expect(again.body.model_version.status).toBe("FAILED_REGISTRATION");
  });

  it("are sealed only where they are all there, and by nobody else while they come", async () => {
    const name = `m-${++names}`;
    await mlflow.model(name);
    const owner = lab(server);
    const made = await owner.call("/mlflow/logged-models", { experiment_id: "0", name: "m" });
    const id: string = made.body.model.info.model_id;
    const at = `0/models/${id}/artifacts`;
    const refused = async (client: Lab, source = `models:/${id}`) =>
      expect((await client.register(name, source)).status).toBe(400);
    await refused(mlflow);
    await refused(owner);
    expect((await owner.put(`${at}/model.safetensors`, newFile())).status).toBe(200);
    await refused(mlflow);
    expect((await owner.put(`${at}/MLmodel`, "x: 1")).status).toBe(200);
    // MLflow's own clients register first and call it ready then.
    expect((await owner.register(name, `models:/${id}`)).status).toBe(200);
    denied(await owner.put(`${at}/MLmodel`, "x: 2"));
    expect((await mlflow.register(name, `models:/${id}`)).status).toBe(200);
    const nobody = `m-${"e".repeat(32)}`;
    expect((await mlflow.register(name, `models:/${nobody}`)).status).toBe(404);
    const run = await mlflow.run();
    await refused(mlflow, `runs:/${run}/nothing`);
    const seals = await server.database.query(
      "select 1 from artifact_seals where root = $1 or origin_root = $2",
      [nobody, run],
    );
    expect(seals.rows).toEqual([]);
  });

  it("are refused where the table of artifacts was changed behind the server's back", async () => {
    const { name, id } = await registered(true);
    await mlflow.setAlias(name, "champion");
    await server.database.query("update artifacts set digest = $2 where root = $1", [
      id,
      `sha256:${"1".repeat(64)}`,
    ]);
    expect(denied(await mlflow.byAlias(name, "champion"))).toContain("not the ones that were registered");
    denied(await mlflow.get2("/mlflow/model-versions/get-download-uri", { name, version: "1" }));
    expect((await get(name)).aliases).toEqual([]);
  });
});

describe("rows written behind the server's back", () => {
  it("give no alias to a version that was never promoted", async () => {
    const { name } = await registered();
    const row =
      "insert into registry_aliases (workspace, model, alias, version) select workspace, id, 'champion', 1 from registry_models where name = $1";
    await server.database.query(row, [name]);
    denied(await mlflow.byAlias(name, "champion"));
    const allowed = await registered(true);
    await server.database.query(row, [allowed.name]);
    expect(denied(await mlflow.byAlias(allowed.name, "champion"))).toContain(
      "never promoted there under this name",
    );
    expect((await get(allowed.name)).aliases).toEqual([]);
  });

  it("are a refusal, and nothing that a client tries again, where they hide evidence", async () => {
    const { name, artifact } = await registered(true);
    await mlflow.setAlias(name, "champion");
    await server.database.query("delete from entries where subject = $1 and predicate = 'scan'", [artifact]);
    expect(denied(await mlflow.byAlias(name, "champion"))).toContain("countersign log audit");
    denied(await mlflow.setAlias(name, "shadow"));
    denied(await mlflow.get2("/mlflow/model-versions/get-download-uri", { name, version: "1" }));
    expect((await get(name)).aliases).toEqual([]);
  });

  it("give no stage either", async () => {
    const { name } = await registered(true);
    await server.database.query(
      "update registry_versions set stage = 'Production' where model = (select id from registry_models where name = $1)",
      [name],
    );
    const at = { name, stages: ["Production"] };
    denied(await mlflow.call("/mlflow/registered-models/get-latest-versions", at, "POST"));
    expect((await get(name)).latest_versions[0].current_stage).toBe("None");
  });

  it("pass no version off as another's bytes", async () => {
    const good = await registered(true);
    await mlflow.setAlias(good.name, "champion");
    const bad = await registered();
    await server.database.query(
      `update registry_versions set artifact = $2 where model = (select id from registry_models where name = $1)`,
      [bad.name, good.artifact],
    );
    denied(await mlflow.setAlias(bad.name, "champion"));
  });
});

describe("what was allowed once", () => {
  it("is refused after its approval is revoked, wherever it is asked for", async () => {
    const { name, artifact } = await registered(true);
    await mlflow.setAlias(name, "champion");
    await mlflow.stage(name, "Production");
    const { workspace } = server.control;
    const { entries } = await workspace.version(artifact);
    const approval = entries.find(({ predicate }) => predicate === "approval");
    if (!approval) throw new Error("no approval");
    const signer = await workspace.keyring.signer("approver");
    await workspace.revoke({ envelope: approval.envelope, reason: "mistake", signer });
    expect(denied(await mlflow.byAlias(name, "champion"))).toContain("countersign approve");
    const latest = "/mlflow/registered-models/get-latest-versions";
    denied(await mlflow.get2(latest, { name, stages: ["production"] }));
    const all = (await mlflow.get2(latest, { name })).body.model_versions;
    expect(all).toMatchObject([{ current_stage: "None", aliases: [] }]);
    expect(await get(name)).toMatchObject({ aliases: [], latest_versions: [{ current_stage: "None" }] });
    const found = await mlflow.get2("/mlflow/model-versions/search", { filter: `name='${name}'` });
    expect(found.body.model_versions[0]).toMatchObject({ aliases: [], current_stage: "None" });
    expect(found.body.model_versions[0].status_message).toContain("production");
    const models = await mlflow.get2("/mlflow/registered-models/search", { filter: `name='${name}'` });
    expect(models.body.registered_models[0].aliases).toEqual([]);
    const copy = await mlflow.register(name, `models:/${name}@champion`);
    denied(copy);
    await approve(server, artifact);
    expect((await mlflow.byAlias(name, "champion")).status).toBe(200);
  });

  it("is refused in dev too once it is contained, also by number", async () => {
    const { name, artifact } = await registered(true);
    await mlflow.setAlias(name, "champion");
    await mlflow.setAlias(name, "shadow");
    const lift = await containedBy(server, artifact);
    for (const alias of ["champion", "shadow"])
      expect(denied(await mlflow.byAlias(name, alias))).toContain("ontain");
    denied(await mlflow.get2("/mlflow/model-versions/get-download-uri", { name, version: "1" }));
    denied(await mlflow.setAlias(name, "other"));
    await lift();
    expect((await mlflow.byAlias(name, "champion")).status).toBe(200);
  });
});

describe("names", () => {
  it("carry no alias over to a model or version that is made anew", async () => {
    const { name } = await registered(true);
    await mlflow.setAlias(name, "champion");
    await mlflow.remove("/mlflow/model-versions/delete", { name, version: "1" });
    expect((await mlflow.byAlias(name, "champion")).status).toBe(400);
    const id = await mlflow.log({ "model.safetensors": newFile() });
    const next = await mlflow.register(name, `models:/${id}`);
    expect(next.body.model_version).toMatchObject({ version: "2", aliases: [] });
    denied(await mlflow.setAlias(name, "champion", "2"));
    await mlflow.remove("/mlflow/registered-models/delete", { name });
    await mlflow.model(name);
    const anew = await mlflow.register(name, `models:/${id}`);
    expect(anew.body.model_version).toMatchObject({ version: "3", aliases: [], current_stage: "None" });
    denied(await mlflow.setAlias(name, "champion", "3"));
  });

  it("move their aliases when renamed, through the gate of the new name", async () => {
    const { name } = await registered();
    await mlflow.setAlias(name, "live");
    const guarded = `guarded-${++names}`;
    await document(server, guarded, { live: "production" });
    const rename = (from: string, to: string) =>
      mlflow.call("/mlflow/registered-models/rename", { name: from, new_name: to });
    expect(denied(await rename(name, guarded))).toContain("production");
    expect((await mlflow.byAlias(name, "live")).status).toBe(200);
    const free = `free-${++names}`;
    expect((await rename(name, free)).body.registered_model.aliases).toEqual([
      { alias: "live", version: "1" },
    ]);
    expect((await mlflow.byAlias(free, "live")).status).toBe(200);
    expect((await mlflow.byAlias(name, "live")).status).toBe(404);
    expect((await rename(free, free)).body.error_code).toBe("RESOURCE_ALREADY_EXISTS");
  });

  it("keep what stands in production when renamed", async () => {
    const { name, artifact } = await registered(true);
    await mlflow.setAlias(name, "champion");
    const to = `renamed-${++names}`;
    const renamed = await mlflow.call("/mlflow/registered-models/rename", { name, new_name: to });
    expect(renamed.status).toBe(200);
    expect((await mlflow.byAlias(to, "champion")).body).toMatchObject({ model_version: { name: to } });
    expect((await server.control.workspace.promotions(1))[0]).toMatchObject({ artifact, name: to });
  });

  it("share approvals of the same bytes, and nothing else", async () => {
    const { name, artifact } = await registered();
    const copy = `copy-${++names}`;
    await mlflow.model(copy);
    const made = await mlflow.register(copy, `models:/${name}/1`);
    expect(artifactOf(made)).toBe(artifact);
    denied(await mlflow.setAlias(copy, "champion"));
    await clear(server, artifact);
    expect((await mlflow.setAlias(copy, "champion")).status).toBe(200);
    expect((await mlflow.byAlias(name, "champion")).status).toBe(400);
  });
});

describe("documents of the inventory", () => {
  it("put an alias at another gate", async () => {
    const { name } = await registered();
    await document(server, name, { live: "production", canary: "staging", Blue: "eu-prod" });
    expect(denied(await mlflow.setAlias(name, "live"))).toContain("production");
    expect(denied(await mlflow.setAlias(name, "LIVE"))).toContain("production");
    expect(denied(await mlflow.setAlias(name, "canary"))).toContain("staging");
    expect(denied(await mlflow.setAlias(name, "blue"))).toContain("eu-prod");
  });

  it("never lower one, neither a known name nor what an earlier document said", async () => {
    const { name } = await registered();
    await document(server, name, { champion: "dev", production: "staging", live: "production" });
    expect(denied(await mlflow.setAlias(name, "champion"))).toContain("production");
    expect(denied(await mlflow.setAlias(name, "production"))).toContain("stands for production");
    await document(server, name, { live: "dev" });
    expect(denied(await mlflow.setAlias(name, "live"))).toContain("production");
    await document(server, name, {});
    denied(await mlflow.setAlias(name, "live"));
  });

  it("leave no alias in dev once one of them is gone from the store", async () => {
    const { name } = await registered();
    await document(server, name, { live: "production" });
    const { workspace } = server.control;
    const [said] = await workspace.about(assetKey(workspace.id, name), "asset");
    const hex = said?.entry.envelope.slice(7) ?? "";
    await rm(join(server.config.directory, "objects", "sha256", hex.slice(0, 2), hex.slice(2)), {
      force: true,
    });
    expect(denied(await mlflow.setAlias(name, "live"))).toContain("production");
    expect(denied(await mlflow.setAlias(name, "shadow"))).toContain("production");
  });

  it("raise the gate of an alias that is set already", async () => {
    const { name } = await registered();
    await mlflow.setAlias(name, "live");
    await document(server, name, { live: "production" });
    denied(await mlflow.byAlias(name, "live"));
    expect((await get(name)).aliases).toEqual([]);
  });
});

describe("tags", () => {
  it("of the server are the server's", async () => {
    const { name, artifact } = await registered();
    const set = (path: string, more: object) => mlflow.call(path, { name, ...more });
    const key = "countersign.artifact";
    expect((await set("/mlflow/model-versions/set-tag", { version: "1", key, value: "x" })).status).toBe(400);
    expect((await set("/mlflow/registered-models/set-tag", { key, value: "x" })).status).toBe(400);
    const remove = await mlflow.remove("/mlflow/model-versions/delete-tag", { name, version: "1", key });
    expect(remove.status).toBe(400);
    const made = await mlflow.register(name, `models:/${name}/1`, { tags: [{ key, value: "forged" }] });
    expect(made.body.model_version.tags).toEqual([{ key, value: artifact }]);
  });

  it("make no prompt of a model, which would hide it and skip its bytes", async () => {
    const { name, id } = await registered();
    const key = "mlflow.prompt.is_prompt";
    const tag = { key, value: "true" };
    expect((await mlflow.call("/mlflow/registered-models/set-tag", { name, ...tag })).status).toBe(400);
    expect((await mlflow.register(name, `models:/${id}`, { tags: [tag] })).status).toBe(400);
    const prompt = `prompt-${++names}`;
    await mlflow.model(prompt, { tags: [tag] });
    expect((await mlflow.register(prompt, `models:/${id}`)).status).toBe(400);
    expect((await mlflow.register(prompt, `models:/${id}`, { tags: [tag] })).status).toBe(400);
    const made = await mlflow.register(prompt, "prompt-template", { tags: [tag] });
    expect(made.body.model_version.status).toBe("READY");
    expect((await mlflow.setAlias(prompt, "shadow")).status).toBe(200);
    denied(await mlflow.setAlias(prompt, "production"));
    const off = await mlflow.remove("/mlflow/registered-models/delete-tag", { name: prompt, key });
    expect(off.status).toBe(400);
  });
});
