import type { ReactNode } from "react";
import styles from "./command.module.css";
import { Copy } from "./copy.js";

interface CommandProps {
  children: string;
  label?: string;
}

/** A command that the reader can copy and run as it stands. */
export function Command({ children, label = "command" }: CommandProps): ReactNode {
  return (
    <span className={styles.command}>
      <code>{children}</code>
      <Copy value={children} what={label} />
    </span>
  );
}
