import type { ReactNode } from "react";
import { IconAlert, IconCheck, IconInfo } from "./icons.js";
import styles from "./notice.module.css";
import type { Tone } from "./tone.js";

interface NoticeProps {
  tone: Tone;
  title: ReactNode;
  children?: ReactNode;
  /** "alert" interrupts a screen reader; use it for what must not be missed. */
  role?: "alert" | "status";
}

export function Notice({ tone, title, children, role }: NoticeProps): ReactNode {
  const Icon = tone === "ok" ? IconCheck : tone === "bad" || tone === "wait" ? IconAlert : IconInfo;
  return (
    <div className={styles.notice} data-tone={tone} role={role}>
      <Icon size={18} />
      <div>
        <strong>{title}</strong>
        {children !== undefined && <div className={styles.more}>{children}</div>}
      </div>
    </div>
  );
}
