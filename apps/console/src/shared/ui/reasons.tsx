import type { DecisionRecord } from "@countersign/api";
import type { ReactNode } from "react";
import { Command } from "./command.js";
import { Prose } from "./prose.js";
import styles from "./reasons.module.css";

interface ReasonsProps {
  decision: DecisionRecord;
  /** How many reasons to show; the rest is counted. */
  limit?: number;
}

/** A remedy that starts with our command can be copied and run; any other is a sentence. */
export const isCommand = (remedy: string): boolean => /^(countersign|npm|npx)\s/.test(remedy);

/** Why a decision is what it is, each reason with what to do about it. */
export function Reasons({ decision, limit = Number.POSITIVE_INFINITY }: ReasonsProps): ReactNode {
  const shown = decision.reasons.slice(0, limit);
  const more = decision.reasons.length - shown.length;
  return (
    <ul className={styles.reasons}>
      {shown.map(({ policy, reason, remedy }) => (
        <li key={`${policy} ${reason}`}>
          <p>
            <Prose>{reason}</Prose>
          </p>
          {remedy !== "" &&
            decision.outcome !== "allow" &&
            (isCommand(remedy) ? <Command>{remedy}</Command> : <p className={styles.todo}>{remedy}</p>)}
        </li>
      ))}
      {more > 0 && <li className={styles.todo}>and {more} more</li>}
    </ul>
  );
}
