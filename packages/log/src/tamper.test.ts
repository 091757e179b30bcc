import { beforeAll, describe, expect, test } from "vitest";
import { clock, leaf, leaves, origin, signer } from "../testing/logs.js";
import { LossyDisk } from "../testing/lossy-disk.js";
import { encodeHex, encodeUtf8 } from "./bytes.js";
import { fileStore } from "./file-store.js";
import { primitives } from "./hash.js";
import { parseVkey } from "./keys.js";
import { openLog } from "./log.js";
import { openReader } from "./reader.js";
import { verifyReceipt } from "./receipt.js";
import { webPrimitives } from "./web.js";

interface Sample {
  disk: LossyDisk;
  vkey: string;
  receipt: string;
}

async function makeLog(size: number): Promise<Sample> {
  const disk = new LossyDisk();
  const log = await openLog({ store: fileStore("/log", { disk }), origin, signer, clock });
  await log.append(leaves(0, size));
  const receipt = await log.receipt(size - 1);
  await log.close();
  return { disk, vkey: log.verifierKey, receipt };
}

/** All that a reader states about a log. */
async function claims(disk: LossyDisk, vkey: string): Promise<string> {
  const reader = await openReader({ store: fileStore("/log", { disk }), origin, vkey });
  const stated: unknown[] = [reader.size, encodeHex(reader.root)];
  for await (const { index, leaf: bytes } of reader.entries(0, reader.size)) {
    stated.push([index, encodeHex(bytes), encodeHex(await reader.leafHash(index))]);
  }
  for (const hash of await reader.inclusionProof(0, reader.size)) stated.push(encodeHex(hash));
  return JSON.stringify(stated);
}

const CODES = ["log-tampered", "log-truncated"];

async function refusedOrSame(disk: LossyDisk, vkey: string, good: string, what: string): Promise<void> {
  try {
    expect(await claims(disk, vkey), what).toBe(good);
  } catch (error) {
    expect(CODES, `${what}: ${error}`).toContain((error as { code?: string }).code);
  }
}

describe("whoever touches a log's files", () => {
  let small: Sample;
  beforeAll(async () => {
    small = await makeLog(3);
  });

  test.each(["checkpoint", "tile/0/000.p/3", "tile/entries/000.p/3"])(
    "is noticed at every bit of %s",
    async (name) => {
      const { disk, vkey } = small;
      const path = `/log/${name}`;
      const good = await claims(disk, vkey);
      const length = (await disk.read(path))?.length ?? 0;
      expect(length).toBeGreaterThan(0);
      for (let bit = 0; bit < length * 8; bit++) {
        disk.flip(path, bit);
        await refusedOrSame(disk, vkey, good, `${path} bit ${bit}`);
        disk.flip(path, bit);
      }
    },
  );

  test("is noticed in full tiles and the tiles above them", async () => {
    const { disk, vkey } = await makeLog(259);
    const good = await claims(disk, vkey);
    for (const name of ["tile/0/000", "tile/entries/000", "tile/1/000.p/1"]) {
      const path = `/log/${name}`;
      const bits = ((await disk.read(path))?.length ?? 0) * 8;
      for (let bit = 0; bit < bits; bit += Math.max(1, Math.floor(bits / 61))) {
        disk.flip(path, bit);
        await refusedOrSame(disk, vkey, good, `${path} bit ${bit}`);
        disk.flip(path, bit);
      }
    }
  });

  test("is noticed when a file is gone, cut or longer", async () => {
    const { disk, vkey } = await makeLog(259);
    const good = await claims(disk, vkey);
    for (const path of disk.files().filter((name) => /\/(tile|checkpoint)/.test(name))) {
      const bytes = Buffer.from((await disk.read(path)) ?? []);
      await disk.unlink(path);
      await expect(claims(disk, vkey), path).rejects.toMatchObject({ code: "log-truncated" });
      for (const other of [bytes.subarray(0, -1), Buffer.alloc(0), Buffer.concat([bytes, Buffer.of(0)])]) {
        await (await disk.create(path)).write([other], 0);
        await refusedOrSame(disk, vkey, good, `${path} with ${other.length} bytes`);
      }
      await (await disk.create(path)).write([bytes], 0);
    }
    expect(await claims(disk, vkey)).toBe(good);
  });

  test("is noticed at every bit of a receipt", async () => {
    const { vkey, receipt } = small;
    const trust = { origin, logKey: await parseVkey(vkey) };
    const good = await verifyReceipt(receipt, leaf(2), trust, primitives);
    expect(good).toMatchObject({ ok: true, index: 2, checkpoint: { size: 3 } });
    expect(await verifyReceipt(receipt, leaf(2), trust, webPrimitives)).toEqual(good);
    const bytes = encodeUtf8(receipt);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      const answer = await verifyReceipt(new TextDecoder().decode(bytes), leaf(2), trust, primitives);
      if (answer.ok) expect(answer, `bit ${bit}`).toEqual(good);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
    }
  });

  test("cannot open the log for writing either", async () => {
    const { disk } = small;
    const files = disk.files().filter((name) => !name.includes("/staged/"));
    expect(files).toContain("/log/state");
    for (const path of files) {
      const bits = ((await disk.read(path))?.length ?? 0) * 8;
      for (let bit = 0; bit < bits; bit += 7) {
        disk.flip(path, bit);
        const opening = openLog({ store: fileStore("/log", { disk }), origin, signer, clock });
        await expect(opening, `${path} bit ${bit}`).rejects.toMatchObject({
          code: expect.stringMatching(/^log-tampered$|^log-truncated$|^clock-behind$/),
        });
        disk.flip(path, bit);
      }
    }
  });

  test("an older checkpoint put back is noticed by the log itself", async () => {
    const disk = new LossyDisk();
    const open = () => openLog({ store: fileStore("/log", { disk }), origin, signer, clock });
    const log = await open();
    await log.append(leaves(0, 3));
    await log.checkpoint();
    const old = (await disk.read("/log/checkpoint"))!;
    await log.append(leaves(3, 5));
    await log.close();
    await (await disk.create("/log/checkpoint")).write([old], 0);
    await expect(open()).rejects.toMatchObject({ code: "log-truncated" });
    await disk.unlink("/log/checkpoint");
    await expect(open()).rejects.toMatchObject({ code: "log-truncated" });
  });
});
