import type { ScanReport } from "@countersign/scanner";
import { expect, it } from "vitest";
import { licenceWarnings } from "./licence.js";

const scan = (...licences: string[]): ScanReport => ({
  files: [],
  verdict: "clean",
  scanner: { name: "countersign", rules: "" },
  model: { licences: licences.map((licence) => ({ licence, source: "card", file: "README.md" })) },
});

it("says where the files contradict the declaration", () => {
  expect(licenceWarnings("MIT", scan("CC-BY-NC-4.0"))).toEqual([
    'The licence is declared as MIT, but "README.md" says CC-BY-NC-4.0.',
  ]);
});

it("keeps quiet where one agrees, or nobody says anything", () => {
  expect(licenceWarnings("MIT", scan("Apache-2.0", "mit"))).toEqual([]);
  expect(licenceWarnings("GPL-3.0-or-later", scan("GPL-3.0-only"))).toEqual([]);
  expect(licenceWarnings(undefined, scan("MIT"))).toEqual([]);
  expect(licenceWarnings("MIT", scan())).toEqual([]);
});
