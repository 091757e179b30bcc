import type { AssetSupplier } from "@countersign/api";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { routes } from "../../shared/routes.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import { sanction } from "../../shared/ui/sanctions.js";
import { Table } from "../../shared/ui/table.js";

/** The vendors that it rests on, however far down. */
export function Suppliers({ suppliers }: { suppliers: AssetSupplier[] }): ReactNode {
  return (
    <Panel title="Suppliers" note="Vendors that it rests on, directly or through what it is made of." flush>
      <Table caption="Suppliers" head={["Vendor", "Country", "Sanctions", "Alternative"]}>
        {suppliers.map((supplier) => {
          const state = sanction(supplier.sanctions);
          return (
            <tr key={supplier.name}>
              <td>
                <Link href={routes.asset("Vendor", supplier.name)}>{supplier.name}</Link>
              </td>
              <td>{supplier.country || "–"}</td>
              <td>
                <Pill tone={state.tone}>{state.word}</Pill>
              </td>
              <td>
                {supplier.single ? <Pill tone="wait">None declared</Pill> : <Pill tone="ok">Declared</Pill>}
              </td>
            </tr>
          );
        })}
      </Table>
    </Panel>
  );
}
