import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDatasetInputs } from "./dataset.js";
import { ProtocolError } from "./error.js";
import { writeDouble } from "./fields.js";
import { optionalId, parseBatch, parseMetric, parseModelOutput, parseParameter, parseTag } from "./limits.js";
import { parseStages, parseStatus, parseWindow } from "./page.js";

const metric = (more: object = {}) => ({ key: "a", value: 1, timestamp: 5, step: 2, ...more });

test("a metric is a key, a double, and the client's time and step", () => {
  expect(parseMetric(metric({ value: "1.5e3", timestamp: "7", step: "-1" }))).toMatchObject({
    value: 1_500,
    timestamp: 7,
    step: -1,
  });
  for (const value of ["NaN", "Infinity", "-Infinity"]) {
    expect(writeDouble(parseMetric(metric({ value })).value)).toBe(value);
  }
});

test.each([
  { value: "x" },
  { value: true },
  { value: null },
  { value: "0x10" },
  { timestamp: -1 },
  { timestamp: undefined },
  { timestamp: 1.5 },
  { timestamp: "9223372036854775807" },
  { step: "a" },
  { key: "" },
  { key: "../a" },
  { key: "/a" },
  { key: "a//b" },
  { key: "a\0" },
  { key: "a'; drop table metrics" },
  { key: "x".repeat(251) },
  { key: 5 },
])("refused: %j", (more) => {
  expect(() => parseMetric(metric(more))).toThrow(ProtocolError);
});

test.each(["größe", "模型/精度", "loss 2", "Δ_ä-1:b.c"])("names in any script are kept: %s", (key) => {
  expect(parseMetric(metric({ key })).key).toBe(key);
  expect(parseParameter({ key, value: "1" }).key).toBe(key);
  expect(parseTag({ key, value: "1" }).key).toBe(key);
});

test("ids and names that the database indexes are refused where it has no room for them", () => {
  const long = "é".repeat(129);
  expect(optionalId({ run_id: "x".repeat(256) }, "run_id")).toHaveLength(256);
  expect(optionalId({}, "run_id")).toBe("");
  expect(() => optionalId({ run_id: long }, "run_id")).toThrow(/'run_id' exceeds.* 256 bytes/);
  expect(() => parseModelOutput({ model_id: long })).toThrow(ProtocolError);
  expect(() => parseModelOutput({})).toThrow(/Missing/);
  expect(() => parseMetric(metric({ model_id: long }))).toThrow(ProtocolError);
  expect(() => parseMetric(metric({ dataset_name: "x".repeat(1_501) }))).toThrow(ProtocolError);
  expect(() => parseMetric(metric({ dataset_digest: "x".repeat(101) }))).toThrow(ProtocolError);
});

test("long values are cut where MLflow cuts them", () => {
  expect(parseParameter({ key: "a", value: "x".repeat(7_000) }).value).toHaveLength(6_000);
  expect(parseTag({ key: "a", value: "x".repeat(9_000) }).value).toHaveLength(8_000);
});

test("a batch has limits, and says a parameter once", () => {
  const many = (n: number) => Array.from({ length: n }, (_, i) => ({ key: `k${i}`, value: "1" }));
  expect(parseBatch({}).metrics).toEqual([]);
  expect(parseBatch({ metrics: Array(1_000).fill(metric()) }).metrics).toHaveLength(1_000);
  expect(() => parseBatch({ metrics: Array(1_001).fill(metric()) })).toThrow(/at most 1000/);
  expect(() => parseBatch({ params: many(101) })).toThrow(/at most 100/);
  expect(() => parseBatch({ tags: many(101) })).toThrow(/at most 100/);
  expect(() => parseBatch({ metrics: Array(950).fill(metric()), params: many(100) })).toThrow(/1000/);
  expect(() => parseBatch({ metrics: "x" })).toThrow(ProtocolError);
  expect(parseBatch({ params: [...many(1), ...many(1)] }).parameters).toHaveLength(1);
  expect(() =>
    parseBatch({
      params: [
        { key: "a", value: "1" },
        { key: "a", value: "2" },
      ],
    }),
  ).toThrow(/Duplicate/);
});

test("datasets are told apart by name and digest", () => {
  const dataset = { name: "d", digest: "1", source_type: "local", source: "x" };
  const input = { datasets: [{ dataset, tags: [{ key: "mlflow.data.context", value: "t" }] }, { dataset }] };
  expect(parseDatasetInputs(input)).toMatchObject([{ name: "d", tags: [{ value: "t" }], schema: null }]);
  expect(() => parseDatasetInputs({ datasets: [{}] })).toThrow(/dataset/);
});

test("pages, views and states are read as clients write them", () => {
  expect(parseWindow({}, 10, 100)).toEqual({ offset: 0, limit: 10 });
  expect(() => parseWindow({ max_results: 101 }, 10, 100)).toThrow(/between 1 and 100/);
  expect(() => parseWindow({ page_token: "x" }, 10, 100)).toThrow(/page token/);
  expect(parseStages({ v: "ALL" }, "v")).toEqual(["active", "deleted"]);
  expect(parseStages({ v: 2 }, "v")).toEqual(["deleted"]);
  expect(() => parseStages({ v: "x" }, "v")).toThrow(ProtocolError);
  expect([parseStatus({ status: 3 }), parseStatus({ status: "KILLED" }), parseStatus({})]).toEqual([
    "FINISHED",
    "KILLED",
    undefined,
  ]);
  expect(() => parseStatus({ status: "DONE" })).toThrow(ProtocolError);
});

test("any JSON is read or refused, and never anything else", () => {
  fc.assert(
    fc.property(
      fc.object({ key: fc.constantFrom("metrics", "params", "tags", "key", "value", "datasets", "dataset") }),
      (body) => {
        for (const parse of [parseBatch, parseMetric, parseDatasetInputs]) {
          try {
            parse(body);
          } catch (error) {
            expect(error).toBeInstanceOf(ProtocolError);
          }
        }
      },
    ),
  );
});
