import { Progress } from "@mantine/core";
import type { ReactNode } from "react";
import styles from "./admit.module.css";
import { useRunningJobs } from "./api/get-jobs.js";

const DOING: Record<string, string> = { hash: "hashing", scan: "scanning", record: "recording" };

/** Admissions that somebody else started, or that this page forgot when it was left. */
export function UnderWay(): ReactNode {
  const jobs = useRunningJobs();
  if (jobs.data === undefined || jobs.data.length === 0) return null;
  return (
    <ul className={styles.underway} aria-label="Admissions under way">
      {jobs.data.map(({ id, title, progress: { step, done, total } }) => (
        <li key={id}>
          <span>
            <strong>{title}</strong> {DOING[step] ?? "waiting"}
          </span>
          <Progress
            value={total === 0 ? 0 : (done / total) * 100}
            size="sm"
            aria-label={`Progress of ${title}`}
          />
        </li>
      ))}
    </ul>
  );
}
