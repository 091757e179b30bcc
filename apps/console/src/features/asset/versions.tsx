import type { AssetDetail } from "@countersign/api";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { routes } from "../../shared/routes.js";
import { topic } from "../../shared/ui/decisions.js";
import { Digest } from "../../shared/ui/digest.js";
import { count } from "../../shared/ui/format.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import { Table } from "../../shared/ui/table.js";
import { Time } from "../../shared/ui/time.js";
import { outcome } from "../../shared/ui/tone.js";
import styles from "./asset.module.css";

export function Versions({ asset }: { asset: AssetDetail }): ReactNode {
  const more = asset.versions - asset.newest.length;
  return (
    <Panel
      title="Versions"
      note={
        more > 0
          ? `The newest ${asset.newest.length}; ${count(more, "older one")} in the lineage.`
          : undefined
      }
      flush
    >
      <Table caption="Versions of this asset" head={["Digest", "Newest decision", "Runs in", "Admitted", ""]}>
        {asset.newest.map((version) => {
          const decision = version.decisions.toSorted((a, b) => b.index - a.index)[0];
          const word = decision === undefined ? undefined : outcome(decision.outcome);
          return (
            <tr key={version.artifact}>
              <td>
                <Digest value={version.artifact} length={16} />
              </td>
              <td>
                {decision === undefined || word === undefined ? (
                  "–"
                ) : (
                  <span className={styles.decision}>
                    <Pill tone={word.tone}>{word.word}</Pill>
                    <Link href={routes.decision(decision.id)}>{topic(decision)}</Link>
                  </span>
                )}
              </td>
              <td>{version.environments.join(", ") || "–"}</td>
              <td>
                <Time at={version.at} />
              </td>
              <td>
                <span className={styles.decision}>
                  <Link href={routes.version(version.artifact)}>Open</Link>
                  <Link href={routes.lineageOf(version.artifact)}>Lineage</Link>
                </span>
              </td>
            </tr>
          );
        })}
      </Table>
    </Panel>
  );
}
