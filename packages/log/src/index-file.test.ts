import { expect, test } from "vitest";
import { clock, leaf, leaves, origin, signer } from "../testing/logs.js";
import { LossyDisk } from "../testing/lossy-disk.js";
import { fileStore } from "./file-store.js";
import { openLog } from "./log.js";
import type { Store } from "./store.js";

/** A store that counts what is read. */
function counting(disk: LossyDisk): { store: Store; reads: string[] } {
  const reads: string[] = [];
  const store = fileStore("/log", { disk });
  const get = store.get.bind(store);
  store.get = (path) => {
    reads.push(path);
    return get(path);
  };
  return { store, reads };
}

const known = async (disk: LossyDisk): Promise<number> => {
  const { store, reads } = counting(disk);
  const log = await openLog({ store, origin, signer, clock });
  const tiles = reads.filter((path) => path.startsWith("tile/0/")).length;
  expect(log.size).toBe(20_001);
  expect(await log.append([leaf(0), leaf(20_000), leaf(12_345), leaf(16_999)])).toEqual(
    [0, 20_000, 12_345, 16_999].map((index) => ({ index, duplicate: true })),
  );
  await log.close();
  return tiles;
};

test("a large log opens from a copy of its index, and from its tiles when that is gone or not the signed one", async () => {
  const disk = new LossyDisk();
  const log = await openLog({ store: fileStore("/log", { disk }), origin, signer, clock });
  await log.append(leaves(0, 17_000));
  await log.checkpoint();
  await log.append(leaves(17_000, 20_001));
  await log.close();
  const copies = disk.files().filter((path) => path.startsWith("/log/index/"));
  expect(copies.length).toBe(1);
  const [copy = ""] = copies;
  expect(await known(disk)).toBeLessThan(20);
  disk.flip(copy, 100_000);
  expect(await known(disk)).toBeGreaterThan(70);
  await disk.unlink(copy);
  expect(await known(disk)).toBeGreaterThan(70);
});
