import type { AssetDetail } from "@countersign/api";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { routes } from "../../shared/routes.js";
import { Changes } from "../../shared/ui/changes.js";
import { count } from "../../shared/ui/format.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import { Empty } from "../../shared/ui/state.js";
import { Time } from "../../shared/ui/time.js";
import { status, type Tone } from "../../shared/ui/tone.js";
import styles from "./asset.module.css";

const ACTIONS: Record<string, { tone: Tone; word: string }> = {
  created: { tone: "ok", word: "Declared" },
  updated: { tone: "info", word: "Changed" },
  deleted: { tone: "bad", word: "Taken out" },
};

const FEW = 6;

/** Every change of the document, as the log has it. */
export function History({ asset }: { asset: AssetDetail }): ReactNode {
  return (
    <Panel title="History" note="Every change is a signed entry of the log." flush>
      {asset.history.length === 0 ? (
        <Empty title="No document was ever applied">Declare it: apply a document of this name.</Empty>
      ) : (
        <ol>
          {asset.history.map((entry) => {
            const action = ACTIONS[entry.action];
            return (
              <li key={entry.index} className={styles.event}>
                <div className={styles.eventhead}>
                  <Pill tone={action?.tone ?? "quiet"}>{action?.word ?? entry.action}</Pill>
                  <span className={styles.dim}>
                    <Link href={routes.entry(entry.index)}>Entry {entry.index}</Link> by{" "}
                    {entry.principal || "an unlisted key"} · <Time at={entry.at} />
                  </span>
                  {entry.status !== "held" && entry.status !== "superseded" && (
                    <Pill tone={status(entry.status).tone}>{status(entry.status).word}</Pill>
                  )}
                </div>
                {entry.changes.length > 0 && (
                  <details open={entry.action === "updated" && entry.changes.length < FEW}>
                    <summary>{count(entry.changes.length, "change")}</summary>
                    <Changes of={entry.changes} />
                  </details>
                )}
              </li>
            );
          })}
        </ol>
      )}
    </Panel>
  );
}
