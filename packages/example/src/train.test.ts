import { expect, test } from "vitest";
import { areaUnderCurve } from "./metrics.js";
import { predict } from "./network.js";
import { drawTable, FEATURES, featuresOf, toCsv } from "./table.js";
import { train } from "./train.js";

const table = drawTable(2_000, 1);

test("the table is complete and plausible", () => {
  const lines = toCsv(table).trimEnd().split("\n");
  expect(lines).toHaveLength(2_001);
  expect(new Set(lines.map((line) => line.split(",").length))).toEqual(new Set([12]));
  expect(featuresOf(table[0]!)).toHaveLength(FEATURES.length);
  const share = table.filter((row) => row.defaulted).length / table.length;
  expect(share).toBeGreaterThan(0.1);
  expect(share).toBeLessThan(0.35);
});

test.each([1, 2, 3])("training finds the relation in rows it never saw (seed %i)", (seed) => {
  const { metrics } = train(table, seed);
  expect(metrics.auc).toBeGreaterThan(0.7);
  expect(metrics.auc).toBeLessThan(0.95);
  expect(metrics.accuracy).toBeGreaterThan(1 - metrics.defaultRate);
});

test("labels drawn by lot teach nothing", () => {
  const lots = drawTable(2_000, 2);
  const lottery = table.map((row, at) => ({ ...row, defaulted: lots[at]?.defaulted ?? 0 }));
  expect(train(lottery, 1).metrics.auc).toBeLessThan(0.62);
});

test("more missed payments never lower the average risk", () => {
  const { network } = train(table, 2);
  const risk = (missedPayments: number): number => {
    const scores = table.map((row) => predict(network, featuresOf({ ...row, missedPayments })));
    return scores.reduce((total, score) => total + score, 0) / scores.length;
  };
  expect(risk(2)).toBeGreaterThan(risk(0));
  expect(risk(4)).toBeGreaterThan(risk(2));
});

test("the score says nothing about regions", () => {
  const { network } = train(table, 2);
  const scores = table.map((row) => predict(network, featuresOf(row)));
  const north = table.map((row) => (row.region === "north" ? 1 : 0));
  expect(Math.abs(areaUnderCurve(scores, north) - 0.5)).toBeLessThan(0.05);
});
