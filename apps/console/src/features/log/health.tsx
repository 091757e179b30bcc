import type { ReactNode } from "react";
import { Link } from "wouter";
import { fromBase64, toHex } from "../../shared/proof/encoding.js";
import { routes } from "../../shared/routes.js";
import { Digest } from "../../shared/ui/digest.js";
import { count } from "../../shared/ui/format.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import styles from "./health.module.css";
import { useWatch } from "./watch.js";

/** How the record is doing, in one row. */
export function LogHealth(): ReactNode {
  const { log, answer, fault } = useWatch();
  const witnesses = log?.witnesses ?? [];
  const cosigned = witnesses.filter((witness) => witness.cosigned).length;
  return (
    <Panel title="The record" action={<Link href={routes.log}>Open the log</Link>}>
      <dl className={styles.row}>
        <div>
          <dt>Entries</dt>
          <dd className={styles.number}>{log?.size.toLocaleString("en-GB") ?? "–"}</dd>
        </div>
        <div>
          <dt>Tree head</dt>
          <dd>
            {answer?.ok ? (
              <Digest value={toHex(fromBase64(answer.checkpoint.root))} length={16} what="root hash" />
            ) : (
              "–"
            )}
          </dd>
        </div>
        <div>
          <dt>This browser</dt>
          <dd>
            {fault !== null ? (
              <Pill tone="wait">Could not check</Pill>
            ) : answer === undefined ? (
              <Pill tone="quiet">Checking</Pill>
            ) : answer.ok ? (
              <Pill tone="ok">Checked, nothing rewritten</Pill>
            ) : (
              <Pill tone="bad">Does not check out</Pill>
            )}
          </dd>
        </div>
        <div>
          <dt>Witness</dt>
          <dd>
            {witnesses.length === 0 ? (
              <Pill tone="quiet">None set</Pill>
            ) : (
              <Pill tone={cosigned === witnesses.length ? "ok" : "wait"}>
                {cosigned} of {count(witnesses.length, "witness", "witnesses")} cosigned
              </Pill>
            )}
          </dd>
        </div>
      </dl>
    </Panel>
  );
}
