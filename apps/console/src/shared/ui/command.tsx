import type { ReactNode } from "react";
import styles from "./command.module.css";
import { Copy } from "./copy.js";
import { Folded } from "./folded.js";

interface CommandProps {
  children: string;
  label?: string;
}

/** A command that the reader can copy and run as it stands. */
export function Command({ children, label = "command" }: CommandProps): ReactNode {
  return (
    <span className={styles.command}>
      <code>
        <Folded>{children}</Folded>
      </code>
      <Copy value={children} what={label} />
    </span>
  );
}
