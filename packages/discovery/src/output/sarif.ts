import type { Compared, Comparison, Missing } from "../compare.js";
import type { Note } from "../finding.js";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/** As many results as GitHub takes. */
const MAX_RESULTS = 25_000;

const RULES = [
  {
    id: "shadow-asset",
    name: "ShadowAsset",
    shortDescription: { text: "Used here, declared nowhere" },
    fullDescription: {
      text: "A model, dataset, endpoint, service, image or prompt is in use and the inventory does not know it.",
    },
    help: { text: "Declare it (countersign apply -f FILE), or stop using it." },
    defaultConfiguration: { level: "warning" },
  },
  {
    id: "missing-asset",
    name: "MissingAsset",
    shortDescription: { text: "Declared, and not found" },
    fullDescription: { text: "The inventory declares an asset that is not in use where it was looked for." },
    help: { text: "Look in more places, or retire it (spec.lifecycle: retired)." },
    defaultConfiguration: { level: "note" },
  },
] as const;

/** A comparison as SARIF 2.1.0. What is declared is no result. */
export function toSarif({ findings, missing }: Comparison, notes: readonly Note[]): object {
  const shadow = findings.filter(({ status }) => status === "shadow");
  return {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "countersign discover", semanticVersion: "0.1.0", rules: RULES } },
        results: [...shadow.map(shadowResult), ...missing.map(missingResult)].slice(0, MAX_RESULTS),
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: notes
              .slice(0, 1_000)
              .map(({ file, reason }) => ({ level: "note", message: { text: `${file}: ${reason}` } })),
          },
        ],
        columnKind: "utf16CodeUnits",
      },
    ],
  };
}

function shadowResult({ kind, name, provider, confidence, evidence }: Compared): object {
  return {
    ruleId: "shadow-asset",
    ruleIndex: 0,
    level: "warning",
    message: { text: `${kind} ${name} (${provider}) is in use and not declared.` },
    locations: evidence.slice(0, 10).map(({ file, line, snippet }) => ({
      physicalLocation: {
        artifactLocation: { uri: file.split("/").map(encodeURIComponent).join("/") },
        ...(line === undefined
          ? {}
          : {
              region: { startLine: line, ...(snippet === undefined ? {} : { snippet: { text: snippet } }) },
            }),
      },
    })),
    partialFingerprints: { "countersign/v1": `${kind}:${name}` },
    properties: { kind, name, provider, confidence },
  };
}

const missingResult = ({ kind, name }: Missing): object => ({
  ruleId: "missing-asset",
  ruleIndex: 1,
  level: "note",
  message: { text: `${kind} ${name} is declared and was not found.` },
  partialFingerprints: { "countersign/v1": `missing:${kind}:${name}` },
  properties: { kind, name },
});
