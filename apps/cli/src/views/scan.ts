import type { ScanReport } from "@countersign/api";
import type { Session } from "../session.js";
import { counted, formatBytes } from "../terminal/progress.js";
import { safe } from "../terminal/safe.js";
import { bold, dim, verdict } from "../terminal/style.js";
import { writeTable } from "../terminal/table.js";

/** A report for a person: one line a file, then what was found, each with what to do. */
export function drawScan(session: Session, report: ScanReport): void {
  const { output, io } = session;
  const rows = report.files.map((file) => [
    verdict(file.verdict),
    file.format,
    file.size === undefined ? "" : formatBytes(file.size),
    file.path,
  ]);
  writeTable(io, ["verdict", "format", "size", "file"], rows);
  for (const file of report.files) {
    for (const finding of file.findings) {
      const { member, offset } = finding.location as { member?: string; offset?: number };
      const where = [file.path, member, offset === undefined ? undefined : `byte ${offset}`].filter(
        (part) => part,
      );
      output.line(safe`\n${bold(finding.severity)} ${finding.message} ${dim(`(${finding.rule})`)}`);
      output.line(safe`  at   ${where.join(" > ")}`);
      if (finding.remedy) output.line(safe`  ${bold("fix:")} ${finding.remedy}`);
    }
  }
  output.line(
    safe`\n${verdict(report.verdict)}  ${counted(report.files.length, "file")} read by ${report.scanner.name} ${report.scanner.rules}`,
  );
}
