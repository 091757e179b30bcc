import type { VersionDetail } from "@countersign/api";
import type { ReactNode } from "react";
import { Command } from "../../shared/ui/command.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import { Prose } from "../../shared/ui/prose.js";
import { isCommand } from "../../shared/ui/reasons.js";
import { Empty } from "../../shared/ui/state.js";
import { severity } from "../../shared/ui/tone.js";
import styles from "./version.module.css";

type Report = NonNullable<VersionDetail["scan"]>["files"][number];
type Finding = Report["findings"][number];

const RANK = ["critical", "high", "medium", "low", "info"];

const where = (report: Report, { location }: Finding): string => {
  const member = location.member === undefined ? "" : ` › ${location.member}`;
  const offset = location.offset === undefined ? "" : `, byte ${location.offset.toLocaleString("en-GB")}`;
  return `${report.path}${member}${offset}`;
};

/** What the scanner saw: what would have happened on loading, and how to fix it. */
export function Findings({ version }: { version: VersionDetail }): ReactNode {
  const { scan } = version;
  if (scan === null) {
    return (
      <Panel title="Findings" flush>
        <Empty title="No scan is held for this version">Admit it again to have it scanned.</Empty>
      </Panel>
    );
  }
  const found = scan.files
    .flatMap((report) => report.findings.map((finding) => ({ report, finding })))
    .toSorted((a, b) => RANK.indexOf(a.finding.severity) - RANK.indexOf(b.finding.severity));
  return (
    <Panel
      title="Findings"
      note={`Read without running anything, by ${scan.scanner.name} with rules of ${scan.scanner.rules}.`}
      flush
    >
      {found.length === 0 ? (
        <Empty title="Nothing was found">
          Every file was read whole, and nothing in it would run when it is loaded.
        </Empty>
      ) : (
        <ul>
          {found.map(({ report, finding }) => (
            <FindingItem
              key={`${report.path} ${finding.rule} ${finding.message} ${finding.location.offset ?? ""}`}
              report={report}
              finding={finding}
            />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function FindingItem({ report, finding }: { report: Report; finding: Finding }): ReactNode {
  const said = severity(finding.severity);
  // A scan that somebody else recorded may leave them out.
  const references: readonly string[] = finding.references ?? [];
  return (
    <li className={styles.finding}>
      <div className={styles.head}>
        <Pill tone={said.tone}>{said.word}</Pill>
        <code>{finding.rule}</code>
      </div>
      <dl>
        <div>
          <dt>If it were loaded</dt>
          <dd>
            <Prose>{finding.message}</Prose>
          </dd>
        </div>
        <div>
          <dt>Where</dt>
          <dd>
            <code>{where(report, finding)}</code>
          </dd>
        </div>
        {finding.remedy !== "" && (
          <div>
            <dt>How to fix it</dt>
            <dd>{isCommand(finding.remedy) ? <Command>{finding.remedy}</Command> : finding.remedy}</dd>
          </div>
        )}
        {references.length > 0 && (
          <div>
            <dt>Read more</dt>
            <dd>
              {references.map((reference) => (
                <Reference key={reference} text={reference} />
              ))}
            </dd>
          </div>
        )}
      </dl>
    </li>
  );
}

function Reference({ text }: { text: string }): ReactNode {
  const style = { marginRight: 12 };
  if (!/^https?:\/\//.test(text)) return <span style={style}>{text}</span>;
  return (
    <a href={text} target="_blank" rel="noreferrer" style={style}>
      {text.replace(/^https?:\/\//, "")}
    </a>
  );
}
