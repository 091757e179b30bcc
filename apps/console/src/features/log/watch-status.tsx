import type { ReactNode } from "react";
import { Link } from "wouter";
import { routes } from "../../shared/routes.js";
import { count } from "../../shared/ui/format.js";
import { IconAlert, IconClock, IconShield } from "../../shared/ui/icons.js";
import { useWatch } from "./watch.js";
import styles from "./watch-status.module.css";

/** One line in the side bar: did this browser check the log, and what did it find? */
export function WatchStatus(): ReactNode {
  const { answer, fault, log } = useWatch();
  const size = log === undefined ? "Log" : `Log, ${count(log.size, "entry", "entries")}`;
  if (answer?.ok === false)
    return <Line tone="bad" title="Log does not check out" note="See the warning above" />;
  if (fault !== null) return <Line tone="wait" title={size} note="Could not be checked here" />;
  if (answer === undefined) return <Line tone="wait" title={size} note="Checking" />;
  return <Line tone="ok" title={size} note="Checked in this browser" />;
}

function Line({
  tone,
  title,
  note,
}: {
  tone: "ok" | "bad" | "wait";
  title: string;
  note: string;
}): ReactNode {
  const Icon = tone === "ok" ? IconShield : tone === "bad" ? IconAlert : IconClock;
  return (
    <Link href={routes.log} className={styles.line} data-tone={tone}>
      <Icon size={18} />
      <span>
        <strong>{title}</strong>
        <small>{note}</small>
      </span>
    </Link>
  );
}
