import type { ReactNode } from "react";
import styles from "./facts.module.css";

interface FactsProps {
  rows: [string, ReactNode][];
}

export function Facts({ rows }: FactsProps): ReactNode {
  return (
    <dl className={styles.facts}>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
