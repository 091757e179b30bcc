import type { CheatResult } from "@countersign/api";
import type { ReactNode } from "react";
import { topic } from "../../shared/ui/decisions.js";
import { Folded } from "../../shared/ui/folded.js";
import { Notice } from "../../shared/ui/notice.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import { Prose } from "../../shared/ui/prose.js";
import { outcome, type Tone } from "../../shared/ui/tone.js";
import styles from "./cheat.module.css";

const after = (result: CheatResult): { tone: Tone; word: string } =>
  result.after.outcome === "fault" ? { tone: "bad", word: "Stopped" } : outcome(result.after.outcome);

/** Before, what was touched, after: the attempt told as a story. */
export function Outcome({ result }: { result: CheatResult }): ReactNode {
  const was = outcome(result.before.outcome);
  const is = after(result);
  return (
    <Panel title={result.title}>
      <div className={styles.story} data-testid="cheat-result">
        <ol className={styles.acts}>
          <li className={styles.act}>
            <h3>Before</h3>
            <p className={styles.dim}>
              {result.before.name}, {topic(result.before).toLowerCase()}
            </p>
            <Pill tone={was.tone} large>
              {was.word}
            </Pill>
            <p>
              <Prose>{result.before.reasons[0]?.reason ?? "Every rule is satisfied."}</Prose>
            </p>
          </li>
          <li className={styles.act}>
            <h3>What was done to the copy</h3>
            <ol className={styles.deeds}>
              {result.steps.map((step) => (
                <li key={step}>
                  <Folded>{step}</Folded>
                </li>
              ))}
            </ol>
          </li>
          <li className={styles.act}>
            <h3>After</h3>
            <p className={styles.dim}>the same question, asked again</p>
            <Pill tone={is.tone} large>
              {is.word}
            </Pill>
            <p>
              <Prose>{result.after.reason}</Prose>
            </p>
            <code className={styles.dim}>{result.after.code}</code>
          </li>
        </ol>
        <Notice
          tone={result.held ? "ok" : "bad"}
          title={result.held ? "Cheating did not pay" : "This trick worked"}
        >
          {result.held
            ? "What was touched no longer agrees with the signed log, and a gate that doubts its evidence refuses."
            : "That must never happen. Please report it with the steps above."}
        </Notice>
        {result.audit.length > 0 && (
          <div className={styles.noticed}>
            <h3>Who noticed</h3>
            <p className={styles.dim}>“countersign log audit” on the copy names what was touched:</p>
            <ul>
              {result.audit.map(({ code, where, reason }) => (
                <li key={`${code} ${where}`}>
                  <code>
                    <Folded>{where}</Folded>
                  </code>
                  <span>{reason}</span>
                </li>
              ))}
            </ul>
          </div>
        )}
      </div>
    </Panel>
  );
}
