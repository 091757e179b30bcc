import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scanBytes } from "../../core/scan-bytes.js";
import { sample } from "../../testing/samples.js";

function rules(data: Uint8Array, name: string): string[] {
  return scanBytes(data, name).findings.map(({ rule }) => rule);
}

describe("groups of many links", () => {
  it("hide no dataset whose values lie in another file", () => {
    const report = scanBytes(sample("h5-dense-external.h5"), "m.h5");
    expect(report.verdict).toBe("malicious");
    expect(report.findings.map(({ rule }) => rule)).toEqual(["hdf5-external"]);
    expect(report.findings[0]?.message).toContain("/etc/passwd");
  });

  it("hide no link to another file, however long its name is", () => {
    const report = scanBytes(sample("h5-dense-link.h5"), "m.h5");
    expect(report.verdict).toBe("malicious");
    expect(report.findings[0]?.message).toContain("../@b (1)/g\u00e9heim.h5");
  });

  it("get a report whatever their heap says", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("h5-dense-external.h5", "h5-dense-link.h5"),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 12 }),
        (name, changes) => {
          const damaged = sample(name);
          for (const [place, byte] of changes) damaged[place % damaged.length] = byte;
          expect(rules(damaged, "m.h5")).not.toContain("parser-failed");
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("the numbers of datasets", () => {
  it("are looked at where they are weights", () => {
    const data = sample("nan.weights.h5");
    expect(rules(data, "model.weights.h5")).toEqual(["weights-broken"]);
    // Measurements honestly lack numbers.
    expect(scanBytes(data, "temperature.h5")).toMatchObject({ verdict: "clean", findings: [] });
  });

  it("of a TFLite model are looked at too", () => {
    const { verdict, findings } = scanBytes(sample("nan.tflite"), "m.tflite");
    expect(verdict).toBe("clean");
    expect(findings.map(({ rule }) => rule)).toEqual(["weights-not-finite"]);
    expect(findings[0]?.message).toContain("arith.constant");
  });
});
