import type { ReactNode } from "react";
import { IconAlert, IconCheck, IconClock, IconCross, IconMinus } from "./icons.js";
import styles from "./pill.module.css";
import type { Tone } from "./tone.js";

const ICONS = { ok: IconCheck, bad: IconCross, wait: IconClock, info: IconAlert, quiet: IconMinus } as const;

interface PillProps {
  tone: Tone;
  children: ReactNode;
  large?: boolean;
}

export function Pill({ tone, children, large = false }: PillProps): ReactNode {
  const Icon = ICONS[tone];
  return (
    <span className={styles.pill} data-tone={tone} data-large={large || undefined}>
      <Icon size={large ? 16 : 13} />
      {children}
    </span>
  );
}
