import type { FileReport, ScanReport } from "../core/report.js";

/** The report as JUnit XML: a test case per file, a failure per finding that decides. */
export function toJunit(report: ScanReport): string {
  const failed = report.files.filter(
    ({ verdict }) => verdict === "malicious" || verdict === "suspicious",
  ).length;
  const errors = report.files.filter(({ verdict }) => verdict === "incomplete").length;
  const cases = report.files.map(testCase).join("\n");
  const counts = `tests="${report.files.length}" failures="${failed}" errors="${errors}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${counts}>\n<testsuite name="countersign scan" ${counts}>\n${cases}\n</testsuite>\n</testsuites>\n`;
}

function testCase(file: FileReport): string {
  const open = `  <testcase classname=${quoted(file.format)} name=${quoted(file.path)}`;
  if (file.verdict === "clean") return `${open}/>`;
  const tag = file.verdict === "incomplete" ? "error" : "failure";
  const text = file.findings
    .filter(({ severity }) => severity !== "info" && severity !== "low")
    .map(({ rule, message, location, remedy }) => `${rule}: ${message}${at(location)} ${remedy}`)
    .join("\n");
  return `${open}>\n    <${tag} message=${quoted(file.verdict)} type=${quoted(file.findings[0]?.rule ?? file.verdict)}>${escapeXml(text)}</${tag}>\n  </testcase>`;
}

function at({ member, offset }: FileReport["findings"][number]["location"]): string {
  const place = [member, offset === undefined ? undefined : `byte ${offset}`].filter(Boolean).join(", ");
  return place ? ` (${place})` : "";
}

function quoted(text: string): string {
  return `"${escapeXml(text).replaceAll('"', "&quot;").replaceAll("\n", " ")}"`;
}

/** Characters that XML 1.0 does not have are replaced: file names may hold anything. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
