import type { MetricCurve } from "@countersign/api";
import { describe, expect, it } from "vitest";
import { seriesOf } from "./curves.js";

const curve: MetricCurve = {
  run: "r",
  key: "loss",
  total: 5,
  points: [
    { step: 0, timestamp: 1000, value: 1 },
    { step: 1, timestamp: 3000, value: "NaN" },
    { step: 2, timestamp: 2000, value: 0.5 },
    { step: 2, timestamp: 4000, value: 0.4 },
    { step: 3, timestamp: 5000, value: "Infinity" },
  ],
};

describe("a curve from what was logged", () => {
  it("goes by step, keeps the last of several, and leaves a gap for what is no number", () => {
    expect(seriesOf("run", curve, "step")).toEqual({
      name: "run",
      x: [0, 1, 2, 3],
      y: [1, null, 0.4, null],
      strange: 2,
    });
  });

  it("goes by seconds since its own start, whatever the order and the clocks", () => {
    expect(seriesOf("run", curve, "time")).toMatchObject({
      x: [0, 1, 2, 3, 4],
      y: [1, 0.5, null, 0.4, null],
    });
  });

  it("is empty when nothing was logged", () => {
    expect(seriesOf("run", { ...curve, points: [] }, "time")).toMatchObject({ x: [], y: [], strange: 0 });
  });
});
