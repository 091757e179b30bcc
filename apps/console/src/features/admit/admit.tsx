import { type ReactNode, useState } from "react";
import { Notice } from "../../shared/ui/notice.js";
import { Panel } from "../../shared/ui/panel.js";
import { Failure } from "../../shared/ui/state.js";
import styles from "./admit.module.css";
import { useAdmit } from "./api/admit.js";
import { DropZone } from "./drop-zone.js";
import { useDropGuard, useLeaveGuard } from "./guard.js";
import type { Picked } from "./read-drop.js";
import { Result } from "./result.js";
import { Running } from "./running.js";
import { Staged } from "./staged.js";
import { UnderWay } from "./under-way.js";

/** The way in: pick, name, watch it become a verdict. */
export function Admit(): ReactNode {
  const [picked, setPicked] = useState<Picked>();
  const { run, progress, cancel } = useAdmit();
  useDropGuard();
  useLeaveGuard(run.isPending && progress.stage === "upload");
  const again = (): void => {
    setPicked(undefined);
    run.reset();
  };
  const stage = (): ReactNode => {
    if (run.data !== undefined) return <Result result={run.data} onAgain={again} />;
    if (run.isPending) return <Running name={run.variables.name} progress={progress} onCancel={cancel} />;
    if (picked !== undefined && picked.files.length > 0) {
      return <Staged key={picked.name} picked={picked} onAdmit={run.mutate} onCancel={again} />;
    }
    return <DropZone onPick={setPicked} />;
  };
  return (
    <Panel title="Admit a model">
      <div className={styles.admit}>
        {run.error !== null && <Failure error={run.error} />}
        {picked?.files.length === 0 && (
          <Notice tone="wait" title="Nothing to read in there" role="alert">
            The folder is empty, or holds version-control files only. Choose the folder that holds the model's
            files.
          </Notice>
        )}
        {stage()}
        {!run.isPending && <UnderWay />}
      </div>
    </Panel>
  );
}
