import type { RunSummary } from "@countersign/api";
import { describe, expect, it } from "vitest";
import { choicesOf, firstOf, sayValue } from "./columns.js";

const run = (metrics: string[], parameters: string[]): RunSummary =>
  ({
    metrics: Object.fromEntries(metrics.map((key) => [key, { value: 1, step: 0, timestamp: 0 }])),
    parameters: Object.fromEntries(parameters.map((key) => [key, "x"])),
  }) as unknown as RunSummary;

describe("columns of the runs table", () => {
  it("offers what the runs have, the most common first", () => {
    const choices = choicesOf([run(["auc", "loss"], ["depth"]), run(["auc"], ["depth", "a.b"])]);
    expect(choices).toEqual(["metrics.auc", "params.depth", "metrics.loss", "params.a.b"]);
  });

  it("starts with a few of each", () => {
    const choices = choicesOf([run(["a", "b", "c", "d"], ["e", "f", "g", "h"])]);
    expect(firstOf(choices)).toEqual([
      "metrics.a",
      "metrics.b",
      "metrics.c",
      "params.e",
      "params.f",
      "params.g",
    ]);
  });

  it("says what is no number in words", () => {
    expect([sayValue("NaN"), sayValue("-Infinity"), sayValue(0.5), sayValue(undefined)]).toEqual([
      "NaN",
      "-Infinity",
      "0.5",
      "–",
    ]);
  });
});
