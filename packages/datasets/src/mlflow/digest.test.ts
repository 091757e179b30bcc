import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { profileFiles } from "../profile/profile.js";
import { frameDigest } from "./digest.js";
import { olderNumber } from "./frame.js";
import { sipHash } from "./hash.js";

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "mlflow-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function digests(name: string, text: string): Promise<string[] | undefined> {
  await writeFile(join(root, name), text);
  return (await profileFiles([{ name, path: join(root, name) }])).mlflowDigests;
}

const FLOATS =
  "x,who\n0.1234567890123456,p0\n1234.567890123457,p1\n9.87654321e-05,p2\n-3.141592653589793,p3\n6.02214076e+23,p4\n2.2250738585072014e-308,p5\n123456789.12345679,p6\n0.7,p7\n";
const FLOAT_DIGESTS = ["feaf3e79", "44f109fc"];

// What mlflow.data.digest_utils.compute_pandas_digest said: MLflow 3.0.0 with pandas 2.3.3, and 3.17.2 with 3.1.1.
describe("the digest that MLflow gives to a frame", () => {
  test.each([
    [
      "mixed types, a missing value, booleans",
      "id,x,y,z\n1,0.1,NA,True\n2,1e5,b,False\n3,.5,c,True\n",
      ["0c56d3f4"],
    ],
    ["one column of integers", "only\n1\n2\n3\n", ["d0b55237"]],
    ["quotes and line breaks", 'only\np\n"q, ""r"""\n"line\nbreak"\n', ["48068f8a"]],
    ["missing values in every column but one", "b,a,c\n1.5,x,1\n,y,2\n3.0,,3\n", ["97602a94"]],
  ])("CSV: %s", async (_, text, expected) => {
    expect(await digests("a.csv", text)).toEqual(expected);
  });

  test("CSV: numbers that pandas before 3 reads otherwise have two digests", async () => {
    expect(await digests("floats.csv", FLOATS)).toEqual(FLOAT_DIGESTS);
  });

  test("Parquet: integers, text and floats with missing values", async () => {
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const path = join(root, "small.parquet");
    const rows = "(values (1.5::DOUBLE, 'x', 1::BIGINT), (null, 'y', 2), (3, null, 3)) as t(b, a, c)";
    await connection.run(`copy (select * from ${rows}) to '${path}' (format parquet)`);
    connection.closeSync();
    const profile = await profileFiles([{ name: "small.parquet", path }]);
    expect(profile.mlflowDigests).toEqual(["97602a94"]);
  });

  test("is not made up for several files, or for none", async () => {
    await writeFile(join(root, "b.csv"), "a\n1\n");
    const files = ["b.csv", "a.csv"].map((name) => ({ name, path: join(root, name) }));
    expect((await profileFiles(files)).mlflowDigests).toEqual([]);
    expect(frameDigest({ columns: [], rows: 0 })).toBeUndefined();
  });
});

test("SipHash-2-4 tells texts of every length apart", () => {
  const hashes = Array.from({ length: 40 }, (_, length) => sipHash("a".repeat(length)));
  expect(new Set(hashes).size).toBe(40);
  expect(hashes.every((hash) => hash >= 0n && hash < 1n << 64n)).toBe(true);
});

// What pandas 2.3.3 said: leading zeros count as digits, of which it keeps 17.
test.each([
  ["0.0000010000000000000101", 1e-6],
  ["000000000000000000123.5", 0],
  ["1.2345678901234567890123e-5", 1.2345678901234568e-5],
  ["123456789012345678901234", 1.2345678901234569e23],
  ["0.00000000000000000012345", 0],
])("the older way of reading %s", (text, expected) => {
  expect(olderNumber(text)).toBe(expected);
});

test("the older way of reading numbers is close where few zeros lead", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: 0.1, max: 1e300 }), (value) => {
      expect(Math.abs(olderNumber(String(-value)) + value)).toBeLessThanOrEqual(value * 1e-14);
    }),
  );
});
