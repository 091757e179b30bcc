import { sha256 } from "@countersign/evidence";
import { encodeLeaf, type Leaf } from "@countersign/facts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { flavours, type TestDatabase } from "../testing/database.js";
import { postgresProjection } from "./projection.js";

const digest = (text: string) => sha256(Buffer.from(text));

function entry(index: number, subjects: string[], predicate: Leaf["predicate"] = "scan") {
  const leaf: Leaf = {
    v: 1,
    at: 1_000 + index,
    workspace: "default",
    predicate,
    outcome: "neutral",
    envelope: digest(`envelope ${index}`),
    signer: digest("signer"),
    subjects: subjects.map(digest),
  };
  return { index, leaf, raw: encodeLeaf(leaf) };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe.each(flavours())("the projection on $name PostgreSQL", ({ open }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.dispose());

  test("stores rows and size together, and answers chains in order", async () => {
    const projection = postgresProjection(database.pool, "default", "one");
    expect(await projection.applied()).toBe(0);
    await projection.apply([entry(0, ["a", "b"]), entry(1, ["a"], "manifest"), entry(2, ["b"])], 3);
    expect(await projection.applied()).toBe(3);
    const chain = await projection.chain("default", digest("a"));
    expect(chain.map(({ index }) => index)).toEqual([0, 1]);
    expect(Buffer.from(chain[0]?.raw ?? [])).toEqual(Buffer.from(entry(0, ["a", "b"]).raw));
    expect(await projection.chain("other", digest("a"))).toEqual([]);
    expect((await all(projection.rows())).length).toBe(4);
  });

  test("lists each leaf once, newest first", async () => {
    const projection = postgresProjection(database.pool, "default", "one");
    expect(await projection.list("default", ["scan", "manifest"], Number.MAX_SAFE_INTEGER, 10)).toEqual([
      2, 1, 0,
    ]);
    expect(await projection.list("default", ["scan"], 2, 10)).toEqual([0]);
    expect(await projection.list("default", ["scan"], 9, 1)).toEqual([2]);
  });

  test("overwrites a row that was planted ahead of the log", async () => {
    const projection = postgresProjection(database.pool, "default", "one");
    await database.pool.query(`insert into entries values ('default', $1, 3, 0, 'scan', '\\x00')`, [
      digest("a"),
    ]);
    await projection.apply([entry(3, ["a"])], 4);
    const chain = await projection.chain("default", digest("a"));
    expect(Buffer.from(chain.at(-1)?.raw ?? [])).toEqual(Buffer.from(entry(3, ["a"]).raw));
  });

  test("a batch that fails half-way leaves nothing, neither rows nor size", async () => {
    const projection = postgresProjection(database.pool, "default", "one");
    const many = Array.from({ length: 3_000 }, (_, at) => entry(10 + at, ["c"]));
    const broken = { ...entry(5_000, ["c"]), index: Number.NaN };
    await expect(projection.apply([...many, broken], 9_000)).rejects.toThrow();
    expect(await projection.applied()).toBe(4);
    expect(await projection.chain("default", digest("c"))).toEqual([]);
  });

  test("forgets the rows of another data directory, and on rewind", async () => {
    const other = postgresProjection(database.pool, "default", "two");
    expect(await other.applied()).toBe(0);
    expect(await all(other.rows())).toEqual([]);
    await other.apply([entry(0, ["a"])], 1);
    await other.rewind();
    expect(await other.applied()).toBe(0);
    expect(await all(other.rows())).toEqual([]);
  });
});
