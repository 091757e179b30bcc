import { generateKey, keySigner } from "@countersign/evidence";
import { describe, expect, test } from "vitest";
import { type Loss, LossyDisk } from "../testing/lossy-disk.js";
import { parseCheckpoint } from "./checkpoint.js";
import { fileStore } from "./file-store.js";
import { type Log, openLog } from "./log.js";
import { openReader } from "./reader.js";

const signer = keySigner(generateKey("ed25519").privatePem);
const origin = "example.com/log";
const leaf = (n: number): Uint8Array => Buffer.from(`entry ${n}`.padEnd(20 + (n % 40), "."));

function open(disk: LossyDisk): Promise<Log> {
  const store = fileStore("/log", { disk, segmentBytes: 4_000 });
  return openLog({ store, origin, signer, clock: () => 1_700_000_000_000 });
}

/** A generator of numbers in [0, 1) that is the same in each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Told {
  /** How many operations the disk had done by then. */
  readonly step: number;
  /** All entries below this were acknowledged. */
  readonly size?: number;
  /** A checkpoint that was given out. */
  readonly checkpoint?: { size: number; root: string };
}

/** Appends, publishes and reopens for a while, and writes down what the outside was told and when. */
async function work(disk: LossyDisk): Promise<Told[]> {
  const told: Told[] = [];
  let next = 0;
  const append = async (log: Log, count: number): Promise<void> => {
    const leaves = Array.from({ length: count }, () => leaf(next++));
    const size = next;
    // Some that are there already, before and behind.
    const known = leaf(Math.floor(size / 2));
    await log.append(count % 2 === 0 ? leaves : [leaf(0), known, ...leaves, known]);
    told.push({ step: disk.steps.length, size });
  };
  const disclose = async (log: Log): Promise<void> => {
    const [text] = Buffer.from(await log.checkpoint())
      .toString()
      .split("\n\n");
    const { size, root } = parseCheckpoint(`${text}\n`)!;
    told.push({ step: disk.steps.length, checkpoint: { size, root: Buffer.from(root).toString("hex") } });
  };
  let log = await open(disk);
  for (const count of [1, 2, 1, 250, 1, 3]) await append(log, count);
  await disclose(log);
  await Promise.all([append(log, 2), append(log, 1), append(log, 4)]);
  await append(log, 5);
  await log.close();
  log = await open(disk);
  await append(log, 1);
  await disclose(log);
  await append(log, 30);
  await Promise.all([disclose(log), append(log, 40), append(log, 150), append(log, 1)]);
  for (const count of [3, 45, 1]) await Promise.all([append(log, count), disclose(log)]);
  await append(log, 1);
  await log.close();
  return told;
}

/** Whatever was told must still be so, and the log must go on. */
async function check(disk: LossyDisk, told: readonly Told[]): Promise<void> {
  const log = await open(disk);
  const acknowledged = Math.max(0, ...told.map(({ size = 0 }) => size));
  expect(log.size).toBeGreaterThanOrEqual(acknowledged);
  for await (const entry of log.entries(0, log.size)) {
    expect(Buffer.compare(entry.leaf, leaf(entry.index))).toBe(0);
  }
  const [appended] = await log.append([leaf(log.size)]);
  expect(appended).toEqual({ index: log.size - 1, duplicate: false });
  if (acknowledged > 0) expect(await log.append([leaf(0)])).toEqual([{ index: 0, duplicate: true }]);
  const { size } = log;
  await log.close();
  const reader = await openReader({ store: fileStore("/log", { disk }), origin, vkey: log.verifierKey });
  expect(reader.size).toBe(size);
  for (const { checkpoint } of told) {
    if (!checkpoint || checkpoint.size === 0) continue;
    expect(Buffer.from(await reader.rootAt(checkpoint.size)).toString("hex")).toBe(checkpoint.root);
  }
}

const SLOW = { timeout: 180_000 };

describe("a log whose machine loses power", () => {
  // Each operation for the two that are strictest, every second one for the two that leave more.
  test.each<[Loss, number]>([
    ["all", 1],
    ["torn", 1],
    ["none", 2],
    ["some", 2],
  ])("after every operation: loss %s", SLOW, async (loss, stride) => {
    const disk = new LossyDisk();
    const told = await work(disk);
    expect(disk.steps.length).toBeGreaterThan(200);
    for (let count = 0; count <= disk.steps.length; count += stride) {
      const before = told.filter(({ step }) => step <= count);
      try {
        await check(disk.after(count, loss, seeded(count)), before);
      } catch (cause) {
        throw new Error(`after operation ${count} of ${disk.steps.length}: ${cause}`, { cause });
      }
    }
  });

  test(
    "after a kill and a good end, when of all that was unsynced only the removal of the journal survives",
    SLOW,
    async () => {
      const disk = new LossyDisk();
      const told = await work(disk);
      for (let count = 0; count <= disk.steps.length; count++) {
        const before = told.filter(({ step }) => step <= count);
        const once = disk.after(count, "none");
        await check(once, before);
        await once.syncDirectory("/log/journal");
        try {
          await check(once.after(once.steps.length, "all"), before);
        } catch (cause) {
          throw new Error(`after operation ${count}: ${cause}`, { cause });
        }
      }
    },
  );

  test.each<[Loss, Loss]>([
    ["none", "some"],
    ["torn", "all"],
    ["all", "some"],
    ["some", "torn"],
  ])("twice in a row: loss %s, then %s", SLOW, async (first, second) => {
    const disk = new LossyDisk();
    const told = await work(disk);
    const random = seeded(7);
    for (let count = 0; count <= disk.steps.length; count += 5) {
      const before = told.filter(({ step }) => step <= count);
      const once = disk.after(count, first, random);
      await check(once, before);
      // The check above appended one entry more, which is not certain in the middle of it.
      const again = Math.floor(Math.min(1, random() * 1.5) * once.steps.length);
      try {
        await check(once.after(again, second, random), before);
      } catch (cause) {
        throw new Error(`after operation ${count}, and ${again} of ${once.steps.length}: ${cause}`, {
          cause,
        });
      }
    }
  });
});
