import { afterAll, beforeAll, expect, test } from "vitest";
import { admitted, poisonedFile, type TestServer, testServer } from "../../testing/server.js";

let server: TestServer;
const artifacts: string[] = [];
beforeAll(async () => {
  server = await testServer();
  for (const name of ["alpha", "beta", "team/gamma"]) {
    const files = { "model.bin": Buffer.from(`weights of ${name}`) };
    artifacts.push((await admitted(server.client, name, files)).artifact);
  }
});
afterAll(() => server.dispose());

test("200: newest first, page by page, each once", async () => {
  const { versions } = server.client;
  const first = await versions.list({ limit: 2 });
  expect(first.items.map(({ name }) => name)).toEqual(["team/gamma", "beta"]);
  const second = await versions.list({ limit: 2, cursor: first.nextCursor ?? "" });
  expect(second.items.map(({ name }) => name)).toEqual(["alpha"]);
  expect(second.nextCursor).toBeNull();
});

test("200: a version that was admitted again is listed once, at its newest place", async () => {
  await admitted(server.client, "alpha", { "model.bin": Buffer.from("weights of alpha") });
  const names: string[] = [];
  for (let cursor: string | null = null, more = true; more; ) {
    const page = await server.client.versions.list({ limit: 1, ...(cursor ? { cursor } : {}) });
    names.push(...page.items.map(({ name }) => name));
    cursor = page.nextCursor;
    more = cursor !== null;
  }
  expect(names).toEqual(["alpha", "team/gamma", "beta"]);
});

test("200: found by a part of the name or of the digest", async () => {
  const { versions } = server.client;
  expect((await versions.list({ query: "GAM" })).items.map(({ name }) => name)).toEqual(["team/gamma"]);
  expect(
    (await versions.list({ query: artifacts[1]?.slice(7, 20) ?? "" })).items.map(({ name }) => name),
  ).toEqual(["beta"]);
  expect((await versions.list({ query: "nothing" })).items).toEqual([]);
});

test("200: one version by digest and by name, with files, entries and facts", async () => {
  const byName = await server.client.versions.get("team/gamma");
  const byDigest = await server.client.versions.get(byName.artifact);
  expect(byDigest.artifact).toBe(byName.artifact);
  expect(byName.manifest?.files.map(({ name }) => name)).toEqual(["model.bin"]);
  expect(byName.entries.map(({ predicate }) => predicate)).toContain("scan");
  expect(byName.facts.scan.present).toBe(true);
  expect(byName.decisions[0]).toMatchObject({ gate: "ingest" });
});

test("404: nothing is on record about it", async () => {
  await expect(server.client.versions.get("unknown")).rejects.toMatchObject({ status: 404 });
  await expect(server.client.versions.get(`sha256:${"0".repeat(64)}`)).rejects.toMatchObject({ status: 404 });
});

test("the overview counts what was let in and what was not", async () => {
  await admitted(server.client, "bad", { "model.pkl": poisonedFile() });
  const overview = await server.client.overview();
  expect(overview.refused.map(({ name }) => name)).toContain("bad");
  expect(overview.counts.versions).toBe(4);
  expect(overview.log.size).toBe(server.control.workspace.size);
  expect(overview.log.checkpoint).toContain(overview.log.origin);
});
