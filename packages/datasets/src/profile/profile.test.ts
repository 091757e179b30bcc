import { mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { profileFiles } from "./profile.js";
import type { Profile } from "./types.js";

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "datasets-"));
  const database = await DuckDBInstance.create(":memory:");
  const connection = await database.connect();
  const rows = `select range::BIGINT as id, 'person' || range || '@example.com' as email,
      case when range % 10 = 0 then null else (range % 100)::DOUBLE end as amount,
      case range % 3 when 0 then 'red' when 1 then 'green' else 'blue' end as colour,
      date '2020-01-01' + (range % 100)::INTEGER as day from range(1000)`;
  await connection.run(`copy (${rows}) to '${root}/a.parquet' (format parquet)`);
  await connection.run(`copy (${rows}) to '${root}/a.csv' (format csv, header)`);
  await connection.run(`copy (${rows}) to '${root}/a.jsonl' (format json)`);
  await connection.run(`copy (${rows}) to '${root}/a.json' (format json, array true)`);
  await mkdir(join(root, "part=1"));
  await connection.run(
    `copy (select * from (${rows}) limit 400) to '${root}/part=1/x.parquet' (format parquet)`,
  );
  await connection.run(
    `copy (select * from (${rows}) limit 600) to '${root}/part=1/y.parquet' (format parquet)`,
  );
  connection.closeSync();
});
afterAll(() => rm(root, { recursive: true, force: true }));

const read = (...names: string[]): Promise<Profile> =>
  profileFiles(names.map((name) => ({ name, path: join(root, name) })));
const column = (profile: Profile, name: string) =>
  profile.tables[0]?.columns.find((each) => each.name === name);

describe.each(["a.parquet", "a.csv", "a.jsonl", "a.json"])("%s", (name) => {
  test("has its rows, types, nulls and statistics, and quotes nobody", async () => {
    const profile = await read(name);
    expect(profile).toMatchObject({
      rows: 1000,
      others: 0,
      problems: [],
      tables: [{ name, files: 1, problems: [] }],
    });
    expect(column(profile, "amount")).toMatchObject({ nulls: 100, min: expect.stringMatching(/^1(\.0)?$/) });
    expect(column(profile, "amount")?.mean).toBeCloseTo(50, 0);
    expect(column(profile, "amount")?.quantiles).toHaveLength(5);
    expect(column(profile, "colour")?.top).toEqual([
      { value: "red", count: 334 },
      { value: "blue", count: 333 },
      { value: "green", count: 333 },
    ]);
    expect(column(profile, "day")).toMatchObject({ min: "2020-01-01", max: "2020-04-09" });
    expect(column(profile, "email")).toMatchObject({ personal: true, nulls: 0 });
    expect(JSON.stringify(profile)).not.toContain("@example.com");
  });
});

test("a directory of Parquet files is one table, whatever its name", async () => {
  const profile = await read("part=1/x.parquet", "part=1/y.parquet");
  expect(profile.tables).toHaveLength(1);
  expect(profile.tables[0]).toMatchObject({ name: "part=1/*.parquet", files: 2, rows: 1000 });
  expect(profile.tables[0]?.columns.map(({ name }) => name)).not.toContain("part");
});

test("files with other columns are other tables, and pictures are none", async () => {
  await writeFile(join(root, "labels.csv"), "id,label\n1,2\n");
  const profile = await read("a.csv", "labels.csv", "cat.png");
  expect(profile).toMatchObject({ others: 1, rows: 1001 });
  expect(profile.tables.map(({ name }) => name)).toEqual(["a.csv", "labels.csv"]);
});

test("what was declared personal is not quoted, and few rows are not either", async () => {
  const files = [{ name: "a.csv", path: join(root, "a.csv") }];
  const all = await profileFiles(files, { privacy: { personal: true } });
  expect(column(all, "amount")).toEqual({
    name: "amount",
    type: "DOUBLE",
    nulls: 100,
    distinct: expect.any(Number),
    personal: true,
  });
  const one = await profileFiles(files, { privacy: { columns: ["colour"] } });
  expect(column(one, "colour")?.top).toBeUndefined();
  expect(column(one, "amount")?.mean).toBeDefined();
  await writeFile(join(root, "few.csv"), "salary\n10\n20\n");
  expect(column(await read("few.csv"), "salary")).toEqual({
    name: "salary",
    type: "BIGINT",
    nulls: 0,
    distinct: 2,
  });
});

