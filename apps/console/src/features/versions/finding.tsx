import type { VersionDetail } from "@countersign/api";
import { referenceUrl, rulePageUrl } from "@countersign/scanner/references";
import type { ReactNode } from "react";
import { Command } from "../../shared/ui/command.js";
import { Pill } from "../../shared/ui/pill.js";
import { Prose } from "../../shared/ui/prose.js";
import { isCommand } from "../../shared/ui/reasons.js";
import { severity } from "../../shared/ui/tone.js";
import styles from "./findings.module.css";
import { Nest } from "./nest.js";

export type Finding = NonNullable<VersionDetail["scan"]>["files"][number]["findings"][number];

/** One finding: what it is, what it would have done, where it lies, what to do, and where to read more. */
export function FindingItem({ file, finding }: { file: string; finding: Finding }): ReactNode {
  const { tone, word } = severity(finding.severity);
  return (
    <li className={styles.finding} data-tone={tone}>
      <p className={styles.what}>
        <Pill tone={tone}>{word}</Pill>
        <strong>
          <Prose>{finding.message}</Prose>
        </strong>
      </p>
      <dl>
        {finding.consequence !== "" && <Row term="If it were loaded">{finding.consequence}</Row>}
        {finding.remedy !== "" && (
          <Row term="What to do">
            {isCommand(finding.remedy) ? <Command>{finding.remedy}</Command> : finding.remedy}
          </Row>
        )}
        <Row term="Where">
          <Nest file={file} location={finding.location} />
        </Row>
        <Row term="Read more">
          <ul className={styles.links}>
            <li>
              <Outside href={rulePageUrl(finding.rule)}>the rule {finding.rule}</Outside>
            </li>
            {finding.references.map((reference) => (
              <li key={reference}>
                <Reference text={reference} />
              </li>
            ))}
          </ul>
        </Row>
      </dl>
    </li>
  );
}

function Row({ term, children }: { term: string; children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Reference({ text }: { text: string }): ReactNode {
  const url = referenceUrl(text);
  return url === undefined ? text : <Outside href={url}>{text.replace(/^https:\/\//, "")}</Outside>;
}

function Outside({ href, children }: { href: string; children: ReactNode }): ReactNode {
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}
