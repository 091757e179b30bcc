import { ApiError, type DatasetDetail } from "@countersign/api";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { routes } from "../../shared/routes.js";
import { Digest } from "../../shared/ui/digest.js";
import { bytes } from "../../shared/ui/format.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import { Empty, Loaded } from "../../shared/ui/state.js";
import { Table } from "../../shared/ui/table.js";
import { Time } from "../../shared/ui/time.js";
import { Accesses, deed } from "./accesses.js";
import { useDataset } from "./api/get-dataset.js";
import styles from "./asset.module.css";
import { Profile } from "./profile.js";

/** What is in a dataset, which versions of it there are, and who read or changed it. */
export function Dataset({ name }: { name: string }): ReactNode {
  const dataset = useDataset(name);
  if (dataset.error instanceof ApiError && dataset.error.status === 404) {
    return (
      <Panel title="Data" flush>
        <Empty title="No version of it was admitted">
          Admit its files, and schema, statistics and readers show here.
        </Empty>
      </Panel>
    );
  }
  return (
    <Loaded of={dataset} rows={6}>
      {(data) => <Admitted dataset={data} />}
    </Loaded>
  );
}

function Admitted({ dataset }: { dataset: DatasetDetail }): ReactNode {
  const [chosen, setChosen] = useState(dataset.current ?? dataset.versions[0]?.artifact ?? "");
  return (
    <div className={styles.stack}>
      <DataVersions dataset={dataset} chosen={chosen} onChoose={setChosen} />
      {chosen !== "" && <Profile key={chosen} name={dataset.name} digest={chosen} />}
      <Accesses of={dataset.accesses} />
    </div>
  );
}

type Version = DatasetDetail["versions"][number];

const standing = ({ contained, removed, current }: Version): ReactNode => {
  if (contained) return <Pill tone="bad">Contained</Pill>;
  if (removed !== null) return <Pill tone="quiet">{removed === "subject" ? "Rows deleted" : "Expired"}</Pill>;
  return current ? <Pill tone="ok">Current</Pill> : <Pill tone="quiet">Earlier</Pill>;
};

interface DataVersionsProps {
  dataset: DatasetDetail;
  chosen: string;
  onChoose(digest: string): void;
}

function DataVersions({ dataset, chosen, onChoose }: DataVersionsProps): ReactNode {
  return (
    <Panel
      title="Versions"
      note={
        dataset.train.versions === "current"
          ? "Only the current one may be trained with."
          : "Any version that is known here may be trained with."
      }
      flush
    >
      <Table
        caption="Versions of the data"
        head={["Digest", "Standing", "How", "Rows", "Size", "By", "When", ""]}
      >
        {dataset.versions.map((version) => (
          <tr key={version.artifact} aria-current={version.artifact === chosen || undefined}>
            <td>
              <Digest value={version.artifact} />
            </td>
            <td>{standing(version)}</td>
            <td>{deed(version.cause)}</td>
            <td>{version.rows?.toLocaleString("en-GB") ?? "–"}</td>
            <td>{bytes(version.bytes)}</td>
            <td>{version.principal}</td>
            <td>
              <Time at={version.at} />
            </td>
            <td>
              <span className={styles.decision}>
                {version.artifact !== chosen && (
                  <button type="button" className={styles.plain} onClick={() => onChoose(version.artifact)}>
                    Show
                  </button>
                )}
                <Link href={routes.traceOf(version.artifact)}>What did it reach?</Link>
              </span>
            </td>
          </tr>
        ))}
      </Table>
    </Panel>
  );
}
