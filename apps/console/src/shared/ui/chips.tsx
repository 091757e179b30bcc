import type { ReactNode } from "react";
import styles from "./chips.module.css";

interface ChipsProps {
  of: Record<string, string>;
  /** How many to show; the rest is counted. */
  limit?: number;
  /** In one line, cut off where it ends. */
  line?: boolean;
}

/** Tags as `name value`, plain enough for a long table. */
export function Chips({ of, limit = Number.POSITIVE_INFINITY, line = false }: ChipsProps): ReactNode {
  const tags = Object.entries(of);
  if (tags.length === 0) return <span className={styles.more}>–</span>;
  return (
    <span className={styles.chips} data-line={line || undefined}>
      {tags.slice(0, limit).map(([name, value]) => (
        <span key={name} className={styles.chip} title={`${name}: ${value}`}>
          <span>{name}</span> {value}
        </span>
      ))}
      {tags.length > limit && <span className={styles.more}>+{tags.length - limit}</span>}
    </span>
  );
}
