import fc from "fast-check";
import { expect, test } from "vitest";
import { ProtocolError } from "../error.js";
import { EXPERIMENT_GRAMMAR, RUN_GRAMMAR } from "./grammar.js";
import { parseOrder } from "./order.js";
import { type Comparison, parseFilter } from "./parse.js";

const run = (filter: string) => parseFilter(filter, RUN_GRAMMAR);

test.each<[string, Omit<Comparison, never>[]]>([
  ["", []],
  ["metrics.auc > 0.9", [{ entity: "metric", key: "auc", comparator: ">", value: 0.9 }]],
  ["metric.`val loss` <= -1e-3", [{ entity: "metric", key: "val loss", comparator: "<=", value: -0.001 }]],
  ['params."lr" = "0.1"', [{ entity: "parameter", key: "lr", comparator: "=", value: "0.1" }]],
  [
    "tags.mlflow.source.name != 'x'",
    [{ entity: "tag", key: "mlflow.source.name", comparator: "!=", value: "x" }],
  ],
  ["tag.`a.b/c` like '%it''s_%'", [{ entity: "tag", key: "a.b/c", comparator: "LIKE", value: "%it's_%" }]],
  ["run_name ILIKE 'A%'", [{ entity: "attribute", key: "run_name", comparator: "ILIKE", value: "A%" }]],
  ["attributes.`Run name` = 'a'", [{ entity: "attribute", key: "run_name", comparator: "=", value: "a" }]],
  ["created>=5", [{ entity: "attribute", key: "start_time", comparator: ">=", value: 5 }]],
  [
    "run_id NOT IN ('a', 'b')",
    [{ entity: "attribute", key: "run_id", comparator: "NOT IN", value: ["a", "b"] }],
  ],
  ["params.x IS NOT NULL", [{ entity: "parameter", key: "x", comparator: "IS NOT NULL", value: null }]],
  ["metrics.größe > 1", [{ entity: "metric", key: "größe", comparator: ">", value: 1 }]],
  ["params.模型 = 'a'", [{ entity: "parameter", key: "模型", comparator: "=", value: "a" }]],
  ["dataset.digest in ('d')", [{ entity: "dataset", key: "digest", comparator: "IN", value: ["d"] }]],
])("%s", (filter, expected) => {
  expect(run(filter)).toEqual(expected);
});

test("comparisons are joined by AND in any case", () => {
  const filter = "metrics.a > 1 AND params.b = 'and' and\n tags.c is null";
  expect(run(filter).map(({ key }) => key)).toEqual(["a", "b", "c"]);
});

test.each([
  "metrics.a > 'x'",
  "params.a = 3",
  "params.a > '3'",
  "metrics.a LIKE '1'",
  "metrics.a IS NULL",
  "status = 'a' OR status = 'b'",
  "status IN ('a')",
  "nothing = 'a'",
  "foo.bar = 'a'",
  "__proto__ = 'a'",
  "constructor.x = 'a'",
  "dataset.source = 'a'",
  "metrics.a >",
  "> 1",
  "metrics.a = 1;",
  "metrics.a = 1 -- x",
  "run_id IN ()",
  "run_id IN ('a'",
  "metrics.a = 1 and",
  "'a' = 'a'",
  "metrics.a = 1 metrics.b = 2",
])("refused: %s", (filter) => {
  expect(() => run(filter)).toThrow(ProtocolError);
});

test("experiments have no metrics", () => {
  expect(parseFilter("tags.a = 'b' and creation_time > 3", EXPERIMENT_GRAMMAR)).toHaveLength(2);
  expect(() => parseFilter("metrics.a = 1", EXPERIMENT_GRAMMAR)).toThrow(ProtocolError);
});

test("what nobody writes by hand is refused, before it costs anything", () => {
  expect(() => run(Array(101).fill("metrics.a = 1").join(" and "))).toThrow(/more than 100/);
  expect(() => run(" ".repeat(1_000_001))).toThrow(/longer/);
  const start = process.cpuUsage();
  expect(() => run(`${"`".repeat(50_001)}${"'".repeat(50_001)}`)).toThrow(ProtocolError);
  expect(process.cpuUsage(start).user / 1000).toBeLessThan(500);
});

const key = fc.stringMatching(/^[a-zA-Z0-9_. /-]{1,20}$/);
const comparison = fc.oneof(
  fc.record({
    entity: fc.constant("metric" as const),
    key,
    comparator: fc.constantFrom("=", "!=", ">", "<"),
    value: fc.double({ noNaN: true, noDefaultInfinity: true }),
  }),
  fc.record({
    entity: fc.constantFrom("tag" as const, "parameter" as const),
    key,
    comparator: fc.constantFrom("=", "!=", "LIKE", "ILIKE"),
    value: fc.string(),
  }),
  fc.record({
    entity: fc.constant("attribute" as const),
    key: fc.constant("run_id"),
    comparator: fc.constantFrom("IN", "NOT IN"),
    value: fc.array(fc.string(), { minLength: 1 }),
  }),
);

test("whatever is written as a filter is read as the same", () => {
  const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
  const written = (value: unknown) =>
    Array.isArray(value)
      ? `(${value.map(quoted).join(",")})`
      : typeof value === "number"
        ? String(value)
        : quoted(String(value));
  fc.assert(
    fc.property(fc.array(comparison, { maxLength: 5 }), (comparisons) => {
      const filter = comparisons
        .map((c) => `${c.entity}.\`${c.key}\` ${c.comparator} ${written(c.value)}`)
        .join(" AND ");
      expect(run(filter)).toEqual(comparisons.map((c) => ({ ...c, value: c.value === 0 ? 0 : c.value })));
    }),
  );
});

test("any text is read or refused, and never anything else", () => {
  const pieces = fc.constantFrom(
    "metrics",
    ".",
    "`",
    "'",
    '"',
    " and ",
    "=",
    "IN",
    "(",
    ")",
    "1e5",
    "tags.a",
    "\0",
    "é",
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(pieces).map((list) => list.join("")),
  );
  fc.assert(
    fc.property(text, (filter) => {
      try {
        run(filter);
        parseOrder([filter], RUN_GRAMMAR);
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
      }
    }),
    { numRuns: 2_000 },
  );
});

test("orders name a thing and a direction", () => {
  expect(parseOrder(["metrics.auc DESC", "start_time", "params.`a b` asc"], RUN_GRAMMAR)).toEqual([
    { entity: "metric", key: "auc", ascending: false },
    { entity: "attribute", key: "start_time", ascending: true },
    { entity: "parameter", key: "a b", ascending: true },
  ]);
  for (const bad of [
    ["metrics.a up"],
    ["metrics.a desc desc"],
    ["dataset.name"],
    ["tags.a", "tags.a desc"],
    [""],
  ]) {
    expect(() => parseOrder(bad, RUN_GRAMMAR)).toThrow(ProtocolError);
  }
});
