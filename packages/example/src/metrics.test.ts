import fc from "fast-check";
import { expect, test } from "vitest";
import { accuracy, areaUnderCurve } from "./metrics.js";

/** The definition: how often a random positive outranks a random negative, ties counting half. */
function byPairs(scores: number[], labels: number[]): number {
  const of = (label: number): number[] => scores.filter((_, at) => labels[at] === label);
  let wins = 0;
  for (const high of of(1)) {
    for (const low of of(0)) wins += high > low ? 1 : high === low ? 0.5 : 0;
  }
  return wins / (of(1).length * of(0).length);
}

test("the area under the curve is the share of pairs in the right order", () => {
  const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 1 })), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(rows, (drawn) => {
      const all: [number, number][] = [...drawn, [3, 0], [5, 1]];
      const scores = all.map(([score]) => score);
      const labels = all.map(([, label]) => label);
      expect(areaUnderCurve(scores, labels)).toBeCloseTo(byPairs(scores, labels), 10);
    }),
  );
});

test("accuracy counts scores on the right side of one half", () => {
  expect(accuracy([0.9, 0.5, 0.1, 0.6], [1, 1, 0, 0])).toBe(0.75);
});
