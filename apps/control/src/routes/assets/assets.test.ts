import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { admitted, cleanFile, type TestServer, testServer } from "../../testing/server.js";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
}, 60_000);
afterAll(() => server?.dispose());

const VERSION = "apiVersion: countersign.dev/v1";
const doc = (kind: string, name: string, spec: object = {}, metadata: object = {}) => ({
  apiVersion: "countersign.dev/v1",
  kind,
  metadata: { name, ...metadata },
  spec,
});

const raw = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${server.url}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json", ...init.headers },
  });

describe("apply", () => {
  it("creates, updates, leaves alone, and says which", async () => {
    const { client } = server;
    const one = doc("Model", "alpha", { framework: "onnx" }, { owner: "team-a" });
    const [created] = (await client.assets.apply({ documents: [one] })).results;
    expect(created).toMatchObject({ kind: "Model", name: "alpha", action: "created" });
    const size = server.control.workspace.size;
    const [unchanged] = (await client.assets.apply({ documents: [one] })).results;
    expect(unchanged).toMatchObject({ action: "unchanged", changes: [] });
    expect(server.control.workspace.size).toBe(size);
    const other = { ...one, spec: { framework: "torch" } };
    const [updated] = (await client.assets.apply({ documents: [other] })).results;
    expect(updated).toMatchObject({
      action: "updated",
      changes: [{ path: "/spec/framework", before: "onnx", after: "torch" }],
    });
    const { history, principal } = await client.assets.get("Model", "alpha");
    expect(history.map(({ action }) => action)).toEqual(["updated", "created"]);
    expect(principal).toBe("operator");
  });

  it("changes nothing when it is only tried", async () => {
    const size = server.control.workspace.size;
    const { results } = await server.client.assets.apply({ documents: [doc("Model", "dry")], dryRun: true });
    expect(results[0]).toMatchObject({ action: "created" });
    expect(server.control.workspace.size).toBe(size);
    await expect(server.client.assets.get("Model", "dry")).rejects.toMatchObject({ code: "not-found" });
  });

  it("takes YAML, with several documents", async () => {
    const text = `${VERSION}\nkind: Dataset\nmetadata: { name: y1 }\nspec: {}\n---\n${VERSION}\nkind: Model\nmetadata: { name: y2 }\nspec: { datasets: [y1] }\n`;
    const { results } = await server.client.assets.apply({ text });
    expect(results.map(({ name, action }) => [name, action])).toEqual([
      ["y1", "created"],
      ["y2", "created"],
    ]);
  });

  it("reports what leads nowhere and what runs in a circle, and puts it into force all the same", async () => {
    const { client } = server;
    const { results, cycles } = await client.assets.apply({
      documents: [
        doc("Service", "left", { dependsOn: ["Service:right"], vendor: "nobody" }),
        doc("Service", "right", { dependsOn: ["Service:left"] }),
      ],
    });
    expect(results[0]?.dangling).toEqual([
      { kind: "Vendor", name: "nobody", relation: "supplied", known: false },
    ]);
    expect(cycles).toEqual([["Service:left", "Service:right"]]);
    const detail = await client.assets.get("Service", "left");
    expect(detail).toMatchObject({ dangling: 1, cycle: ["Service:left", "Service:right"] });
    expect(detail.references.in).toEqual([{ kind: "Service", name: "right", relation: "uses", known: true }]);
  });

  it("finds a circle that closes over what was in force before", async () => {
    const { client } = server;
    await client.assets.apply({ documents: [doc("Model", "base-a", { baseModel: "base-b" })] });
    const closing = { documents: [doc("Model", "base-b", { baseModel: "base-a" })], dryRun: true };
    expect((await client.assets.apply(closing)).cycles).toEqual([["Model:base-a", "Model:base-b"]]);
  });

  it.each([
    ["a field that is none", { documents: [doc("Model", "x", { colour: "red" })] }, 422, "document-invalid"],
    ["one name twice", { documents: [doc("Model", "x"), doc("Model", "x")] }, 422, "document-invalid"],
    ["an alias bomb", { text: `a: &a [1]\nb: [${"*a,".repeat(500)}]` }, 422, "too-complex"],
    ["open brackets that crash the parser", { text: "[".repeat(200_000) }, 422, "too-complex"],
    ["both forms at once", { documents: [], text: "" }, 400, "bad-request"],
    ["neither form", {}, 400, "bad-request"],
    ["a text too long", { text: `# ${"x".repeat(1_100_000)}` }, 422, "too-complex"],
  ])("refuses %s, and nothing of the rest is applied", async (_what, body, status, code) => {
    const size = server.control.workspace.size;
    const answer = await raw("/api/v1/workspaces/default/assets/apply", {
      method: "POST",
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ code });
    expect(server.control.workspace.size).toBe(size);
  });

  it("needs the scope write, as does removal; looking needs read", async () => {
    const token = await server.tokenFor("read", "reader");
    const headers = { authorization: `Bearer ${token}` };
    const apply = { method: "POST", body: JSON.stringify({ documents: [doc("Model", "z")] }), headers };
    expect((await raw("/api/v1/workspaces/default/assets/apply", apply)).status).toBe(403);
    const gone = await raw("/api/v1/workspaces/default/assets/Model/alpha", { method: "DELETE", headers });
    expect(gone.status).toBe(403);
    expect((await raw("/api/v1/workspaces/default/assets", { headers })).status).toBe(200);
  });
});

