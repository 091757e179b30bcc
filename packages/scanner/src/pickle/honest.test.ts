import { describe, expect, it } from "vitest";
import { scanBytes } from "../core/scan-bytes.js";
import { sample } from "../testing/samples.js";

function rules(name: string): string[] {
  return scanBytes(sample(name), name).findings.map(({ rule }) => rule);
}

describe("files that real libraries wrote", () => {
  for (const name of [
    "keras3-dense.pkl",
    "sklearn-1.7-boosting.pkl",
    "torch-2.15-dataloader.pkl",
    "h5-userblock.h5",
  ]) {
    it(`${name} is clean`, () => expect(rules(name)).toEqual([]));
  }

  it("a pickled Keras model is looked into", () => {
    expect(scanBytes(sample("keras3-lambda.pkl"), "model.pkl").verdict).toBe("malicious");
    expect(rules("keras3-lambda.pkl")).toContain("keras-lambda");
  });
});
