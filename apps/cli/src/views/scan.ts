import {
  decides,
  type FileReport,
  type Finding,
  type ModelFacts,
  type Verdict,
  worstFirst,
} from "@countersign/scanner";
import type { Session } from "../session.js";
import { counted, formatBytes } from "../terminal/progress.js";
import { type Safe, safe } from "../terminal/safe.js";
import { bold, dim, verdict } from "../terminal/style.js";
import { wrapped } from "../terminal/wrap.js";
import { drawModel } from "./model.js";
import { severityOf } from "./severity.js";

/** From worst to best. */
const ORDER: readonly Verdict[] = ["malicious", "incomplete", "suspicious", "clean"];
/** Places of one rule in one file that are named; the rest are counted. */
const PLACES = 5;
const INDENT = "    ";
const LABEL = "if loaded  ";

/** A report of this scanner, or one that a server keeps. */
interface Drawn {
  files: (Omit<FileReport, "size"> & { size?: number | undefined })[];
  verdict: Verdict;
  scanner: { name: string; rules: string };
  model?: ModelFacts | undefined;
}
type File = Drawn["files"][number];

/** A report for a person: one line where all is clean; else each file that is not, worst first, with what would have happened. */
export function drawScan(session: Session, report: Drawn): void {
  const { output } = session;
  const shown = report.files
    .filter(({ verdict: of, findings }) => of !== "clean" || findings.some(decides))
    .toSorted((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict));
  for (const file of shown) drawFile(session, file);
  drawModel(session, report.model);
  output.line(summary(report));
  const [worst] = worstFirst(shown[0]?.findings ?? []);
  if (worst !== undefined) output.note(safe`${dim("next:")} countersign rules ${worst.rule}`);
}

function drawFile(session: Session, file: File): void {
  const { output } = session;
  const about = [file.format, file.size === undefined ? "" : formatBytes(file.size)].filter(
    (part) => part !== "",
  );
  output.line(safe`${verdict(file.verdict)}  ${bold(file.path)}  ${dim(`(${about.join(", ")})`)}`);
  const byRule = new Map<string, Finding[]>();
  for (const finding of worstFirst(file.findings)) {
    byRule.set(finding.rule, [...(byRule.get(finding.rule) ?? []), finding]);
  }
  for (const findings of byRule.values()) drawRule(session, findings);
  output.line(safe``);
}

/** The findings of one rule in one file: what they say, once what happens and what to do. */
function drawRule(session: Session, findings: readonly Finding[]): void {
  const [first] = findings;
  if (first === undefined) return;
  const { output, io } = session;
  output.line(safe`  ${severityOf(first.severity)}  ${dim(first.rule)}`);
  for (const finding of findings.slice(0, PLACES)) {
    for (const line of wrapped(io, finding.message, INDENT)) output.line(safe`${INDENT}${line}`);
    const place = placeOf(finding);
    if (place !== "") for (const line of labelled(session, "at", place)) output.line(line);
  }
  const left = findings.length - PLACES;
  if (left > 0)
    output.line(safe`${INDENT}${dim(`and ${counted(left, "more like this", "more like this")}`)}`);
  if (!decides(first)) return;
  for (const line of labelled(session, "if loaded", first.consequence)) output.line(line);
  for (const line of labelled(session, "to do", first.remedy)) output.line(line);
}

function placeOf({ location: { member, offset } }: Finding): string {
  const parts = [...(member?.split("!") ?? []), ...(offset === undefined ? [] : [`byte ${offset}`])];
  return parts.join(" > ");
}

function labelled({ io }: Session, label: string, text: string | undefined): Safe[] {
  if (text === undefined || text === "") return [];
  const indent = INDENT + " ".repeat(LABEL.length);
  return wrapped(io, text, indent).map((line, at) =>
    at === 0 ? safe`${INDENT}${dim(label.padEnd(LABEL.length))}${line}` : safe`${indent}${line}`,
  );
}

function summary({ files, scanner, verdict: of }: Drawn): Safe {
  const counts = ORDER.map((one) => ({ one, count: files.filter((file) => file.verdict === one).length }))
    .filter(({ count }) => count > 0)
    .map(({ one, count }) => `${count} ${one}`);
  const accepted = files.reduce((sum, file) => sum + (file.accepted?.length ?? 0), 0);
  const notes = files.reduce(
    (sum, file) =>
      sum + (file.verdict === "clean" ? file.findings.filter((finding) => !decides(finding)).length : 0),
    0,
  );
  const said = [
    of === "clean"
      ? `${counted(files.length, "file")} read whole`
      : `${counted(files.length, "file")}: ${counts.join(", ")}`,
    ...(accepted > 0 ? [`${counted(accepted, "finding")} accepted`] : []),
    ...(notes > 0 ? [`${counted(notes, "note")} (--output json)`] : []),
  ];
  return safe`${verdict(of)}  ${said.join("; ")}  ${dim(`${scanner.name} rules ${scanner.rules}`)}`;
}
