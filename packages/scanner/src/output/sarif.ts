import { createHash } from "node:crypto";
import type { AcceptedFinding, FileReport, Finding, ScanReport } from "../core/report.js";
import { rulePageUrl } from "../references.js";
import { outcomeOf, placeInside } from "./finding.js";
import { describeRule, LEVEL } from "./sarif-rule.js";
import { relationshipsOf, taxonomiesOf } from "./taxonomies.js";
import { placeOf } from "./uri.js";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const HOME = "https://github.com/countersign/countersign";
const VERSION = "0.1.0";
const ROOT = "%SRCROOT%";
/** The descriptor of the one notification that there is. */
const INCOMPLETE = "file-incomplete";

/** The report as SARIF 2.1.0, as GitHub's code scanning and editors read it. */
export function toSarif(report: ScanReport): object {
  const used = [...new Set(report.files.flatMap(all).map(({ rule }) => rule))].sort();
  const taxonomies = taxonomiesOf(used);
  const rules = used.map((id) => {
    const relationships = relationshipsOf(id, taxonomies);
    return { ...describeRule(id), ...(relationships.length === 0 ? {} : { relationships }) };
  });
  return {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: { driver: driver(report, rules, taxonomies) },
        automationDetails: { id: "countersign-scan/" },
        invocations: [invocation(report)],
        originalUriBaseIds: { [ROOT]: { description: { text: "The directory that was scanned." } } },
        artifacts: report.files.map(artifact),
        results: report.files.flatMap((file, index) => results(file, index, used)),
        ...(taxonomies.length === 0 ? {} : { taxonomies }),
        columnKind: "utf16CodeUnits",
      },
    ],
  };
}

const all = ({ findings, accepted = [] }: FileReport): Finding[] => [...findings, ...accepted];

function driver(report: ScanReport, rules: object[], taxonomies: { name: string; guid: string }[]): object {
  return {
    name: report.scanner.name,
    organization: "Countersign",
    informationUri: HOME,
    semanticVersion: VERSION,
    properties: { rules: report.scanner.rules },
    rules,
    notifications: [
      {
        id: INCOMPLETE,
        name: "FileIncomplete",
        shortDescription: { text: "A file could not be read whole." },
        fullDescription: { text: "Nobody has seen what lies in the part that was not read." },
        help: { text: "See the rule of the result: it says what stopped the scan, and what to do." },
        helpUri: rulePageUrl("README"),
      },
    ],
    ...(taxonomies.length === 0
      ? {}
      : { supportedTaxonomies: taxonomies.map(({ name, guid }, index) => ({ name, guid, index })) }),
  };
}

/** A file that was not read whole is a fault of the run, besides being a result: nobody has seen what is there. */
function invocation({ files }: ScanReport): object {
  const unread = files.flatMap((file, index) =>
    file.findings
      .filter((finding) => outcomeOf(finding) === "incomplete")
      .map((finding) => ({ file, index, finding })),
  );
  return {
    executionSuccessful: unread.length === 0,
    toolExecutionNotifications: unread.map(({ file, index, finding }) => ({
      descriptor: { id: INCOMPLETE, index: 0 },
      associatedRule: { id: finding.rule },
      level: "error",
      message: { text: sentence(finding) },
      locations: [{ physicalLocation: { artifactLocation: locate(file, index) } }],
    })),
  };
}

function locate(file: FileReport, index: number): object {
  const { uri, relative } = placeOf(file.path);
  return { uri, ...(relative ? { uriBaseId: ROOT } : {}), index };
}

function artifact(file: FileReport, index: number): object {
  const { index: _, ...location } = locate(file, index) as { index: number };
  return {
    location,
    length: file.size,
    roles: ["analysisTarget"],
    ...(file.sha256 ? { hashes: { "sha-256": file.sha256 } } : {}),
    properties: { format: file.format, verdict: file.verdict },
  };
}

function results(file: FileReport, index: number, used: readonly string[]): object[] {
  const seen = new Map<string, number>();
  const accepted = new Set<Finding>(file.accepted);
  return all(file).map((finding) => ({
    ruleId: finding.rule,
    ruleIndex: used.indexOf(finding.rule),
    level: LEVEL[finding.severity],
    message: { text: sentence(finding) },
    locations: [location(file, index, finding)],
    partialFingerprints: fingerprints(finding, seen),
    ...(accepted.has(finding) ? { suppressions: [suppression(finding as AcceptedFinding)] } : {}),
    ...(finding.location.offset === undefined ? {} : { properties: { offset: finding.location.offset } }),
  }));
}

function sentence(finding: Finding): string {
  const place = placeInside(finding.location);
  const said = place === "" ? finding.message : `${finding.message} (${place})`;
  return [said, finding.consequence, finding.remedy]
    .filter((text) => text !== "")
    .map((text) => (/[.!?)]$/.test(text) ? text : `${text}.`))
    .join(" ");
}

/** GitHub shows no result without a line, so that a binary file has its first one beside the byte that is meant. */
function location(file: FileReport, index: number, { location: { member, offset } }: Finding): object {
  const binary =
    offset === undefined || member !== undefined || offset >= file.size
      ? {}
      : { byteOffset: offset, byteLength: 1 };
  const physicalLocation = { artifactLocation: locate(file, index), region: { startLine: 1, ...binary } };
  if (member === undefined) return { physicalLocation };
  const name = member.split(/[!/]/).at(-1) || member;
  return { physicalLocation, logicalLocations: [{ name, fullyQualifiedName: member, kind: "member" }] };
}

/**
 * What stays the same when a model is trained again: the rule, the member and what was said, numbered among equals. GitHub knows
 * only `primaryLocationLineHash`, and would otherwise make one alert of all findings of a rule in a binary file.
 */
function fingerprints(
  { rule, location: { member = "" }, message }: Finding,
  seen: Map<string, number>,
): object {
  const hash = createHash("sha256")
    .update(JSON.stringify([rule, member, message]))
    .digest("hex")
    .slice(0, 16);
  const occurrence = (seen.get(hash) ?? 0) + 1;
  seen.set(hash, occurrence);
  return { primaryLocationLineHash: `${hash}:${occurrence}` };
}

function suppression({ owner, reason, expires }: AcceptedFinding): object {
  return {
    kind: "external",
    status: "accepted",
    justification: reason,
    properties: { owner, expires: new Date(expires).toISOString() },
  };
}
