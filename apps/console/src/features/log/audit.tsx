import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { count } from "../../shared/ui/format.js";
import { Notice } from "../../shared/ui/notice.js";
import { Panel } from "../../shared/ui/panel.js";
import { Failure } from "../../shared/ui/state.js";
import { Table } from "../../shared/ui/table.js";
import { useAudit } from "./api/run-audit.js";
import styles from "./log.module.css";

export function AuditPanel(): ReactNode {
  const audit = useAudit();
  return (
    <Panel
      title="Audit"
      note="The server compares log, evidence, database and witness, and names what was touched."
      action={
        <Button size="xs" variant="default" loading={audit.isPending} onClick={() => audit.mutate()}>
          Run audit
        </Button>
      }
    >
      <div className={styles.audit} aria-live="polite">
        {audit.error !== null && <Failure error={audit.error} />}
        {audit.data?.problems.length === 0 && (
          <Notice tone="ok" title="Everything agrees">
            {count(audit.data.entriesChecked, "entry", "entries")} and{" "}
            {count(audit.data.objectsChecked, "piece")} of evidence checked.
          </Notice>
        )}
        {audit.data !== undefined && audit.data.problems.length > 0 && (
          <Table caption="What the audit found" head={["What", "Where", "Why it matters"]}>
            {audit.data.problems.map(({ code, where, reason }) => (
              <tr key={`${code} ${where}`}>
                <td>{code}</td>
                <td>{where}</td>
                <td>{reason}</td>
              </tr>
            ))}
          </Table>
        )}
        {audit.isIdle && <p className={styles.dim}>Not run in this visit.</p>}
      </div>
    </Panel>
  );
}
