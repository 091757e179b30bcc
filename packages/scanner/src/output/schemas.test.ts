import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv, type ValidateFunction } from "ajv";
import formatsModule from "ajv-formats";
import { describe, expect, it } from "vitest";
import type { ScanReport } from "../core/report.js";
import { scanBytes } from "../core/scan-bytes.js";
import { unscanned } from "../path/unscanned.js";
import { PAYLOAD, zip } from "../testing/assemble.js";
import { applyBaseline } from "./baseline.js";
import { toCycloneDx } from "./cyclonedx.js";
import { toSarif } from "./sarif.js";

const shared = (path: string): string =>
  fileURLToPath(new URL(`../../../../../shared/data/${path}`, import.meta.url));
const require = createRequire(import.meta.url);
const CYCLONEDX = join(dirname(require.resolve("@cyclonedx/cyclonedx-library/package.json")), "res/schema");
/**
 * OASIS lets everybody use its schema and publishes it without a licence of its own (sarif-spec #583), and no package
 * that is kept up to date carries it: `SARIF_SCHEMA` names a copy. `conformance/scanner/check-sarif.mjs` needs none.
 */
const SARIF = process.env.SARIF_SCHEMA ?? shared("schemas/sarif/sarif-schema-2.1.0.json");
const CORPUS = shared("scanner/probes");
for (const path of [SARIF, CORPUS]) {
  if (!existsSync(path)) console.warn(`skipped what needs ${path.split("/").slice(-2).join("/")}`);
}

const BASE = "http://cyclonedx.org/schema/";

const json = (path: string): object => JSON.parse(readFileSync(path, "utf8")) as object;

/** The schema in `path`; it refers to `others` beside it by their names. */
function validator(path: string, others: string[] = []): ValidateFunction {
  // `strict` is about how a schema is written, not about what it says.
  const ajv = new Ajv({ strict: false, allErrors: true });
  formatsModule.default(ajv);
  for (const format of ["iri-reference", "idn-email"]) ajv.addFormat(format, true);
  for (const other of others) ajv.addSchema(json(join(dirname(path), other)), BASE + other);
  // The SARIF schema is of draft 04: ajv knows its `id` by another name, and it uses nothing else that has changed since.
  const { $schema: _, id: __, ...schema } = json(path) as { $schema?: string; id?: string };
  return ajv.compile(schema);
}

const bad = scanBytes(zip({ name: "m/data.pkl", data: PAYLOAD }), "a dir/<bad>\ud800 \u202e%.pt");
const nested = zip({ name: "inner.zip", data: zip({ name: "m/data.pkl", data: PAYLOAD }) });
const acceptances = bad.findings.map(({ rule, location }) => ({
  rule,
  sha256: bad.sha256,
  member: location.member ?? "",
  owner: "ada",
  reason: "a drill",
  expires: Date.UTC(2099, 0),
}));
const made: ScanReport = {
  files: [
    bad,
    scanBytes(nested, "s3://bucket/deep er/outer.zip"),
    scanBytes(PAYLOAD, "/models/model.pkl"),
    scanBytes(PAYLOAD.subarray(0, 9), "cut.pkl"),
    unscanned("away.pkl", "file-unreadable", "The file cannot be opened."),
    scanBytes(Buffer.from("hello"), "README.md"),
  ],
  verdict: "malicious",
  scanner: { name: "countersign", rules: "2026.11.21" },
};
const corpus = (): ScanReport => ({
  ...made,
  files: readdirSync(CORPUS, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => scanBytes(readFileSync(join(CORPUS, name)), name)),
});
const reports: [string, () => ScanReport][] = [
  ["made files", () => made],
  ["accepted findings", () => applyBaseline(made, { accepted: acceptances }, 0)],
  ["no files", () => ({ ...made, files: [], verdict: "clean" })],
  ...(existsSync(CORPUS) ? [["the shared probes", corpus] as [string, () => ScanReport]] : []),
];

function check(validate: ValidateFunction, document: object): void {
  validate(JSON.parse(JSON.stringify(document)));
  expect(validate.errors ?? []).toEqual([]);
}

describe("the CycloneDX 1.6 schema", () => {
  const others = ["spdx.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json"];
  const validate = validator(join(CYCLONEDX, "bom-1.6.SNAPSHOT.schema.json"), others);
  it.each(reports)("is satisfied with %s", (_, report) => check(validate, toCycloneDx(report())));
  it("refuses what it should", () => {
    const { components = [], ...bom } = toCycloneDx(made) as { components?: object[] };
    expect(validate(bom)).toBe(true);
    expect(validate({ ...bom, components: [...components, { type: "model" }] })).toBe(false);
    expect(validate({ ...bom, serialNumber: "1" })).toBe(false);
  });
});

describe.skipIf(!existsSync(SARIF))("the SARIF 2.1.0 schema", () => {
  const validate = existsSync(SARIF) ? validator(SARIF) : undefined;
  it.each(reports)("is satisfied with %s", (_, report) => {
    if (validate) check(validate, toSarif(report()));
  });
  it("refuses what it should", () => {
    expect(validate?.({ version: "2.1.0" })).toBe(false);
  });
});
