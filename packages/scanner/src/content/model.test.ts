import { describe, expect, it } from "vitest";
import type { ScanReport } from "../core/report.js";
import { scanBytes } from "../core/scan-bytes.js";
import { bytes, u32, u64 } from "../testing/assemble.js";
import { licenceIdentifier } from "./licence/identifiers.js";
import { licenceOfText } from "./licence/texts.js";
import { describeModel } from "./model.js";

const CARD = (licence: string) =>
  `---\nlicense: ${licence}\ntags:\n- text-generation\n---\n# Model\n## Intended uses & limitations\n## Training data\n## Evaluation results\n`;
const MIT =
  'MIT License\n\nCopyright (c) 2024\n\nPermission is hereby granted, free of charge, to any person obtaining a copy\nof this software\n\nTHE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY';
const NC = "Creative Commons Attribution-NonCommercial 4.0 International Public License\n";

function scan(files: Record<string, string | Buffer>): ScanReport {
  const reports = Object.entries(files).map(([path, content]) => scanBytes(Buffer.from(content), path));
  return { files: reports, verdict: "clean", scanner: { name: "countersign", rules: "" } };
}
const rules = (report: ScanReport) =>
  report.files.flatMap(({ path, findings }) => findings.map(({ rule }) => `${path} ${rule}`));

describe("describeModel", () => {
  it("says on what licence all agree, and what the card has", () => {
    const report = describeModel(scan({ "README.md": CARD("mit"), LICENSE: MIT }));
    expect(report.model).toMatchObject({ licence: "MIT", card: { file: "README.md", missing: [] } });
    expect(rules(report)).toEqual([]);
  });
  it("notes where files disagree", () => {
    const report = describeModel(scan({ "README.md": CARD("mit"), LICENSE: NC }));
    expect(rules(report)).toEqual(["LICENSE licence-disagreement"]);
    expect(report).toMatchObject({ verdict: "clean", model: { licences: [{}, {}] } });
    expect(report.model).not.toHaveProperty("licence");
  });
  it.each([
    ["commercial", "suspicious"],
    ["internal", "suspicious"],
    ["research", "clean"],
  ] as const)("judges a non-commercial licence for %s use: %s", (use, verdict) => {
    expect(describeModel(scan({ "README.md": CARD("cc-by-nc-4.0") }), { use }).verdict).toBe(verdict);
    expect(describeModel(scan({ "README.md": CARD("llama3.1") }), { use }).verdict).toBe("clean");
  });
  it("says that none is named where a use was", () => {
    expect(describeModel(scan({ "a.json": "{}" }), { use: "commercial" }).model).toEqual({ licences: [] });
    expect(describeModel(scan({ "a.json": "{}" }))).not.toHaveProperty("model");
  });
  it("keeps quiet about licences of what lies below", () => {
    const report = describeModel(scan({ "README.md": CARD("mit"), "third_party/LICENSE": NC }), {
      use: "commercial",
    });
    expect(rules(report)).toEqual([]);
  });
  it("reads the licence that a GGUF file and a safetensors file name", () => {
    const key = (name: string, value: string) =>
      bytes(u64(name.length), name, u32(8), u64(value.length), value);
    const gguf = bytes("GGUF", u32(3), u64(0), u64(1), key("general.license", "apache-2.0"));
    const header = JSON.stringify({ __metadata__: { license: "cc-by-nc-4.0" } });
    const safetensors = bytes(u64(header.length), header);
    expect(describeModel(scan({ "a.gguf": gguf, "README.md": CARD("apache-2.0") })).model?.licence).toBe(
      "Apache-2.0",
    );
    expect(rules(describeModel(scan({ "a.safetensors": safetensors, "README.md": CARD("mit") })))).toEqual([
      "a.safetensors licence-disagreement",
    ]);
  });
  it("says what a card leaves out, and nothing of a text that is no card", () => {
    const report = scan({
      "README.md": "---\nlicense: mit\n---\n# Model\n",
      "sub/README.md": "# How to build\n",
    });
    expect(rules(report)).toEqual(["README.md model-card-incomplete"]);
    expect(report.files[0]?.findings[0]?.message).toContain(
      "limitations and risks, training data, evaluation",
    );
  });
});

describe("licenceIdentifier", () => {
  it.each([
    ["apache-2.0", "Apache-2.0"],
    ["MIT", "MIT"],
    ["cc-by-nc-sa-4.0", "CC-BY-NC-SA-4.0"],
    ["llama3.1", "LicenseRef-Llama-3.1"],
    ["openrail", "LicenseRef-OpenRAIL"],
    ["CDLA-Permissive-2.0", "CDLA-Permissive-2.0"],
    ["GPL-3.0-or-later", "GPL-3.0-or-later"],
    ["My Own Licence 1", "LicenseRef-my-own-licence-1"],
    ["other", undefined],
    ["", undefined],
  ])("%s is %s", (written, licence) => {
    expect(licenceIdentifier(written)).toBe(licence);
  });
});

describe("licenceOfText", () => {
  it.each([
    ["MIT", MIT],
    ["CC-BY-NC-4.0", NC],
    ["CC-BY-SA-4.0", "Creative Commons Attribution-ShareAlike 4.0 International Public License"],
    [
      "LicenseRef-Llama-3.1",
      "LLAMA 3.1 COMMUNITY LICENSE AGREEMENT\nLlama 3.1 Version Release Date: July 23, 2024",
    ],
    ["LicenseRef-Gemma", "Gemma Terms of Use\n\nLast modified: February 21, 2024"],
    ["LicenseRef-Mistral-Research", "# Mistral AI Research License\n\nIf You want to use a Mistral Model"],
    [undefined, "All rights reserved."],
  ])("finds %s", (licence, content) => {
    expect(licenceOfText(content)).toBe(licence);
  });
});
