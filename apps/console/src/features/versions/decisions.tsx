import type { VersionDetail } from "@countersign/api";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { routes } from "../../shared/routes.js";
import { Command } from "../../shared/ui/command.js";
import { approveCommand, question, tellsHowToApprove } from "../../shared/ui/decisions.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import { Reasons } from "../../shared/ui/reasons.js";
import { Empty } from "../../shared/ui/state.js";
import { Time } from "../../shared/ui/time.js";
import { outcome } from "../../shared/ui/tone.js";
import styles from "./version.module.css";

type Decision = VersionDetail["decisions"][number];

/** The newest answer to each question, with its reasons and what to do. */
export function Decisions({ version }: { version: VersionDetail }): ReactNode {
  const decisions = version.decisions.toSorted((a, b) => b.index - a.index);
  if (decisions.length === 0) {
    return (
      <Panel title="Decisions" flush>
        <Empty title="No gate has decided yet">Ask one under “Environments”.</Empty>
      </Panel>
    );
  }
  return (
    <Panel title="Decisions" note="The newest answer of each gate." flush>
      <ul>
        {decisions.map((decision) => (
          <DecisionItem key={decision.id} decision={decision} />
        ))}
      </ul>
    </Panel>
  );
}

function DecisionItem({ decision }: { decision: Decision }): ReactNode {
  const said = outcome(decision.outcome);
  const tells = tellsHowToApprove(decision);
  return (
    <li className={styles.decision}>
      <div className={styles.head}>
        <Pill tone={said.tone}>{said.word}</Pill>
        <strong>{question(decision)}</strong>
        <span className={styles.grow} />
        <span className={styles.dim}>
          <Time at={decision.at} />
        </span>
        <Link href={routes.decision(decision.id)}>Proof</Link>
      </div>
      {decision.reasons.length === 0 ? (
        <p className={styles.dim}>Every rule is satisfied.</p>
      ) : (
        <Reasons decision={decision} />
      )}
      {decision.outcome === "pending" && (
        <p className={styles.dim}>
          Who may approve: {decision.approvers.join(", ") || "nobody that the trust root lists"}. Their key
          stays with them.
        </p>
      )}
      {decision.outcome === "pending" && !tells && <Command>{approveCommand(decision)}</Command>}
    </li>
  );
}
