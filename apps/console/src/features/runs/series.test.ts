import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { figure, positive, smooth, summaryOf } from "./series.js";

const values = fc.array(fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true })), { maxLength: 60 });

describe("a curve", () => {
  it("is left alone without smoothing, and never loses or gains a point", () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 0.999, noNaN: true }), (given, weight) => {
        const smoothed = smooth(given, weight);
        expect(smoothed.map((value) => value === null)).toEqual(given.map((value) => value === null));
        if (weight === 0) expect(smoothed).toEqual(given);
      }),
    );
  });

  it("stays between the least and the most of what it smooths", () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 0.999, noNaN: true }), (given, weight) => {
        const { least, most } = summaryOf({ name: "", x: [], y: given });
        for (const value of smooth(given, weight)) {
          if (value === null) continue;
          expect(value).toBeGreaterThanOrEqual((least ?? 0) - 1e-3);
          expect(value).toBeLessThanOrEqual((most ?? 0) + 1e-3);
        }
      }),
    );
  });

  it("starts at its first value however strongly it is smoothed", () => {
    expect(smooth([5, 5, 5], 0.99)).toEqual([5, 5, 5].map((value) => expect.closeTo(value)));
  });

  it("shows on a logarithmic axis what can be shown there", () => {
    expect(positive([1, 0, -2, null, 0.1])).toEqual([1, null, null, null, 0.1]);
  });

  it("says figures shortly, whatever they are", () => {
    expect([0, 0.123456, 1234567, 0.00001, Number.NaN, -Infinity, null].map(figure)).toEqual([
      "0",
      "0.12346",
      "1.235e+6",
      "1.000e-5",
      "NaN",
      "-Infinity",
      "–",
    ]);
  });
});
