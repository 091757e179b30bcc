import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  hashLater,
  hashNow,
  provesConsistency,
  provesInclusion,
  provesSubtreeConsistency,
  provesSubtreeInclusion,
} from "./merkle.js";

const DATA = new URL("../../../../shared/data/merkle/testdata/", import.meta.url).pathname;
const present = existsSync(DATA);
if (!present) console.warn("skipped: the Merkle vectors (shared/data/merkle) are not here");

interface Vector {
  [name: string]: unknown;
  proof: string[] | null;
  wantErr: boolean;
}

const sha256 = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();
const hash = (value: unknown): Uint8Array => Buffer.from(typeof value === "string" ? value : "", "base64");

function work(kind: string, v: Vector) {
  const proof = (v.proof ?? []).map(hash);
  const n = (name: string): number => v[name] as number;
  if (kind === "inclusion")
    return provesInclusion(n("leafIdx"), n("treeSize"), hash(v.leafHash), proof, hash(v.root));
  if (kind === "consistency")
    return provesConsistency(n("size1"), n("size2"), proof, hash(v.root1), hash(v.root2));
  if (kind === "subtreeinclusion") {
    return provesSubtreeInclusion(n("leafIdx"), n("start"), n("end"), hash(v.leafHash), proof, hash(v.root));
  }
  return provesSubtreeConsistency(n("start"), n("end"), n("size"), proof, hash(v.root1), hash(v.root2));
}

test.skipIf(!present)("all 518 Merkle vectors come out as they should", async () => {
  const files = readdirSync(DATA, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".json"),
  );
  const wrong: string[] = [];
  for (const file of files) {
    const kind = file.split("/")[0] ?? "";
    const vector = JSON.parse(readFileSync(join(DATA, file), "utf8")) as Vector;
    const now = hashNow(work(kind, vector), sha256);
    const later = await hashLater(work(kind, vector), async (bytes) => sha256(bytes));
    if (now === vector.wantErr || later !== now) wrong.push(file);
  }
  expect(wrong).toEqual([]);
  expect(files.length).toBe(518);
});
