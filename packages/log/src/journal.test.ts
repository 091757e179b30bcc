import { describe, expect, test } from "vitest";
import { LossyDisk } from "../testing/lossy-disk.js";
import { openFileJournal } from "./file-journal.js";
import { decodeRecord, encodeRecord } from "./record.js";
import { Run } from "./run.js";
import type { Journal } from "./store.js";

const record = (first: number, ...texts: string[]): Uint8Array[] =>
  encodeRecord({
    first,
    time: 1,
    note: Buffer.from("note"),
    runs: [Run.pack(texts.map((text) => Buffer.from(text)))],
  });

async function makeDisk(): Promise<LossyDisk> {
  const disk = new LossyDisk();
  await disk.makeDirectory("/journal");
  await disk.syncDirectory("/");
  return disk;
}

const open = (disk: LossyDisk, segmentBytes = 1000): Promise<Journal> =>
  openFileJournal(disk, "/journal", segmentBytes, async () => undefined);

async function read(journal: Journal, from = 0): Promise<string[]> {
  const texts: string[] = [];
  for await (const bytes of journal.records(from)) {
    const { first, runs } = decodeRecord(bytes)!;
    texts.push(
      `${first}:${runs.flatMap((run) => run.leaves().map((leaf) => Buffer.from(leaf).toString())).join(",")}`,
    );
  }
  return texts;
}

const only = (disk: LossyDisk): string => disk.files().find((path) => path.startsWith("/journal/"))!;

describe("a journal", () => {
  test("gives back what was appended, over many files", async () => {
    const disk = await makeDisk();
    const journal = await open(disk, 60);
    for (let i = 0; i < 10; i++) await journal.append(record(i, `entry ${i}`));
    expect(disk.files().length).toBeGreaterThan(3);
    const all = Array.from({ length: 10 }, (_, i) => `${i}:entry ${i}`);
    expect(await read(await open(disk))).toEqual(all);
    expect((await read(await open(disk), 7)).slice(-3)).toEqual(all.slice(-3));
    await journal.release(8);
    expect((await read(await open(disk), 8)).slice(-2)).toEqual(all.slice(-2));
    expect(disk.files().length).toBeLessThan(4);
  });

  test("drops a torn end for good", async () => {
    const disk = await makeDisk();
    const journal = await open(disk);
    await journal.append(record(0, "a"));
    await journal.append(record(1, "b"));
    const whole = (await disk.read(only(disk)))!;
    for (let cut = 60; cut < whole.length; cut++) {
      const torn = await makeDisk();
      await (await torn.create(only(disk), true)).write([whole.subarray(0, cut)], 0);
      const again = await open(torn);
      const kept = await read(again);
      expect(["0:a", ""]).toContain(kept.join());
      await again.append(record(kept.length, "c"));
      // A second crash, before the older file could be released: the torn record must not stand before a newer one.
      expect(await read(await open(torn))).toEqual([...kept, `${kept.length}:c`]);
    }
  });

  test("refuses damage before a whole record", async () => {
    const disk = await makeDisk();
    const journal = await open(disk);
    await journal.append(record(0, "a"));
    const length = (await disk.read(only(disk)))!.length;
    await journal.append(record(1, "b"));
    for (let bit = 16 * 8; bit < length * 8; bit++) {
      disk.flip(only(disk), bit);
      await expect(read(await open(disk)), `bit ${bit}`).rejects.toMatchObject({ code: "log-tampered" });
      disk.flip(only(disk), bit);
    }
    expect(await read(await open(disk))).toEqual(["0:a", "1:b"]);
  });

  test("takes no entry for a record, whatever the entry says", async () => {
    const other = await makeDisk();
    await (await open(other)).append(record(0, "forged"));
    const forged = (await other.read(only(other)))!.subarray(16);
    const disk = await makeDisk();
    const journal = await open(disk);
    await journal.append(record(0, "a"));
    await journal.append(
      encodeRecord({
        first: 1,
        time: 1,
        note: Buffer.from("note"),
        runs: [Run.pack([forged, Buffer.from("long".repeat(20))])],
      }),
    );
    const path = only(disk);
    const whole = (await disk.read(path))!;
    await (await disk.create(path, true)).write([whole.subarray(0, -10)], 0);
    expect(await read(await open(disk))).toEqual(["0:a"]);
  });

  test("a write that failed leaves room for the next", async () => {
    const disk = await makeDisk();
    const journal = await open(disk);
    await journal.append(record(0, "a"));
    for (let room = 0; room < 60; room += 7) {
      disk.room = room;
      await expect(journal.append(record(1, "x".repeat(50)))).rejects.toMatchObject({ code: "disk-full" });
    }
    disk.room = Number.POSITIVE_INFINITY;
    await journal.append(record(1, "b"));
    await journal.append(record(2, "c"));
    await journal.retract?.();
    await journal.append(record(2, "d"));
    expect(await read(await open(disk))).toEqual(["0:a", "1:b", "2:d"]);
  });
});
