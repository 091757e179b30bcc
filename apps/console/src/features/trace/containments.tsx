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

/** What a reader is about to lift: some, or everything because of the subject. */
interface Lifting {
  envelopes: string[];
  said: string;
}

/** What is or was contained, and the way back. */
export function Containments({ subject }: { subject: string }): ReactNode {
  const containments = useContainments(subject);
  const [lifting, setLifting] = useState<Lifting>();
  const [done, setDone] = useState(0);
  const lift = useLift(setDone);
  const open = (containments.data?.items ?? []).filter(({ liftedAt }) => liftedAt === null);
  const more = containments.data?.nextCursor !== null;
  const all = more ? "all containments" : count(open.length, "containment");
  if (subject !== "" && containments.data?.items.length === 0) return null;
  return (
    <Panel
      title={subject === "" ? "Contained now" : "Contained because of it"}
      note={
        more && containments.data !== undefined ? `The newest ${containments.data.items.length}.` : undefined
      }
      action={
        subject !== "" &&
        open.length > 1 && (
          <Button size="xs" variant="default" onClick={() => setLifting({ envelopes: [], said: all })}>
            {more ? "Lift all" : `Lift all ${open.length}`}
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
            <List
              items={items}
              onLift={({ envelope }) => setLifting({ envelopes: [envelope], said: "1 containment" })}
            />
          )
        }
      </Loaded>
      <Confirm
        title={`Lift ${lifting?.said ?? ""}?`}
        open={lifting !== undefined}
        onClose={() => setLifting(undefined)}
        pending={lift.isPending}
        error={lift.error}
        act="Lift"
        start=""
        onConfirm={(reason) => {
          setDone(0);
          lift.mutate(
            { envelopes: lifting?.envelopes ?? [], subject, reason },
            { onSuccess: () => setLifting(undefined) },
          );
        }}
      >
        <p>Gates decide again as if it had not been contained. That it was stays on the record.</p>
        {lift.isPending && done > 0 && <p role="status">{count(done, "containment")} lifted so far.</p>}
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
