import type { ReactNode } from "react";
import { Link } from "wouter";
import { useConcentration } from "../../shared/api/get-concentration.js";
import { routes } from "../../shared/routes.js";
import { Facts } from "../../shared/ui/facts.js";
import { count } from "../../shared/ui/format.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import { sanction } from "../../shared/ui/sanctions.js";
import { Loaded } from "../../shared/ui/state.js";
import styles from "./asset.module.css";

/** How much rests on this vendor, and what would stand still without it. */
export function VendorPanel({ name }: { name: string }): ReactNode {
  const concentration = useConcentration();
  return (
    <Panel title="What rests on this vendor" action={<Link href={routes.concentration}>All suppliers</Link>}>
      <Loaded of={concentration} rows={4}>
        {({ suppliers, assets }) => {
          const own = suppliers.find((supplier) => supplier.name === name);
          if (own === undefined) return <p className={styles.dim}>Nothing names it as a supplier.</p>;
          const state = sanction(own.sanctions);
          return (
            <Facts
              rows={[
                [
                  "Rests on it",
                  `${count(own.dependants, "asset")} of ${assets.toLocaleString("en-GB")} (${Math.round(own.share * 100)} %), ${own.direct} directly`,
                ],
                [
                  "Single source",
                  <span key="single" className={styles.decision}>
                    <Pill tone={own.single > 0 ? "wait" : "ok"}>
                      {own.single > 0 ? `${count(own.single, "asset")} without an alternative` : "Never"}
                    </Pill>
                  </span>,
                ],
                [
                  "Would stop",
                  own.examples.length === 0 ? (
                    "–"
                  ) : (
                    <span key="examples" className={styles.decision}>
                      {own.examples.slice(0, 8).map((example) => {
                        const [kind = "", ...rest] = example.split(":");
                        return (
                          <Link key={example} href={routes.asset(kind, rest.join(":"))}>
                            {rest.join(":")}
                          </Link>
                        );
                      })}
                    </span>
                  ),
                ],
                [
                  "Sanctions",
                  <Pill key="sanctions" tone={state.tone}>
                    {state.word}
                  </Pill>,
                ],
                ["Country", own.country || "–"],
              ]}
            />
          );
        }}
      </Loaded>
    </Panel>
  );
}
