import { describe, expect, it } from "vitest";
import type { ScanReport } from "../core/report.js";
import { scanBytes } from "../core/scan-bytes.js";
import { PAYLOAD, zip } from "../testing/assemble.js";
import { toCycloneDx } from "./cyclonedx.js";
import { toJunit } from "./junit.js";
import { toSarif } from "./sarif.js";

const bad = scanBytes(zip({ name: "m/data.pkl", data: PAYLOAD }), "a dir/<bad>.pt");
const report: ScanReport = {
  files: [bad, scanBytes(Buffer.from("hello"), "README.md")],
  verdict: "malicious",
  scanner: { name: "countersign", rules: "1" },
};

interface Sarif {
  version: string;
  runs: {
    tool: { driver: { rules: { id: string }[] } };
    artifacts: { location: { uri: string }; hashes?: Record<string, string> }[];
    results: {
      ruleId: string;
      ruleIndex: number;
      level: string;
      locations: {
        physicalLocation: { artifactLocation: { uri: string; index: number } };
        logicalLocations?: object[];
      }[];
    }[];
  }[];
}

describe("sarif", () => {
  const { version, runs } = toSarif(report) as Sarif;
  const [run] = runs;
  it("is SARIF 2.1.0 with one run", () => {
    expect(version).toBe("2.1.0");
    expect(runs).toHaveLength(1);
  });
  it("points each result at its rule, file and member", () => {
    for (const result of run?.results ?? []) {
      expect(run?.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
      expect(["error", "warning", "note"]).toContain(result.level);
      const location = result.locations[0]?.physicalLocation.artifactLocation;
      expect(run?.artifacts[location?.index ?? -1]?.location.uri).toBe(location?.uri);
      expect(location?.uri).toBe("a%20dir/%3Cbad%3E.pt");
    }
    expect(run?.results[0]?.locations[0]?.logicalLocations).toEqual([
      { name: "data.pkl", fullyQualifiedName: "m/data.pkl", kind: "member" },
    ]);
  });
});

describe("junit", () => {
  it("has a case per file and escapes names", () => {
    const xml = toJunit(report);
    expect(xml).toContain('tests="2" failures="1" errors="0"');
    expect(xml).toContain("a dir/&lt;bad&gt;.pt");
    expect(toJunit({ ...report, files: [{ ...bad, path: "x\0]]>" }] })).not.toMatch(/\0|]]>/);
  });
});

describe("cyclonedx", () => {
  it("ties findings to components", () => {
    const bom = toCycloneDx(report) as {
      components: { "bom-ref": string }[];
      vulnerabilities: { affects: { ref: string }[] }[];
    };
    expect(bom.components.map((component) => component["bom-ref"])).toEqual(["file-0", "file-1"]);
    expect(bom.vulnerabilities[0]?.affects).toEqual([{ ref: "file-0" }]);
  });
});
