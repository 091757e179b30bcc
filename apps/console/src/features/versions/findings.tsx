import type { VersionDetail } from "@countersign/api";
import type { ReactNode } from "react";
import { bytes, count } from "../../shared/ui/format.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import { Empty } from "../../shared/ui/state.js";
import { verdict } from "../../shared/ui/tone.js";
import { type Finding, FindingItem } from "./finding.js";
import styles from "./findings.module.css";

type Scan = NonNullable<VersionDetail["scan"]>;
type Report = Scan["files"][number];

const SEVERITIES = ["critical", "high", "medium", "low", "info"];
const VERDICTS = ["malicious", "incomplete", "suspicious", "clean"];

const worstFirst = (findings: readonly Finding[]): Finding[] =>
  findings.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));

const filesWorstFirst = (files: readonly Report[]): Report[] =>
  files.toSorted((a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict));

/** What the scanner saw, file by file: what would have happened on loading, where, and what to do. */
export function Findings({ version }: { version: VersionDetail }): ReactNode {
  const { scan } = version;
  if (scan === null) {
    return (
      <Panel title="Findings" flush>
        <Empty title="No scan is held for this version">Admit it again to have it scanned.</Empty>
      </Panel>
    );
  }
  const shown = filesWorstFirst(scan.files).filter(
    ({ findings, verdict: of }) => findings.length > 0 || of !== "clean",
  );
  const clean = scan.files.filter((file) => !shown.includes(file));
  return (
    <Panel
      title="Findings"
      note={`Read without running anything, by ${scan.scanner.name} with rules of ${scan.scanner.rules}.`}
      flush
    >
      {shown.length === 0 ? (
        <Empty title="Nothing was found">
          Every file was read whole, and nothing in it would run when it is loaded.
        </Empty>
      ) : (
        <>
          <p className={styles.summary}>{summary(scan)}</p>
          {shown.map((report) => (
            <FileFindings key={report.path} report={report} />
          ))}
          {clean.length > 0 && <Clean files={clean} />}
        </>
      )}
    </Panel>
  );
}

const SAID: Record<string, (files: string) => string> = {
  malicious: (files) => `${files} would do harm when loaded`,
  incomplete: (files) => `${files} could not be read whole`,
  suspicious: (files) => `${files} might run something nobody here knows`,
};

function summary({ files }: Scan): string {
  const parts = VERDICTS.flatMap((of) => {
    const number = files.filter((file) => file.verdict === of).length;
    return number === 0 || SAID[of] === undefined
      ? []
      : [SAID[of](`${number} of ${count(files.length, "file")}`)];
  });
  return parts.length === 0 ? "Every file is clean; there are remarks." : `${parts.join("; ")}.`;
}

function FileFindings({ report }: { report: Report }): ReactNode {
  const said = verdict(report.verdict);
  return (
    <section className={styles.file} aria-label={report.path}>
      <header className={styles.head}>
        <Pill tone={said.tone}>{said.word}</Pill>
        <h3>{report.path}</h3>
        <span className={styles.dim}>
          {report.format}, {bytes(report.size)}
        </span>
      </header>
      <ul>
        {worstFirst(report.findings).map((finding) => (
          <FindingItem
            key={`${finding.rule} ${finding.location.member ?? ""} ${finding.location.offset ?? ""} ${finding.message}`}
            file={report.path}
            finding={finding}
          />
        ))}
      </ul>
    </section>
  );
}

function Clean({ files }: { files: readonly Report[] }): ReactNode {
  const { tone, word } = verdict("clean");
  return (
    <div className={styles.clean}>
      <Pill tone={tone}>{word}</Pill>
      <span>
        {files.map(({ path }) => path).join(", ")}: read whole, and nothing in{" "}
        {files.length === 1 ? "it" : "them"} runs.
      </span>
    </div>
  );
}
