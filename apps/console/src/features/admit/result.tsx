import type { AdmitResult } from "@countersign/api";
import { Button } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import { Link } from "wouter";
import { routes } from "../../shared/routes.js";
import { bytes, count } from "../../shared/ui/format.js";
import { Pill } from "../../shared/ui/pill.js";
import { Prose } from "../../shared/ui/prose.js";
import { Reasons } from "../../shared/ui/reasons.js";
import { outcome, verdict } from "../../shared/ui/tone.js";
import styles from "./admit.module.css";

interface ResultProps {
  result: AdmitResult;
  onAgain(): void;
}

const sentence = ({ decision, name }: AdmitResult): string =>
  decision.outcome === "allow"
    ? `${name} was admitted`
    : decision.outcome === "deny"
      ? `${name} was refused`
      : `${name} waits for approval`;

export function Result({ result, onAgain }: ResultProps): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const said = outcome(result.decision.outcome);
  const scanned = verdict(result.scan.verdict);
  const size = result.manifest.files.reduce((sum, file) => sum + file.size, 0);
  const worst = result.scan.files
    .flatMap(({ path, findings }) => findings.map((finding) => ({ path, ...finding })))
    .filter(({ message }) => !result.decision.reasons.some(({ reason }) => reason.includes(message)))
    .slice(0, 3);
  return (
    <div className={styles.result} data-tone={said.tone} data-testid="verdict">
      <div className={styles.outcome}>
        <Pill tone={said.tone} large>
          {said.word}
        </Pill>
        <h3 ref={heading} tabIndex={-1}>
          {sentence(result)}
        </h3>
      </div>
      <p className={styles.facts}>
        {count(result.manifest.files.length, "file")}, {bytes(size)} · scan:{" "}
        <strong>{scanned.word.toLowerCase()}</strong> ·{" "}
        {result.signed ? "signed by the author key" : "not signed"}
      </p>
      {worst.length > 0 && (
        <div className={styles.findings}>
          <h4>What loading it would have done</h4>
          <ul>
            {worst.map(({ path, rule, message }) => (
              <li key={`${path} ${rule} ${message}`}>
                <code>{path}</code>: <Prose>{message}</Prose>
              </li>
            ))}
          </ul>
        </div>
      )}
      <Reasons decision={result.decision} />
      <div className={styles.submit}>
        <Link href={routes.version(result.artifact)}>See the whole version</Link>
        <span className={styles.grow} />
        <Button size="xs" variant="default" onClick={onAgain}>
          Admit another
        </Button>
      </div>
    </div>
  );
}
