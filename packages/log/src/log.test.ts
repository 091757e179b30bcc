import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateKey, keySigner } from "@countersign/evidence";
import { afterEach, describe, expect, test } from "vitest";
import { fileStore } from "./file-store.js";
import { EMPTY_ROOT, leafHash, primitives, verifyConsistency, verifyInclusion } from "./hash.js";
import { parseVkey } from "./keys.js";
import { type Log, type LogOptions, openLog } from "./log.js";
import { openReader } from "./reader.js";
import { verifyReceipt } from "./receipt.js";

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

const signer = keySigner(generateKey("ed25519").privatePem);
const origin = "example.com/log";
const leaf = (n: number): Uint8Array => Buffer.from(`entry ${n}`);
const leaves = (from: number, to: number): Uint8Array[] =>
  Array.from({ length: to - from }, (_, i) => leaf(from + i));

function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), "countersign-log-"));
  directories.push(directory);
  return directory;
}

function open(directory: string, more: Partial<LogOptions> = {}): Promise<Log> {
  return openLog({ store: fileStore(directory), origin, signer, clock: () => 1_700_000_000_000, ...more });
}

describe("a log", () => {
  test("gives indexes in order and knows what it has", async () => {
    const log = await open(temporary());
    expect(await log.append([leaf(0), leaf(1), leaf(0)])).toEqual([
      { index: 0, duplicate: false },
      { index: 1, duplicate: false },
      { index: 0, duplicate: true },
    ]);
    const answers = await Promise.all([log.append([leaf(1), leaf(2)]), log.append([leaf(2)])]);
    expect(answers.flat().map(({ index }) => index)).toEqual([1, 2, 2]);
    expect(log.size).toBe(3);
    await log.close();
  });

  test("is the same after closing and opening", async () => {
    const directory = temporary();
    for (const [from, to] of [
      [0, 3],
      [3, 255],
      [255, 257],
      [257, 1000],
      [1000, 1024],
    ] as const) {
      const log = await open(directory);
      expect(log.size).toBe(from);
      const appended = await log.append(leaves(from, to));
      expect(appended[0]).toEqual({ index: from, duplicate: false });
      expect((await log.append([leaf(0)]))[0]).toEqual({ index: 0, duplicate: true });
      await log.close();
    }
    const log = await open(directory);
    const reader = await openReader({ store: fileStore(directory), origin, vkey: log.verifierKey });
    expect(reader.size).toBe(1024);
    let index = 0;
    for await (const entry of reader.entries(0, 1024)) {
      expect(entry.index).toBe(index);
      expect(Buffer.from(entry.leaf).toString()).toBe(`entry ${index++}`);
    }
    expect(index).toBe(1024);
    await log.close();
  });

  test("proves inclusion and consistency at every size", async () => {
    const log = await open(temporary());
    await log.append(leaves(0, 300));
    const key = await parseVkey(log.verifierKey);
    await log.checkpoint();
    const roots = new Map<number, Uint8Array>([[0, EMPTY_ROOT]]);
    for (const size of [1, 2, 3, 7, 8, 200, 255, 256, 257, 300]) {
      const proof = await log.inclusionProof(size - 1, size);
      const root = rootOf(size);
      roots.set(size, root);
      expect(verifyInclusion(size - 1, size, leafHash(leaf(size - 1)), proof, root)).toBe(true);
      for (const [from, fromRoot] of roots) {
        if (from === 0) continue;
        expect(verifyConsistency(from, size, await log.consistencyProof(from, size), fromRoot, root)).toBe(
          true,
        );
      }
    }
    const receipt = await log.receipt(17);
    const trust = { origin, logKey: key };
    expect(await verifyReceipt(receipt, leaf(17), trust, primitives)).toMatchObject({ ok: true, index: 17 });
    expect(await verifyReceipt(receipt, leaf(18), trust, primitives)).toMatchObject({
      ok: false,
      code: "proof-invalid",
    });
    await log.close();
  });

  test("serves entries that are not published yet", async () => {
    const log = await open(temporary(), { batch: { publishDelayMs: 60_000 } });
    await log.append(leaves(0, 10));
    await log.checkpoint();
    await log.append(leaves(10, 20));
    const seen: string[] = [];
    for await (const entry of log.entries(8, 12)) seen.push(Buffer.from(entry.leaf).toString());
    expect(seen).toEqual(["entry 8", "entry 9", "entry 10", "entry 11"]);
    await log.close();
  });

  test("keeps no partial tile once the full one is there, and older checkpoints still have theirs", async () => {
    const directory = temporary();
    const log = await open(directory);
    await log.append(leaves(0, 250));
    const old = await log.checkpoint();
    const store = fileStore(directory);
    expect(await store.get("tile/0/000.p/250")).toBeDefined();
    await log.append(leaves(250, 256));
    await log.checkpoint();
    expect(await store.get("tile/0/000.p/250")).toBeUndefined();
    expect(await store.get("tile/entries/000.p/250")).toBeUndefined();
    const past = { ...store, get: async (path: string) => (path === "checkpoint" ? old : store.get(path)) };
    const reader = await openReader({ store: past, origin, vkey: log.verifierKey });
    let count = 0;
    for await (const entry of reader.entries(0, 250))
      expect(Buffer.compare(entry.leaf, leaf(count++))).toBe(0);
    expect(count).toBe(250);
    await log.close();
  });

  test("answers each append, however soon after another one it comes", async () => {
    const log = await open(temporary());
    for (let steps = 0; steps < 12; steps++) {
      const [first] = await log.append([leaf(steps * 2)]);
      for (let step = 0; step < steps; step++) await undefined;
      const [second] = await log.append([leaf(steps * 2 + 1)]);
      expect([first?.index, second?.index]).toEqual([steps * 2, steps * 2 + 1]);
    }
    const settled: Promise<unknown>[] = [];
    for (let n = 24; n < 60; n++) {
      const appending = log.append([leaf(n)]);
      settled.push(
        appending,
        appending.then(() => log.append([leaf(n)])),
      );
      await Promise.race([appending, undefined]);
    }
    await Promise.all(settled);
    expect(log.size).toBe(60);
    await log.close();
  });

  test("has one writer", async () => {
    const directory = temporary();
    const log = await open(directory);
    await expect(open(directory)).rejects.toMatchObject({ code: "directory-locked" });
    await log.close();
    await (await open(directory)).close();
  });

  test("refuses a clock that runs behind", async () => {
    const directory = temporary();
    const log = await open(directory);
    await log.append([leaf(0)]);
    await log.close();
    await expect(open(directory, { clock: () => 1_600_000_000_000 })).rejects.toMatchObject({
      code: "clock-behind",
    });
  });
});

function rootOf(size: number): Uint8Array {
  const { createHash } = process.getBuiltinModule("node:crypto");
  const hash = (...parts: Uint8Array[]) => createHash("sha256").update(Buffer.concat(parts)).digest();
  const tree = (from: number, to: number): Uint8Array => {
    if (to - from === 1) return hash(Buffer.of(0), leaf(from));
    let k = 1;
    while (k * 2 < to - from) k *= 2;
    return hash(Buffer.of(1), tree(from, from + k), tree(from + k, to));
  };
  return tree(0, size);
}
