import type { ReactNode } from "react";
import { Panel } from "../../shared/ui/panel.js";
import { Empty } from "../../shared/ui/state.js";
import { Table } from "../../shared/ui/table.js";
import styles from "./runs.module.css";

interface PairsProps {
  title: string;
  none: string;
  rows: [string, string][];
}

export function Pairs({ title, none, rows }: PairsProps): ReactNode {
  return (
    <Panel title={title} flush>
      {rows.length === 0 ? (
        <Empty title={none} />
      ) : (
        <div className={styles.pairs}>
          <Table caption={title} head={["Name", "Value"]}>
            {rows.toSorted().map(([name, value]) => (
              <tr key={name}>
                <td>{name}</td>
                <td className={styles.value}>{value}</td>
              </tr>
            ))}
          </Table>
        </div>
      )}
    </Panel>
  );
}
