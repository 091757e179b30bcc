import type { Containment } from "@countersign/api";
import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { routes } from "../../shared/routes.js";
import { count } from "../../shared/ui/format.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import { Empty, Loaded } from "../../shared/ui/state.js";
import { Table } from "../../shared/ui/table.js";
import { Time } from "../../shared/ui/time.js";
import { useContainments, useLift } from "./api/trace.js";
import { Confirm } from "./plan.js";

/** What is or was contained, and the way back. */
export function Containments({ subject }: { subject: string }): ReactNode {
  const containments = useContainments(subject);
  const [lifting, setLifting] = useState<Containment[]>([]);
  const lift = useLift();
  const open = (containments.data?.items ?? []).filter(({ liftedAt }) => liftedAt === null);
  if (subject !== "" && containments.data?.items.length === 0) return null;
  return (
    <Panel
      title={subject === "" ? "Contained now" : "Contained because of it"}
      action={
        open.length > 1 && (
          <Button size="xs" variant="default" onClick={() => setLifting(open)}>
            Lift all {open.length}
          </Button>
        )
      }
      flush
    >
      <Loaded of={containments} rows={3}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="Nothing is contained" />
          ) : (
            <List items={items} onLift={(one) => setLifting([one])} />
          )
        }
      </Loaded>
      <Confirm
        title={`Lift ${count(lifting.length, "containment")}?`}
        open={lifting.length > 0}
        onClose={() => setLifting([])}
        pending={lift.isPending}
        error={lift.error}
        act="Lift"
        start=""
        onConfirm={(reason) =>
          lift.mutate(
            { envelopes: lifting.map(({ envelope }) => envelope), reason },
            { onSuccess: () => setLifting([]) },
          )
        }
      >
        <p>Gates decide again as if it had not been contained. That it was stays on the record.</p>
      </Confirm>
    </Panel>
  );
}

function List({ items, onLift }: { items: Containment[]; onLift(one: Containment): void }): ReactNode {
  return (
    <Table caption="Containments" head={["Version", "Because of", "Reason", "By", "Since", "Standing", ""]}>
      {items.map((item) => (
        <tr key={item.envelope}>
          <td>
            <Link
              href={
                item.kind === "Dataset" ? routes.asset(item.kind, item.name) : routes.version(item.artifact)
              }
            >
              {item.name || item.artifact.slice(7, 19)}
            </Link>
          </td>
          <td>{item.causeLabel || "itself"}</td>
          <td>{item.reason}</td>
          <td>{item.principal}</td>
          <td>
            <Link href={routes.entry(item.index)}>
              <Time at={item.at} />
            </Link>
          </td>
          <td>
            {item.liftedAt === null ? (
              <Pill tone="bad">Contained</Pill>
            ) : (
              <Pill tone="quiet">
                Lifted <Time at={item.liftedAt} />
              </Pill>
            )}
          </td>
          <td>
            {item.liftedAt === null && (
              <Button size="compact-xs" variant="default" onClick={() => onLift(item)}>
                Lift
              </Button>
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
}
