import type { ReactNode } from "react";
import { Copy } from "./copy.js";
import styles from "./digest.module.css";

interface DigestProps {
  value: string;
  /** Characters of the hex to show; the whole is in the title and in the copy. */
  length?: number;
  what?: string;
}

const short = (value: string, length: number): string => {
  const hex = value.replace(/^sha256:/, "");
  return hex.length <= length ? hex : `${hex.slice(0, length)}…`;
};

export function Digest({ value, length = 12, what = "digest" }: DigestProps): ReactNode {
  if (value === "") return <span className={styles.digest}>–</span>;
  return (
    <span className={styles.digest}>
      <code title={value}>{short(value, length)}</code>
      <Copy value={value} what={what} />
    </span>
  );
}
