import { describe, expect, test } from "vitest";
import { clock, leaf, leaves, origin, signer, temporaryDirectory } from "../testing/logs.js";
import { equalBytes } from "./bytes.js";
import { fileStore } from "./file-store.js";
import { openLog } from "./log.js";
import { openReader } from "./reader.js";
import type { Store } from "./store.js";

/** An object store: the three calls and nothing else. */
function objectStore(): Store & { objects: Map<string, Uint8Array>; broken: boolean } {
  const objects = new Map<string, Uint8Array>();
  const store = {
    objects,
    broken: false,
    get: async (path: string) => objects.get(path),
    async putIfAbsent(path: string, bytes: Uint8Array) {
      if (store.broken) throw new Error("the network is away");
      if (objects.has(path)) return false;
      objects.set(path, bytes.slice());
      return true;
    },
    async putIfMatch(path: string, bytes: Uint8Array, expected: Uint8Array | undefined) {
      const present = objects.get(path);
      if (present === undefined ? expected !== undefined : !expected || !equalBytes(present, expected))
        return false;
      objects.set(path, bytes.slice());
      return true;
    },
  };
  return store;
}

describe.each([
  ["a file store", () => fileStore(temporaryDirectory())],
  ["an object store", objectStore],
])("%s", (_, make) => {
  test("puts once, and replaces only what is expected", async () => {
    const store = make();
    expect(await store.get("a/b")).toBeUndefined();
    expect(await store.putIfAbsent("a/b", leaf(1))).toBe(true);
    expect(await store.putIfAbsent("a/b", leaf(2))).toBe(false);
    expect(Buffer.from((await store.get("a/b"))!).equals(leaf(1))).toBe(true);
    expect(await store.putIfMatch("a/b", leaf(3), undefined)).toBe(false);
    expect(await store.putIfMatch("a/b", leaf(3), leaf(2))).toBe(false);
    expect(await store.putIfMatch("a/b", leaf(3), leaf(1))).toBe(true);
    expect(await store.putIfMatch("c", leaf(3), leaf(1))).toBe(false);
    expect(await store.putIfMatch("c", leaf(4), undefined)).toBe(true);
    expect(Buffer.from((await store.get("a/b"))!).equals(leaf(3))).toBe(true);
  });

  test("keeps a log", async () => {
    const store = make();
    for (const [from, to] of [
      [0, 3],
      [3, 260],
      [260, 261],
    ] as const) {
      const log = await openLog({ store, origin, signer, clock });
      expect(log.size).toBe(from);
      await log.append(leaves(from, to));
      await log.close();
      const reader = await openReader({ store, origin, vkey: log.verifierKey });
      expect(reader.size).toBe(to);
      for await (const entry of reader.entries(0, to))
        expect(Buffer.compare(entry.leaf, leaf(entry.index))).toBe(0);
    }
  });

  test.each(["../x", "/x", "a//b", "a/../b", "", "."])("has no path %j", async (path) => {
    const store = fileStore(temporaryDirectory());
    await expect((async () => store.get(path))()).rejects.toMatchObject({ code: "path-outside" });
  });
});

describe("a log in an object store", () => {
  test("goes on after its process died at any moment", async () => {
    const store = objectStore();
    const first = await openLog({ store, origin, signer, clock, batch: { publishDelayMs: 1e8 } });
    await first.append(leaves(0, 3));
    await first.append(leaves(3, 300));
    const second = await openLog({ store, origin, signer, clock });
    expect(second.size).toBe(300);
    await expect(first.append([leaf(999)])).resolves.toMatchObject([{ index: 300 }]);
    await expect(second.append([leaf(998)])).rejects.toMatchObject({ code: "directory-locked" });
    await second.close();
    const third = await openLog({ store, origin, signer, clock });
    expect(third.size).toBe(301);
    await third.close();
  });

  test("does not trust a put whose outcome is unknown", async () => {
    const store = objectStore();
    const log = await openLog({ store, origin, signer, clock });
    await log.append([leaf(0)]);
    store.broken = true;
    await expect(log.append([leaf(1)])).rejects.toThrow("the network is away");
    store.broken = false;
    await expect(log.append([leaf(1)])).rejects.toMatchObject({ code: "directory-locked" });
    await log.close();
    const again = await openLog({ store, origin, signer, clock });
    await again.append([leaf(1)]);
    await again.close();
  });
});
