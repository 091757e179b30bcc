import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { routes } from "../../shared/routes.js";
import { Digest } from "../../shared/ui/digest.js";
import { count } from "../../shared/ui/format.js";
import { Page } from "../../shared/ui/page.js";
import { Panel } from "../../shared/ui/panel.js";
import { Empty, Loaded } from "../../shared/ui/state.js";
import { Table } from "../../shared/ui/table.js";
import { Time } from "../../shared/ui/time.js";
import { useEntries } from "./api/get-entries.js";
import { AuditPanel } from "./audit.js";
import { CheckpointPanel } from "./checkpoint-panel.js";
import styles from "./log.module.css";
import { OutcomeMark } from "./outcome.js";
import { PinPanel } from "./pin-panel.js";
import { useWatch } from "./watch.js";

const ROWS = 25;

export function LogPage(): ReactNode {
  return (
    <Page
      title="Log"
      lead="Everything that was stated or decided, in order, in an append-only log. Your browser checks it; you do not have to take our word."
    >
      <div className={styles.pair}>
        <CheckpointPanel />
        <PinPanel />
      </div>
      <EntriesPanel />
      <AuditPanel />
    </Page>
  );
}

function EntriesPanel(): ReactNode {
  const { log } = useWatch();
  const [skipped, setSkipped] = useState(0);
  const size = log?.size ?? 0;
  const to = Math.max(0, size - skipped);
  const from = Math.max(0, to - ROWS);
  const entries = useEntries(from, to);
  return (
    <Panel
      title="Entries"
      note="Newest first. An entry holds digests only, no names and no text, so that it never has to be erased."
      flush
    >
      {log !== undefined && size === 0 ? (
        <Empty title="Nothing is on the record yet">Admit a model and it will be.</Empty>
      ) : (
        <div className={styles.entries}>
          <Loaded of={entries} rows={8}>
            {({ items }) => (
              <Table
                caption="Log entries"
                head={["Entry", "Logged", "Statement", "Outcome", "Evidence", "Signed by key", ""]}
              >
                {items.toReversed().map(({ index, leaf }) => (
                  <tr key={index}>
                    <td>
                      <Link href={routes.entry(index)}>{index}</Link>
                    </td>
                    <td>
                      <Time at={leaf.at} />
                    </td>
                    <td>{leaf.predicate}</td>
                    <td>
                      <OutcomeMark outcome={leaf.outcome} />
                    </td>
                    <td>
                      <Digest value={leaf.envelope} what="evidence digest" />
                    </td>
                    <td>
                      <Digest value={leaf.signer} length={8} what="key id" />
                    </td>
                    <td>
                      <Link href={routes.entry(index)} aria-label={`Verify entry ${index} in this browser`}>
                        Verify
                      </Link>
                    </td>
                  </tr>
                ))}
              </Table>
            )}
          </Loaded>
        </div>
      )}
      <div className={styles.pager}>
        <Button
          size="xs"
          variant="default"
          disabled={skipped === 0}
          onClick={() => setSkipped(Math.max(0, skipped - ROWS))}
        >
          Newer
        </Button>
        <span>
          {size === 0 ? "No entries" : `${from} to ${to - 1} of ${count(size, "entry", "entries")}`}
        </span>
        <Button size="xs" variant="default" disabled={from === 0} onClick={() => setSkipped(skipped + ROWS)}>
          Older
        </Button>
      </div>
    </Panel>
  );
}