describe("an asset", () => {
  it("has its document, YAML, versions with decisions, and both directions of references", async () => {
    const { client } = server;
    const { artifact } = await admitted(client, "beta");
    await client.assets.apply({
      documents: [
        doc("Vendor", "acme", { country: "CH" }),
        doc("Model", "beta", { vendor: "acme" }, { tags: { sensitivity: "restricted", licence: "MIT" } }),
        doc("Endpoint", "beta-live", { url: "https://b.example", environment: "staging", models: ["beta"] }),
      ],
    });
    const detail = await client.assets.get("Model", "beta");
    expect(detail).toMatchObject({
      declared: true,
      versions: 1,
      tags: { sensitivity: "restricted", licence: "MIT", vendor: "acme" },
      newest: [{ artifact, name: "beta" }],
      references: {
        out: [{ kind: "Vendor", name: "acme", relation: "supplied", known: true }],
        in: [{ kind: "Endpoint", name: "beta-live", relation: "serves", known: true }],
      },
      suppliers: [{ name: "acme", country: "CH", single: true, sanctions: { status: "unknown" } }],
    });
    expect(detail.newest[0]?.decisions[0]).toMatchObject({ gate: "ingest" });
    expect(detail.yaml).toMatch(
      /^apiVersion: countersign\.dev\/v1\nkind: Model\nmetadata:\n {2}name: beta\n/,
    );
  });

  it("is declared on the versions that were there and on those that come", async () => {
    const { client } = server;
    const [before] = [await admitted(client, "gamma", { "a.bin": Buffer.from("one") })];
    const { results } = await client.assets.apply({
      documents: [
        doc("Model", "gamma", { origin: "in-house" }, { tags: { personalData: true, licence: "MIT" } }),
      ],
    });
    expect(results[0]?.declared).toBe(1);
    const after = await admitted(client, "gamma", { "a.bin": Buffer.from("two") }, { licence: "GPL-2.0" });
    for (const { artifact } of [before, after]) {
      expect((await client.versions.get(artifact)).facts.declaration).toMatchObject({
        licence: "MIT",
        origin: "in-house",
        tags: { personalData: "true" },
      });
    }
  });

  it("has drifted when somebody declares something else of a version, until it is applied again", async () => {
    const { client } = server;
    const { artifact } = await admitted(client, "theta", { "a.bin": Buffer.from("theta") });
    const documents = [doc("Model", "theta", {}, { tags: { sensitivity: "restricted" } })];
    await client.assets.apply({ documents });
    await client.declarations.create({ subject: artifact, tags: { sensitivity: "public", stage: "trial" } });
    const [drift] = (await client.assets.apply({ documents, dryRun: true })).results;
    expect(drift).toMatchObject({ action: "unchanged", declared: 1 });
    await client.assets.apply({ documents });
    expect((await client.versions.get(artifact)).facts.declaration.tags).toEqual({
      sensitivity: "restricted",
      stage: "trial",
    });
    expect((await client.assets.apply({ documents, dryRun: true })).results[0]?.declared).toBe(0);
  });

  it("is listed as undeclared when only versions of it were admitted", async () => {
    const { client } = server;
    await admitted(client, "delta", { "m.safetensors": cleanFile() });
    const { items } = await client.assets.list({ query: "delta", declared: false });
    expect(items).toMatchObject([{ kind: "Model", name: "delta", declared: false, versions: 1 }]);
    expect(await client.assets.get("Model", "delta")).toMatchObject({
      document: null,
      yaml: "",
      history: [],
    });
  });

  it("goes when it is deleted, and its versions, history and declarations stay", async () => {
    const { client } = server;
    const { artifact } = await admitted(client, "epsilon", { "a.bin": Buffer.from("eps") });
    await client.assets.apply({ documents: [doc("Model", "epsilon", {}, { tags: { tier: "tier-1" } })] });
    await client.assets.apply({
      documents: [doc("System", "uses-epsilon", { components: ["Model:epsilon"] })],
    });
    const gone = await client.assets.remove("Model", "epsilon");
    expect(gone).toMatchObject({ action: "deleted", dangling: [{ kind: "System", name: "uses-epsilon" }] });
    const detail = await client.assets.get("Model", "epsilon");
    expect(detail).toMatchObject({ declared: false, versions: 1, document: null });
    expect(detail.history.map(({ action }) => action)).toEqual(["deleted", "created"]);
    expect((await client.versions.get(artifact)).facts.declaration.tags).toEqual({ tier: "tier-1" });
    await expect(client.assets.remove("Model", "epsilon")).rejects.toMatchObject({ code: "not-found" });
  });

  it("says which licences cover it, and what is wrong with whom it rests on", async () => {
    const { client } = server;
    await client.assets.apply({
      documents: [
        doc("Vendor", "eta-vendor", {
          sanctions: [{ status: "listed", list: "OFAC SDN", from: "2020-01-01" }],
          licences: [
            { id: "old", uses: ["commercial"], until: "2021-01-01", covers: ["Model:eta"] },
            {
              id: "now",
              uses: ["research"],
              forbids: ["commercial"],
              regions: ["EU"],
              covers: ["Model:eta"],
            },
          ],
        }),
        doc("Model", "eta", { vendor: "eta-vendor" }),
      ],
    });
    const { licences, notices } = await client.assets.get("Model", "eta");
    expect(licences.map(({ id, inForce }) => [id, inForce])).toEqual([
      ["old", false],
      ["now", true],
    ]);
    expect(notices).toEqual([
      { level: "warning", text: "It rests on eta-vendor. Sanctions: listed (OFAC SDN) since 2020-01-01." },
    ]);
    expect((await client.assets.get("Vendor", "eta-vendor")).notices.map(({ text }) => text)).toEqual([
      "Sanctions: listed (OFAC SDN) since 2020-01-01.",
      "The licence old ended on 2021-01-01.",
    ]);
  });

  it("that nobody knows is not found", async () => {
    await expect(server.client.assets.get("Model", "nobody")).rejects.toMatchObject({ status: 404 });
    expect((await raw("/api/v1/workspaces/default/assets/Modell/x")).status).toBe(400);
  });

  it("comes back from what was in force before when a document is revoked", async () => {
    const { client, control } = server;
    await client.assets.apply({ documents: [doc("Code", "repo", { language: "python" })] });
    await client.assets.apply({ documents: [doc("Code", "repo", { language: "rust" })] });
    const [newest] = (await client.assets.get("Code", "repo")).history;
    const signer = await control.workspace.keyring.signer("approver");
    if (newest) await control.workspace.revoke({ envelope: newest.envelope, reason: "mistake", signer });
    const detail = await client.assets.get("Code", "repo");
    expect(detail.document?.spec).toEqual({ language: "python" });
    expect((await client.assets.export({ kind: "Code" })).items[0]?.spec).toEqual({ language: "python" });
    expect(detail.history[0]?.status).toBe("revoked");
  });
});

