import type { ReactNode } from "react";
import styles from "./folded.module.css";

const DIGEST = /(sha256:[0-9a-f]{10})([0-9a-f]{48})(?=[0-9a-f]{6}\b)/;

/** Long digests show their ends only; the middle stays in the text, so that selecting it copies the whole. */
export function Folded({ children }: { children: string }): ReactNode {
  return children.split(DIGEST).map((part, at) =>
    at % 3 === 2 ? (
      <span key={part} className={styles.middle} title={`…${part}…`}>
        {part}
      </span>
    ) : (
      part
    ),
  );
}
