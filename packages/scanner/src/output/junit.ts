import type { FileReport, ScanReport } from "../core/report.js";
import { decides, placeInside, worstFirst } from "./finding.js";

/** The report as JUnit XML, in the order of elements that strict readers want: a test case per file. */
export function toJunit(report: ScanReport): string {
  const failed = report.files.filter(
    ({ verdict }) => verdict === "malicious" || verdict === "suspicious",
  ).length;
  const errors = report.files.filter(({ verdict }) => verdict === "incomplete").length;
  const counts = `tests="${report.files.length}" failures="${failed}" errors="${errors}"`;
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name=${quoted(report.scanner.name)} ${counts} time="0">`,
    `<testsuite name=${quoted(`${report.scanner.name} scan`)} ${counts} skipped="0" time="0">`,
    `  <properties><property name="rules" value=${quoted(report.scanner.rules)}/></properties>`,
    ...report.files.map(testCase),
    "</testsuite>",
    "</testsuites>",
  ];
  return `${lines.join("\n")}\n`;
}

function testCase(file: FileReport): string {
  const open = `  <testcase classname=${quoted(`model.${file.format}`)} name=${quoted(file.path)} time="0"`;
  if (file.verdict === "clean") return `${open}/>`;
  const tag = file.verdict === "incomplete" ? "error" : "failure";
  const findings = worstFirst(file.findings.filter(decides));
  const [worst] = findings;
  const message = worst === undefined ? file.verdict : `${file.verdict}: ${worst.message}`;
  return `${open}>\n    <${tag} message=${quoted(message)} type=${quoted(worst?.rule ?? file.verdict)}>${escapeXml(findings.map(described).join("\n\n"))}</${tag}>\n  </testcase>`;
}

function described(finding: FileReport["findings"][number]): string {
  const place = placeInside(finding.location);
  return [
    `${finding.rule}: ${finding.message}${place === "" ? "" : ` (${place})`}`,
    `If loaded: ${finding.consequence}`,
    `What to do: ${finding.remedy}`,
  ].join("\n");
}

function quoted(text: string): string {
  return `"${escapeXml(text)
    .replaceAll('"', "&quot;")
    .replace(/[\t\n\r]/g, " ")}"`;
}

/** Characters that XML 1.0 does not have are replaced: file names may hold anything. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
