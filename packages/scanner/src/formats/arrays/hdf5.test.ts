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

describe("a virtual dataset", () => {
  it("whose sources all lie in its own file is no more than a view", () => {
    for (const name of ["h5-virtual-own-0.h5", "h5-virtual-own-1.h5"])
      expect(scanBytes(sample(name), "m.h5"), name).toMatchObject({ verdict: "clean", findings: [] });
  });

  it("one source of which lies in another file reads that file", () => {
    expect(scanBytes(sample("h5-virtual-other.h5"), "m.h5").verdict).toBe("malicious");
    expect(rules(sample("h5-virtual-other.h5"), "m.h5")).toEqual(["hdf5-external"]);
  });

  it("is not believed when another object has the number of its list, or follows free space", () => {
    const data = sample("h5-virtual-own-1.h5");
    const heap = data.indexOf("GCOL");
    const size = 8 * Math.ceil(Number(data.readBigUInt64LE(heap + 24)) / 8);
    const free = heap + 32 + size;
    expect(data.readUInt16LE(free)).toBe(0);
    const second = Buffer.from(data);
    second.writeUInt16LE(1, free);
    second.writeBigUInt64LE(16n, free + 8);
    expect(rules(second, "m.h5")).toEqual(["hdf5-external"]);
    const less = Buffer.from(data);
    less.writeBigUInt64LE(32n, free + 8);
    expect(rules(less, "m.h5")).toEqual(["hdf5-external"]);
  });

  it("gets a report whatever its list says", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("h5-virtual-own-0.h5", "h5-virtual-own-1.h5"),
        fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        (name, changes) => {
          const damaged = sample(name);
          const heap = damaged.indexOf("GCOL");
          for (const [place, byte] of changes) damaged[heap + place] = byte;
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
