import type { AssetDetail, AssetReference } from "@countersign/api";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { KindIcon } from "../../shared/graph/icon.js";
import { routes } from "../../shared/routes.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import { Empty } from "../../shared/ui/state.js";
import { Table } from "../../shared/ui/table.js";
import styles from "./asset.module.css";
import { said } from "./relations.js";

/** What this document names, and what names it; what leads nowhere comes first. */
export function References({ asset }: { asset: AssetDetail }): ReactNode {
  return (
    <div className={styles.pair}>
      <Side
        title="What it names"
        of={asset.references.out}
        way="out"
        none="Its document names no other asset."
      />
      <Side title="What names it" of={asset.references.in} way="in" none="No document names it." />
    </div>
  );
}

interface SideProps {
  title: string;
  of: AssetReference[];
  way: "out" | "in";
  none: string;
}

function Side({ title, of, way, none }: SideProps): ReactNode {
  const sorted = of.toSorted((a, b) => Number(a.known) - Number(b.known));
  return (
    <Panel title={title} flush>
      {of.length === 0 ? (
        <Empty title={none} />
      ) : (
        <Table caption={title} head={["How", "Asset", ""]}>
          {sorted.map((reference) => (
            <tr key={`${reference.relation} ${reference.kind} ${reference.name}`}>
              <td>{said(reference, way)}</td>
              <td>
                <span className={styles.kind}>
                  <KindIcon kind={reference.kind} />
                  <Link href={routes.asset(reference.kind, reference.name)}>{reference.name}</Link>
                  <small className={styles.dim}>{reference.kind}</small>
                </span>
              </td>
              <td>{!reference.known && <Pill tone="wait">Leads nowhere</Pill>}</td>
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  );
}
