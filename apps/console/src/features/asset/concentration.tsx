import type { Concentration } from "@countersign/api";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useConcentration } from "../../shared/api/get-concentration.js";
import { routes } from "../../shared/routes.js";
import { count } from "../../shared/ui/format.js";
import { Page } from "../../shared/ui/page.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import { sanction } from "../../shared/ui/sanctions.js";
import { Empty, Loaded } from "../../shared/ui/state.js";
import { Table } from "../../shared/ui/table.js";
import styles from "./asset.module.css";

export function ConcentrationPage(): ReactNode {
  const concentration = useConcentration();
  return (
    <Page title="Supply" lead="Who everything rests on, and what would stand still if one of them were gone.">
      <Loaded of={concentration} rows={8}>
        {(data) => (
          <Panel
            title={`${count(data.suppliers.length, "supplier")} for ${count(data.assets, "asset")}`}
            note={`${count(data.unsupplied, "asset names", "assets name")} no supplier anywhere.`}
            flush
          >
            {data.suppliers.length === 0 ? (
              <Empty title="No document names a vendor yet">
                Say who supplies a model or a piece of hardware: <code>spec.vendor</code>.
              </Empty>
            ) : (
              <Suppliers of={data.suppliers} />
            )}
          </Panel>
        )}
      </Loaded>
    </Page>
  );
}

function Suppliers({ of }: { of: Concentration["suppliers"] }): ReactNode {
  return (
    <Table
      caption="Suppliers, most single-sourced first"
      head={["Vendor", "Country", "Sanctions", "Single source of", "Share of all assets"]}
    >
      {of.map((supplier) => {
        const state = sanction(supplier.sanctions);
        const share = Math.round(supplier.share * 100);
        return (
          <tr key={supplier.name}>
            <td>
              <span className={styles.decision}>
                <Link href={routes.asset("Vendor", supplier.name)}>{supplier.name}</Link>
                {!supplier.declared && <Pill tone="wait">Not declared</Pill>}
              </span>
            </td>
            <td>{supplier.country || "–"}</td>
            <td>
              <Pill tone={state.tone}>{state.word}</Pill>
            </td>
            <td>
              {supplier.single === 0 ? "Nothing" : <Pill tone="wait">{count(supplier.single, "asset")}</Pill>}
            </td>
            <td>
              <span className={styles.share}>
                <span className={styles.meter} aria-hidden="true">
                  <div style={{ width: `${share}%` }} />
                </span>
                {share} %, {count(supplier.dependants, "asset")}
              </span>
            </td>
          </tr>
        );
      })}
    </Table>
  );
}
