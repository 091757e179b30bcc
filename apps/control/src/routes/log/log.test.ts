import { afterAll, beforeAll, expect, test } from "vitest";
import { admitted, type TestServer, testServer } from "../../testing/server.js";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
  await admitted(server.client, "model");
});
afterAll(() => server.dispose());

const bytes = (text: string) => new Uint8Array(Buffer.from(text, "base64"));

test("200: entries with their leaves, a range at a time", async () => {
  const { items, size } = await server.client.log.entries({ from: 0 });
  expect(items).toHaveLength(size);
  expect(items.map(({ leaf }) => leaf.predicate).slice(0, 2)).toEqual(["trust-root", "manifest"]);
  expect((await server.client.log.entries({ from: 1, to: 2 })).items).toHaveLength(1);
  expect((await server.client.log.entries({ from: 10_000 })).items).toEqual([]);
});

test("200: one entry proves itself", async () => {
  const detail = await server.client.log.entry(1);
  expect(detail.envelope).toMatchObject({ payloadType: "application/vnd.in-toto+json" });
  expect(detail.receipt).toContain("c2sp.org/tlog-proof@v1");
  expect(detail.checkpoint).toContain(`\n${detail.inclusion.size}\n`);
  expect(detail.inclusion.hashes.every((hash) => bytes(hash).length === 32)).toBe(true);
});

test("200: an earlier size is proven as well", async () => {
  const detail = await server.client.log.entry(0, { size: 2 });
  expect(detail.inclusion.size).toBe(2);
  expect(detail.inclusion.hashes).toHaveLength(1);
  await expect(server.client.log.entry(1, { size: 1 })).rejects.toMatchObject({ status: 400 });
  await expect(server.client.log.entry(0, { size: 99_999 })).rejects.toMatchObject({ status: 400 });
});

test("404: no such entry", async () => {
  await expect(server.client.log.entry(99_999)).rejects.toMatchObject({ code: "log-not-found" });
});

test("200: the log only grows", async () => {
  const { size } = server.control.workspace;
  const proof = await server.client.log.consistency(2, size);
  expect(proof.hashes.length).toBeGreaterThan(0);
  await expect(server.client.log.consistency(size, 1)).rejects.toMatchObject({ status: 400 });
  await expect(server.client.log.consistency(1, size + 1)).rejects.toMatchObject({ status: 400 });
});

test("202: an audit finds nothing, because nothing was touched", async () => {
  const report = await server.client.log.audit({ every: 20 });
  expect(report.problems).toEqual([]);
  expect(report.entriesChecked).toBe(server.control.workspace.size);
});

test("static reading needs no token", async () => {
  const checkpoint = await fetch(`${server.url}/log/checkpoint`);
  expect(checkpoint.headers.get("content-type")).toContain("text/plain");
  const text = await checkpoint.text();
  const size = Number(text.split("\n")[1]);
  expect(size).toBe(server.control.workspace.size);
  const tile = await fetch(`${server.url}/log/tile/entries/000.p/${size}`);
  expect(tile.status).toBe(200);
  expect(tile.headers.get("cache-control")).toContain("immutable");
  expect((await fetch(`${server.url}/log/tile/0/000.p/${size}`)).status).toBe(200);
  expect((await fetch(`${server.url}/log/tile/0/999`)).status).toBe(404);
});
