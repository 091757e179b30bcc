import { describe, expect, test } from "vitest";
import { clock, leaf, leaves, origin, signer } from "../testing/logs.js";
import { LossyDisk } from "../testing/lossy-disk.js";
import { fileStore } from "./file-store.js";
import { type Log, type LogOptions, openLog } from "./log.js";
import { openReader } from "./reader.js";

function open(disk: LossyDisk, more: Partial<LogOptions> = {}): Promise<Log> {
  return openLog({ store: fileStore("/log", { disk, segmentBytes: 2_000 }), origin, signer, clock, ...more });
}

async function mustHold(disk: LossyDisk, log: Log, size: number): Promise<void> {
  expect(log.size).toBe(size);
  await log.close();
  const again = await open(disk);
  expect(again.size).toBe(size);
  await again.close();
  const reader = await openReader({ store: fileStore("/log", { disk }), origin, vkey: log.verifierKey });
  for await (const entry of reader.entries(0, size)) {
    expect(Buffer.compare(entry.leaf, leaf(entry.index))).toBe(0);
  }
}

describe("a full disk", () => {
  test("refuses appends with a code, whenever it fills up, and takes them again once there is room", async () => {
    for (let room = 0; room < 1_200; room += 23) {
      const disk = new LossyDisk();
      const log = await open(disk);
      await log.append(leaves(0, 3));
      disk.room = room;
      let acknowledged = 3;
      for (let attempt = 0; attempt < 8; attempt++) {
        const appending = log.append(leaves(acknowledged, acknowledged + 5));
        try {
          await appending;
          acknowledged += 5;
        } catch (error) {
          expect(error).toMatchObject({ code: "disk-full" });
        }
      }
      await expect(log.checkpoint()).rejects.toMatchObject({ code: "disk-full" });
      disk.room = Number.POSITIVE_INFINITY;
      expect(log.size).toBe(acknowledged);
      await log.append(leaves(acknowledged, 300));
      await log.checkpoint();
      await mustHold(disk, log, 300);
    }
  });

  test("at the start is a coded error too", async () => {
    for (let room = 0; room < 40; room++) {
      const disk = new LossyDisk();
      disk.room = room;
      await expect(open(disk)).rejects.toMatchObject({ code: "disk-full" });
      disk.room = Number.POSITIVE_INFINITY;
      await (await open(disk)).close();
    }
  });

  test("when closing leaves all in the journal", async () => {
    const disk = new LossyDisk();
    const log = await open(disk);
    await log.append(leaves(0, 10));
    disk.room = 0;
    await expect(log.close()).rejects.toMatchObject({ code: "disk-full" });
    disk.room = Number.POSITIVE_INFINITY;
    const again = await open(disk);
    await mustHold(disk, again, 10);
  });
});

describe("a signer that fails", () => {
  test("leaves no trace of the entries", async () => {
    const disk = new LossyDisk();
    let broken = false;
    const flaky = {
      publicKey: signer.publicKey,
      async sign(bytes: Uint8Array, purpose: string) {
        if (broken) throw new Error("the key is away");
        return signer.sign(bytes, purpose);
      },
    };
    const log = await open(disk, { signer: flaky });
    await log.append(leaves(0, 3));
    broken = true;
    await expect(log.append([leaf(99)])).rejects.toThrow("the key is away");
    broken = false;
    expect(await log.append(leaves(3, 5))).toMatchObject([{ index: 3 }, { index: 4 }]);
    await mustHold(disk, log, 5);
  });
});

describe("a clock", () => {
  test("that steps back within the allowed skew does no harm", async () => {
    let now = 1_000_000;
    const log = await open(new LossyDisk(), { clock: () => now });
    await log.append([leaf(0)]);
    now -= 59_000;
    await log.append([leaf(1)]);
    await log.close();
  });

  test.each([Number.NaN, 0, 939_999])(
    "that answers %s is refused, and heard again when it is right",
    async (wrong) => {
      let now = 1_000_000;
      const disk = new LossyDisk();
      const log = await open(disk, { clock: () => now });
      await log.append([leaf(0)]);
      now = wrong;
      await expect(log.append([leaf(1)])).rejects.toMatchObject({ code: "clock-behind" });
      now = 1_000_001;
      await log.append([leaf(1)]);
      await log.close();
      now = wrong;
      await expect(open(disk, { clock: () => now })).rejects.toMatchObject({ code: "clock-behind" });
      now = 1_000_002;
      await (await open(disk, { clock: () => now })).close();
    },
  );

  test("is remembered from the journal too", async () => {
    const disk = new LossyDisk();
    let now = 1_000_000;
    const log = await open(disk, { clock: () => now, batch: { publishDelayMs: 1e8 } });
    now = 2_000_000;
    await log.append([leaf(0)]);
    const left = disk.after(disk.steps.length, "all");
    await expect(open(left, { clock: () => 1_500_000 })).rejects.toMatchObject({ code: "clock-behind" });
    await log.close();
  });
});

describe("two writers that no lock parts", () => {
  test("are noticed at the checkpoint: one history goes on", async () => {
    const disk = new LossyDisk();
    const one = await open(disk);
    const two = await open(disk);
    await one.append(leaves(0, 2));
    await one.checkpoint();
    await two.append(leaves(10, 13));
    await expect(two.checkpoint()).rejects.toMatchObject({ code: "log-forked" });
    await expect(two.append([leaf(14)])).rejects.toMatchObject({ code: "log-forked" });
    const reader = await openReader({ store: fileStore("/log", { disk }), origin, vkey: one.verifierKey });
    expect(reader.size).toBe(2);
  });
});

describe("what cannot be", () => {
  test("an entry that is too long, a range that is not there, a closed log", async () => {
    const log = await open(new LossyDisk());
    await expect(log.append([new Uint8Array(65_536)])).rejects.toMatchObject({ code: "payload-too-large" });
    await log.append([new Uint8Array(65_535), new Uint8Array(0)]);
    expect(await log.append([])).toEqual([]);
    for (const [from, to] of [
      [0, 3],
      [-1, 1],
      [2, 1],
      [0.5, 1],
      [Number.NaN, 1],
    ] as const) {
      await expect(
        (async () => {
          for await (const _ of log.entries(from, to));
        })(),
      ).rejects.toMatchObject({ code: "log-not-found" });
      await expect(log.consistencyProof(from, to)).rejects.toMatchObject({ code: "log-not-found" });
    }
    for (const [index, size] of [
      [2, 2],
      [0, 3],
      [-1, 2],
      [0.5, 2],
    ] as const) {
      await expect(log.inclusionProof(index, size)).rejects.toMatchObject({ code: "log-not-found" });
    }
    await expect(log.receipt(2)).rejects.toMatchObject({ code: "log-not-found" });
    await log.close();
    await expect(log.append([leaf(0)])).rejects.toMatchObject({ code: "log-unavailable" });
    await log.close();
  });

  test.each(["", "two words", "a+b", "line\nbreak"])("the origin %j", async (name) => {
    await expect(open(new LossyDisk(), { origin: name })).rejects.toMatchObject({ code: "bad-request" });
  });
});
