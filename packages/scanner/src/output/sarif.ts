import type { FileReport, Finding, ScanReport, Severity } from "../core/report.js";
import { RULES, type RuleId } from "../rules/rules.js";

const LEVEL: Record<Severity, "error" | "warning" | "note"> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "note",
  info: "note",
};

/** GitHub's scale for security findings. */
const SCORE: Record<Severity, string> = {
  critical: "9.8",
  high: "8.0",
  medium: "5.5",
  low: "2.0",
  info: "0.0",
};

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const HELP = "https://github.com/countersign/countersign/blob/main/docs/rules/";

/** The report as SARIF 2.1.0. */
export function toSarif(report: ScanReport): object {
  const used = [...new Set(report.files.flatMap(({ findings }) => findings.map(({ rule }) => rule)))].sort();
  return {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: report.scanner.name,
            semanticVersion: "0.1.0",
            properties: { rules: report.scanner.rules },
            rules: used.map(describe),
          },
        },
        artifacts: report.files.map(artifact),
        results: report.files.flatMap((file, index) =>
          file.findings.map((finding) => result(file, index, finding, used)),
        ),
        invocations: [{ executionSuccessful: report.files.every(({ verdict }) => verdict !== "incomplete") }],
        columnKind: "utf16CodeUnits",
      },
    ],
  };
}

function describe(id: string): object {
  const rule = RULES[id as RuleId];
  return {
    id,
    name: id.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase()),
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.consequence },
    help: { text: rule.remedy },
    helpUri: `${HELP}${id}.md`,
    defaultConfiguration: { level: LEVEL[rule.severity] },
    properties: { "security-severity": SCORE[rule.severity], tags: ["security", ...rule.references] },
  };
}

function artifact(file: FileReport): object {
  return {
    location: { uri: encodePath(file.path) },
    length: file.size,
    ...(file.sha256 ? { hashes: { "sha-256": file.sha256 } } : {}),
    properties: { format: file.format, verdict: file.verdict },
  };
}

function result(file: FileReport, index: number, finding: Finding, used: readonly string[]): object {
  const { member, offset } = finding.location;
  const physical = {
    artifactLocation: { uri: encodePath(file.path), index },
    ...(offset !== undefined && member === undefined
      ? { region: { byteOffset: offset, byteLength: 0 } }
      : {}),
  };
  return {
    ruleId: finding.rule,
    ruleIndex: used.indexOf(finding.rule),
    level: LEVEL[finding.severity],
    message: { text: finding.message },
    locations: [
      {
        physicalLocation: physical,
        ...(member === undefined
          ? {}
          : { logicalLocations: [{ fullyQualifiedName: member, kind: "member" }] }),
      },
    ],
    partialFingerprints: { "countersign/v1": `${finding.rule}:${file.sha256 || file.path}:${member ?? ""}` },
    ...(member !== undefined && offset !== undefined ? { properties: { offset } } : {}),
  };
}

function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
