import type { DatasetColumn, DatasetTable } from "@countersign/api";
import type { ReactNode } from "react";
import { count } from "../../shared/ui/format.js";
import { Notice } from "../../shared/ui/notice.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import { Loaded } from "../../shared/ui/state.js";
import { Table } from "../../shared/ui/table.js";
import { useDatasetVersion } from "./api/get-dataset.js";
import styles from "./asset.module.css";

interface ProfileProps {
  name: string;
  digest: string;
}

/** Schema and statistics as they were read when the version was admitted. */
export function Profile({ name, digest }: ProfileProps): ReactNode {
  const version = useDatasetVersion(name, digest);
  return (
    <Loaded of={version} rows={5}>
      {({ profile, manifest }) =>
        profile === null || profile.tables.length === 0 ? (
          <Panel title="Columns">
            <p className={styles.dim}>
              {count(manifest.files.length, "file")}, none of which was read as a table.
            </p>
          </Panel>
        ) : (
          profile.tables.map((table) => <Columns key={table.name} table={table} />)
        )
      }
    </Loaded>
  );
}

function Columns({ table }: { table: DatasetTable }): ReactNode {
  return (
    <Panel
      title={table.name}
      note={`${count(table.rows, "row")}, ${count(table.columns.length, "column")}, ${table.format}`}
      flush
    >
      {table.problems.map((problem) => (
        <Notice key={problem} tone="wait" title={problem} />
      ))}
      <Table caption={`Columns of ${table.name}`} head={["Column", "Type", "Empty", "Different", "Values"]}>
        {table.columns.map((column) => (
          <tr key={column.name}>
            <td>
              <span className={styles.decision}>
                <strong>{column.name}</strong>
                {column.personal === true && <Pill tone="info">May be about a person</Pill>}
              </span>
            </td>
            <td>
              <code>{column.type}</code>
            </td>
            <td>{share(column.nulls, table.rows)}</td>
            <td>
              {column.distinct === undefined ? "–" : `about ${column.distinct.toLocaleString("en-GB")}`}
            </td>
            <td>
              <Values of={column} />
            </td>
          </tr>
        ))}
      </Table>
    </Panel>
  );
}

const share = (nulls: number, rows: number): string =>
  nulls === 0 ? "–" : `${nulls.toLocaleString("en-GB")} (${Math.ceil((100 * nulls) / Math.max(1, rows))} %)`;

function Values({ of }: { of: DatasetColumn }): ReactNode {
  const { min, max, mean, top = [], nonFinite = 0, personal } = of;
  if (personal === true) return <span className={styles.dim}>not shown</span>;
  const range = min === undefined || max === undefined ? "" : `${min} to ${max}`;
  const middle = mean === undefined ? "" : `mean ${Number(mean.toPrecision(4))}`;
  const often = top
    .slice(0, 3)
    .map(({ value, count: times }) => `${value} (${times.toLocaleString("en-GB")})`)
    .join(", ");
  const strange = nonFinite === 0 ? "" : count(nonFinite, "value is no number", "values are no numbers");
  return [range, middle, often, strange].filter((part) => part !== "").join("; ") || "–";
}
