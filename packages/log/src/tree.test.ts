import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clock, origin, signer } from "../testing/logs.js";
import { LossyDisk } from "../testing/lossy-disk.js";
import { fileStore } from "./file-store.js";
import { edgeRoot, Frontier } from "./frontier.js";
import { EMPTY_ROOT, leafHash, verifyConsistency, verifyInclusion } from "./hash.js";
import { Hashes } from "./hashes.js";
import { LeafIndex } from "./leaf-index.js";
import { openLog } from "./log.js";
import { openReader } from "./reader.js";

const sha256 = (...parts: Uint8Array[]): Buffer => createHash("sha256").update(Buffer.concat(parts)).digest();
const leaf = (n: number): Buffer => Buffer.from(`leaf ${n}`);

/** RFC 6962 section 2.1, to the letter. */
function mth(from: number, to: number): Uint8Array {
  if (from === to) return sha256();
  if (to - from === 1) return sha256(Buffer.of(0), leaf(from));
  let k = 1;
  while (k * 2 < to - from) k *= 2;
  return sha256(Buffer.of(1), mth(from, from + k), mth(from + k, to));
}

const hashes = new Hashes(70_000);
for (let i = 0; i < hashes.count; i++) hashes.setLeaf(i, leaf(i));

describe("the frontier", () => {
  test("has the root of RFC 6962 at every size, and goes on from its partial tiles", () => {
    let frontier = new Frontier();
    expect(Buffer.from(frontier.root()).equals(EMPTY_ROOT)).toBe(true);
    for (let size = 1; size <= 600; size++) {
      frontier.push(hashes, size - 1);
      const root = Buffer.from(frontier.root());
      expect(root.equals(mth(0, size)), String(size)).toBe(true);
      const partials: Uint8Array[] = [];
      for (const { level, bytes } of frontier.partials()) partials[level] = bytes;
      const edge = Array.from(partials, (bytes) => bytes ?? new Uint8Array());
      expect(root.equals(edgeRoot(edge))).toBe(true);
      if (size % 3 === 0) frontier = Frontier.of(size, edge);
    }
  });

  test("is the same beyond two full tile levels", () => {
    const frontier = new Frontier();
    for (let i = 0; i < 65_536 + 300; i++) frontier.push(hashes, i);
    expect(
      frontier
        .takeFull()
        .map(({ level, index }) => `${level}/${index}`)
        .slice(-3),
    ).toEqual(["0/255", "1/0", "0/256"]);
    expect(frontier.partials().map(({ level, index, bytes }) => [level, index, bytes.length / 32])).toEqual([
      [0, 257, 44],
      [1, 1, 1],
      [2, 0, 1],
    ]);
    expect(Buffer.from(frontier.root()).equals(mth(0, frontier.size))).toBe(true);
  });

  test("a copy that fails leaves the first as it was", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.boolean()), { maxLength: 8 }),
        (commits) => {
          let [frontier, size] = [new Frontier(), 0];
          for (const [count, holds] of commits) {
            const next = frontier.clone();
            // A failed commit tries other leaves than those that come later.
            for (let i = 0; i < count; i++) next.push(hashes, holds ? size + i : 60_000 + i);
            if (holds) [frontier, size] = [next, size + count];
          }
          expect(Buffer.from(frontier.root()).equals(mth(0, size))).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });
});

test("the index of leaf hashes finds each, and proposes hardly any other", () => {
  const index = new LeafIndex();
  for (let i = 0; i < 50_000; i++) index.add(hashes, i, i);
  for (let i = 0; i < 50_000; i++) expect([...index.candidates(hashes, i)]).toEqual([i]);
  for (let i = 50_000; i < hashes.count; i++) expect(index.mayHave(hashes, i)).toBe(false);
  // Two entries whose hashes begin alike are both proposed.
  const alike = Hashes.of(Buffer.concat([hashes.slice(7, 8), hashes.slice(7, 8)]));
  alike.bytes[40] = (alike.bytes[40] ?? 0) ^ 1;
  index.add(alike, 1, 99_999);
  expect([...index.candidates(hashes, 7)].sort()).toEqual([7, 99_999]);
});

describe("a log like any other list without duplicates", () => {
  test("for any appends, closings and openings", async () => {
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ leaves: fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 90 }) }),
      },
      { weight: 1, arbitrary: fc.constant("reopen" as const) },
      { weight: 1, arbitrary: fc.constant("publish" as const) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const store = fileStore("/log", { disk: new LossyDisk(), segmentBytes: 1_000 });
        const open = () => openLog({ store, origin, signer, clock });
        const model: number[] = [];
        let log = await open();
        for (const next of steps) {
          if (next === "publish") await log.checkpoint();
          else if (next === "reopen") {
            await log.close();
            log = await open();
          } else {
            const answers = await log.append(next.leaves.map(leaf));
            for (const [i, n] of next.leaves.entries()) {
              const known = model.indexOf(n);
              expect(answers[i]).toEqual({ index: known < 0 ? model.length : known, duplicate: known >= 0 });
              if (known < 0) model.push(n);
            }
          }
          expect(log.size).toBe(model.length);
        }
        const seen: string[] = [];
        for await (const entry of log.entries(0, log.size)) seen.push(Buffer.from(entry.leaf).toString());
        expect(seen).toEqual(model.map((n) => leaf(n).toString()));
        await log.close();
      }),
      { numRuns: 60 },
    );
  });

  test("proves any entry in any size and any size from any other", async () => {
    const store = fileStore("/log", { disk: new LossyDisk() });
    const log = await openLog({ store, origin, signer, clock });
    const size = 66_100;
    await log.append(Array.from({ length: size }, (_, i) => leaf(i)));
    await log.close();
    const reader = await openReader({ store, origin, vkey: log.verifierKey });
    const sizes = fc.oneof(
      fc.integer({ min: 1, max: size }),
      fc.constantFrom(1, 255, 256, 257, 65_535, 65_536, 65_537, size),
    );
    await fc.assert(
      fc.asyncProperty(sizes, sizes, fc.nat(), async (a, b, n) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const [fromRoot, toRoot] = [await reader.rootAt(from), await reader.rootAt(to)];
        const consistency = await reader.consistencyProof(from, to);
        expect(verifyConsistency(from, to, consistency, fromRoot, toRoot)).toBe(true);
        const index = n % to;
        const inclusion = await reader.inclusionProof(index, to);
        expect(verifyInclusion(index, to, leafHash(leaf(index)), inclusion, toRoot)).toBe(true);
        expect(verifyInclusion((index + 1) % to, to, leafHash(leaf(index)), inclusion, toRoot)).toBe(
          to === 1,
        );
      }),
      { numRuns: 150 },
    );
    expect(Buffer.from(reader.root).equals(mth(0, size))).toBe(true);
  });
});
