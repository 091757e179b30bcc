import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { admitted, type TestServer, testDirectory, testServer } from "../testing/server.js";
import { backup } from "./backup.js";
import { restore } from "./restore.js";

let server: TestServer;
let place: string;
let early: string;
let checkpoint: Uint8Array;
const clock = Date.now;

beforeAll(async () => {
  server = await testServer();
  place = dirname(await testDirectory());
  early = join(place, "early");
  await admitted(server.client, "first", undefined, { licence: "MIT" });
  await backup({ directory: server.config.directory, to: early, keys: true, clock });
  await admitted(server.client, "second", { "m.bin": Buffer.from("2") });
  checkpoint = await server.control.workspace.log.checkpoint();
});
afterAll(async () => {
  await server.dispose();
  await rm(place, { recursive: true, force: true });
});

test("a server that runs is backed up whole", async () => {
  const to = join(place, "whole");
  const busy = Promise.all(
    ["a", "b", "c"].map((name) => admitted(server.client, name, { "m.bin": Buffer.from(name) })),
  );
  const report = await backup({ directory: server.config.directory, to, keys: false, clock });
  await busy;
  expect(report.size).toBeGreaterThan(0);
  expect((await readdir(to)).sort()).toEqual([
    "BACKUP.json",
    "FORMAT",
    "database",
    "keys",
    "log",
    "objects",
    "trust",
  ]);
  expect((await readdir(join(to, "keys"))).every((name) => name.endsWith(".pub"))).toBe(true);
  expect(report.notKept).toContain("API tokens");
});

test("restored, it serves what it knew, and replays what the database lacks", async () => {
  const directory = join(place, "restored", "data");
  const to = join(place, "late");
  await backup({ directory: server.config.directory, to, keys: true, clock });
  const { replaced } = await restore({ from: to, directory, known: checkpoint, clock });
  expect(replaced).toBeNull();
  const again = await testServer({ directory });
  expect((await again.client.versions.get("second")).entries.length).toBeGreaterThan(0);
  expect((await again.client.log.audit({ every: 20 })).problems).toEqual([]);
  await admitted(again.client, "third", { "m.bin": Buffer.from("3") });
  await again.dispose();
});

test("a backup behind the last known checkpoint is refused, or begins a new origin", async () => {
  const directory = join(place, "behind", "data");
  await expect(restore({ from: early, directory, known: checkpoint, clock })).rejects.toMatchObject({
    code: "restore-behind",
  });
  const report = await restore({ from: early, directory, known: checkpoint, newOrigin: true, clock });
  expect(report.origin).not.toBe(report.replaced);
  const again = await testServer({ directory });
  expect(again.control.workspace.log.origin).toBe(report.origin);
  expect((await again.client.versions.list()).items.map(({ name }) => name)).toEqual(["first"]);
  expect((await again.client.log.audit({ every: 20 })).problems).toEqual([]);
  await admitted(again.client, "onwards", { "m.bin": Buffer.from("4") });
  await again.dispose();
});

test("a checkpoint that somebody else signed says nothing", async () => {
  const known = Buffer.from(
    Buffer.from(checkpoint)
      .toString("utf8")
      .replace(/\n\d+\n/, "\n1\n"),
  );
  const directory = join(place, "x");
  await expect(restore({ from: early, directory, known, clock })).rejects.toMatchObject({
    code: "note-malformed",
  });
});

test("a backup that was touched is refused, and nothing is left behind", async () => {
  const to = join(place, "touched");
  await backup({ directory: server.config.directory, to, keys: true, clock });
  const [first = ""] = (await readdir(join(to, "objects", "sha256"), { recursive: true })).filter(
    (name) => name.length > 40,
  );
  const file = join(to, "objects", "sha256", first);
  const bytes = await readFile(file);
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  await writeFile(file, bytes);
  const directory = join(place, "y");
  await expect(restore({ from: to, directory, clock })).rejects.toMatchObject({
    code: "verification-failed",
  });
  await rm(file);
  await expect(restore({ from: to, directory, clock })).rejects.toMatchObject({
    code: "verification-failed",
  });
  expect((await readdir(place)).filter((name) => name.startsWith("y"))).toEqual([]);
});

test("nothing is overwritten, and only a backup is restored", async () => {
  const { directory } = server.config;
  await expect(backup({ directory, to: early, keys: false, clock })).rejects.toMatchObject({
    code: "conflict",
  });
  await expect(restore({ from: early, directory, clock })).rejects.toMatchObject({ code: "conflict" });
  await expect(restore({ from: place, directory: join(place, "z"), clock })).rejects.toMatchObject({
    code: "format-unsupported",
  });
});