describe("tables", () => {
  it("that somebody changed do not change what an asset says", async () => {
    const { client, database } = server;
    await client.assets.apply({ documents: [doc("Model", "zeta", { aliases: { champion: "production" } })] });
    await database.query(
      `update assets set document = '{"spec":{"aliases":{"champion":"dev"}}}' where name = 'zeta'`,
    );
    expect((await client.assets.get("Model", "zeta")).document?.spec).toEqual({
      aliases: { champion: "production" },
    });
    const again = await client.assets.apply({
      documents: [doc("Model", "zeta", { aliases: { champion: "production" } })],
    });
    expect(again.results[0]?.action).toBe("unchanged");
  });
});

describe("saved filters", () => {
  it("belong to whoever saved them", async () => {
    const { client } = server;
    const filter = { query: "credit", kind: "Model" as const, tag: "tier=tier-1" };
    const saved = await client.filters.save({ name: "mine", filter });
    expect(saved).toMatchObject({ name: "mine", filter });
    await client.filters.save({ name: "mine", filter: { owner: "team-a" } });
    expect((await client.filters.list()).items).toMatchObject([
      { id: saved.id, filter: { owner: "team-a" } },
    ]);
    const token = await server.tokenFor("read", "somebody-else");
    const headers = { authorization: `Bearer ${token}` };
    const theirs = await raw("/api/v1/workspaces/default/filters", { headers });
    expect(await theirs.json()).toEqual({ items: [] });
    const path = `/api/v1/workspaces/default/filters/${saved.id}`;
    const cut = await fetch(`${server.url}${path}`, { method: "DELETE", headers });
    expect(cut.status).toBe(404);
    await client.filters.remove(saved.id);
    expect((await client.filters.list()).items).toEqual([]);
  });

  it("hold nothing that is no filter", async () => {
    const body = JSON.stringify({ name: "x", filter: { anything: 1 } });
    const answer = await raw("/api/v1/workspaces/default/filters", { method: "POST", body });
    expect(answer.status).toBe(400);
  });
});

describe("schemas", () => {
  it("are open to anyone", async () => {
    const answer = await fetch(`${server.url}/schemas/model.json`);
    expect(answer.headers.get("content-type")).toMatch(/^application\/schema\+json/);
    expect(await answer.json()).toMatchObject({ title: "Countersign Model", type: "object" });
    expect((await fetch(`${server.url}/schemas/nothing.json`)).status).toBe(404);
    const { items } = await server.client.assets.schemas();
    expect(items).toHaveLength(11);
  });
});