test("NaN, infinities and numbers beyond what JSON holds", async () => {
  const values = ["1", "2", "3", "4", "NaN", "inf", "-inf", "5"];
  await writeFile(
    join(root, "odd.csv"),
    `x,big\n${values.map((x) => `${x},18446744073709551615`).join("\n")}\n`,
  );
  const profile = await read("odd.csv");
  expect(column(profile, "x")).toMatchObject({ nonFinite: 3, mean: 3, min: "1.0", max: "5.0" });
  expect(column(profile, "big")?.max).toBeDefined();
  expect(() => JSON.stringify(profile)).not.toThrow();
});

test("packed text is read unpacked", async () => {
  await writeFile(join(root, "z.csv.gz"), gzipSync(`a,b\n${"1,2\n".repeat(50)}`));
  expect(await read("z.csv.gz")).toMatchObject({ rows: 50, tables: [{ format: "csv" }] });
});

test("a type that changes late, and lines that are no rows", async () => {
  await writeFile(join(root, "late.csv"), `a,b\n${"1,2\n".repeat(40_000)}x,y\n`);
  const late = await read("late.csv");
  expect(late.tables[0]).toMatchObject({ rows: 40_001, problems: [expect.stringContaining("read as text")] });
  await writeFile(join(root, "torn.jsonl"), `${'{"a":1}\n'.repeat(20)}{"a":\n${'{"a":2}\n'.repeat(5)}`);
  expect((await read("torn.jsonl")).tables[0]?.problems).toHaveLength(1);
});

describe("hostile files", () => {
  test("names with quotes, globs, line breaks and dots", async () => {
    const names = ["it's *.csv", 'a"; drop table x; --.csv', "[a-z]?.csv", "new\nline.csv", "..csv"];
    for (const name of names) await writeFile(join(root, name), "a,b\n1,2\n");
    const profile = await read(...names);
    expect(profile.problems).toEqual([]);
    expect(profile.rows).toBe(names.length);
  });

  test.each([
    ["cut.parquet", async (path: string) => truncate(path, 900)],
    [
      "garbage.parquet",
      async (path: string) => writeFile(path, Buffer.from(`PAR1${"\xff".repeat(4000)}PAR1`, "latin1")),
    ],
    [
      "length.parquet",
      async (path: string) => writeFile(path, Buffer.from("PAR1\0\0\xff\xff\xff\x7fPAR1", "latin1")),
    ],
    ["deep.json", async (path: string) => writeFile(path, "[".repeat(2_000_000))],
    [
      "deep.jsonl",
      async (path: string) => writeFile(path, `${'{"a":'.repeat(500_000)}1${"}".repeat(500_000)}\n`),
    ],
    ["nul.csv", async (path: string) => writeFile(path, Buffer.alloc(100_000))],
    ["quote.csv", async (path: string) => writeFile(path, `"${"a,".repeat(300_000)}`)],
    ["empty.csv", async (path: string) => writeFile(path, "")],
    ["not.parquet", async (path: string) => writeFile(path, "a,b\n1,2\n")],
  ])("%s is a problem, not a fault", async (name, damage) => {
    await writeFile(join(root, name), "");
    if (name === "cut.parquet") {
      const { copyFile } = await import("node:fs/promises");
      await copyFile(join(root, "a.parquet"), join(root, name));
    }
    await damage(join(root, name));
    const profile = await read(name, "a.csv");
    // The good file beside it is still read, unless the bad one took the whole process with it.
    if (profile.problems.length === 0) expect(profile.rows).toBeGreaterThanOrEqual(1000);
  });

  test("time and memory have an end", async () => {
    const files = [{ name: "a.csv", path: join(root, "a.csv") }];
    const slow = await profileFiles(files, { limits: { timeMs: 1 } });
    expect(slow.problems[0]).toContain("was stopped");
    const small = await profileFiles(files, { limits: { memoryMegabytes: 1 } });
    expect([...small.problems, ...small.tables.flatMap(({ problems }) => problems)].length).toBeGreaterThan(
      0,
    );
  });

  test("many columns are cut and counted", async () => {
    const header = Array.from({ length: 300 }, (_, at) => `c${at}`).join(",");
    await writeFile(join(root, "wide.csv"), `${header}\n${"1,".repeat(299)}1\n`);
    const files = [{ name: "wide.csv", path: join(root, "wide.csv") }];
    const profile = await profileFiles(files, { limits: { columns: 100 } });
    expect(profile.tables[0]?.columns).toHaveLength(100);
    expect(profile.tables[0]?.problems).toEqual(["200 more columns were not profiled."]);
  });

  test("a file that is gone, and a wish to stop", async () => {
    expect((await read("gone.csv")).tables[0]?.problems).toHaveLength(1);
    const abort = AbortSignal.abort(new Error("enough"));
    await expect(
      profileFiles([{ name: "a.csv", path: join(root, "a.csv") }], { signal: abort }),
    ).rejects.toThrow("enough");
  });
});
