import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { openCheckpoint } from "./checkpoint.js";
import { fileStore } from "./file-store.js";
import { primitives, verifyConsistency, verifyInclusion } from "./hash.js";
import { parseVkey } from "./keys.js";
import { openReader } from "./reader.js";
import { verifyReceipt } from "./receipt.js";

// The public key of Tessera's test log, as its integration tests name it.
const VKEY = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";
const ORIGIN = "example.com/log/testdata";
const DATA = new URL("../../../../shared/data/tessera-log/log", import.meta.url).pathname;
const present = existsSync(DATA);
if (!present) console.warn("skipped: Tessera's log (shared/data/tessera-log) is not here");

test.skipIf(!present)("Tessera's log verifies whole", async () => {
  const store = fileStore(DATA);
  const key = await parseVkey(VKEY);
  const reader = await openReader({ store, origin: ORIGIN, vkey: VKEY });
  expect(reader.size).toBe(15);
  const seen: number[] = [];
  for await (const { index, leaf } of reader.entries(0, 15)) {
    seen.push(index);
    const receipt = await verifyReceipt(
      await reader.receipt(index),
      leaf,
      { origin: ORIGIN, logKey: key },
      primitives,
    );
    expect(receipt).toMatchObject({ ok: true, index });
  }
  expect(seen.length).toBe(15);
  for (let size = 1; size <= 15; size++) {
    const note = await store.get(`checkpoint.${size}`);
    const opened = note ? await openCheckpoint(note, ORIGIN, [key], primitives) : undefined;
    if (!opened?.ok) continue;
    const { checkpoint } = opened;
    expect(Buffer.from(await reader.rootAt(checkpoint.size)).equals(checkpoint.root)).toBe(true);
    const proof = await reader.consistencyProof(checkpoint.size, 15);
    expect(verifyConsistency(checkpoint.size, 15, proof, checkpoint.root, reader.root)).toBe(true);
    const inclusion = await reader.inclusionProof(checkpoint.size - 1, checkpoint.size);
    const hash = await reader.leafHash(checkpoint.size - 1);
    expect(verifyInclusion(checkpoint.size - 1, checkpoint.size, hash, inclusion, checkpoint.root)).toBe(
      true,
    );
  }
});
