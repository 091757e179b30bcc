import { Progress as Bar, Button } from "@mantine/core";
import type { ReactNode } from "react";
import { bytes } from "../../shared/ui/format.js";
import { IconCheck } from "../../shared/ui/icons.js";
import styles from "./admit.module.css";
import type { Progress, Stage } from "./api/admit.js";

const STAGES: { stage: Stage; label: string; doing: string }[] = [
  { stage: "upload", label: "Upload", doing: "Uploading" },
  { stage: "hash", label: "Hash", doing: "Hashing every file" },
  { stage: "scan", label: "Scan", doing: "Reading every file without running it" },
  { stage: "record", label: "Record and decide", doing: "Signing, recording and asking the gate" },
];

const ORDER: Record<Stage, number> = { upload: 0, queue: 1, hash: 1, scan: 2, record: 3 };

const amount = ({ stage, done, total }: Progress): string => {
  if (total === 0) return "";
  return stage === "upload" || stage === "hash" ? `${bytes(done)} of ${bytes(total)}` : `${done} of ${total}`;
};

interface RunningProps {
  name: string;
  progress: Progress;
  onCancel(): void;
}

/** From bytes to verdict, one step at a time; told to screen readers once per step. */
export function Running({ name, progress, onCancel }: RunningProps): ReactNode {
  const at = ORDER[progress.stage];
  const share = progress.total === 0 ? 0 : Math.min(1, progress.done / progress.total);
  const doing = STAGES[at]?.doing ?? "";
  return (
    <div className={styles.running}>
      <div className={styles.doing}>
        <strong aria-live="polite">
          {doing}: {name}
        </strong>
        <span>{amount(progress)}</span>
      </div>
      <Bar value={((at + share) / STAGES.length) * 100} size="md" aria-label="Progress of the admission" />
      <ol className={styles.stages}>
        {STAGES.map(({ stage, label }, index) => (
          <li key={stage} data-state={index < at ? "done" : index === at ? "now" : "next"}>
            {index < at && <IconCheck size={14} />}
            {label}
          </li>
        ))}
      </ol>
      <div className={styles.submit}>
        <span className={styles.grow} />
        <Button size="xs" variant="default" onClick={onCancel}>
          Stop
        </Button>
      </div>
    </div>
  );
}
