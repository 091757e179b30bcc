import type { LogEntryDetail } from "@countersign/api";
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { envelopeIn, statementIn } from "../../shared/proof/envelope.js";
import { routes } from "../../shared/routes.js";
import { Digest } from "../../shared/ui/digest.js";
import { Facts } from "../../shared/ui/facts.js";
import { IconDownload } from "../../shared/ui/icons.js";
import { Page } from "../../shared/ui/page.js";
import { Panel } from "../../shared/ui/panel.js";
import { save } from "../../shared/ui/save.js";
import { Empty, Loaded } from "../../shared/ui/state.js";
import { Time } from "../../shared/ui/time.js";
import { useEntry } from "./api/get-entry.js";
import styles from "./log.module.css";
import { OutcomeMark } from "./outcome.js";
import { VerifyPanel } from "./verify-panel.js";

export function EntryPage({ index }: { index: number }): ReactNode {
  const entry = useEntry(index);
  return (
    <Page
      title={`Entry ${index}`}
      lead={<Link href={routes.log}>Back to the log</Link>}
      action={
        entry.data && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconDownload size={14} />}
            onClick={() => save(`entry-${index}.tlog-proof`, entry.data.receipt)}
          >
            Receipt
          </Button>
        )
      }
    >
      <Loaded of={entry} rows={8}>
        {(data) => (
          <>
            <VerifyPanel entry={data} />
            <div className={styles.pair}>
              <LeafPanel entry={data} />
              <EvidencePanel entry={data} />
            </div>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function LeafPanel({ entry }: { entry: LogEntryDetail }): ReactNode {
  const { leaf } = entry;
  return (
    <Panel title="What the entry says" note="These fields are what the log hashes.">
      <Facts
        rows={[
          ["Statement", leaf.predicate],
          ["Outcome", <OutcomeMark key="outcome" outcome={leaf.outcome} />],
          ["Logged", <Time key="at" at={leaf.at} />],
          ["Evidence", <Digest key="envelope" value={leaf.envelope} length={24} what="evidence digest" />],
          ["Signed by key", <Digest key="signer" value={leaf.signer} length={24} what="key id" />],
          [
            "About",
            <span key="subjects" className={styles.subjects}>
              {leaf.subjects.map((subject) => (
                <Digest key={subject} value={subject} length={24} what="subject" />
              ))}
            </span>,
          ],
          ["Workspace", leaf.workspace],
        ]}
      />
    </Panel>
  );
}

function EvidencePanel({ entry }: { entry: LogEntryDetail }): ReactNode {
  const envelope = envelopeIn(entry.envelope);
  const statement = envelope === undefined ? undefined : statementIn(envelope);
  return (
    <Panel title="Evidence" note="The signed statement that the entry names.">
      {statement === undefined ? (
        <Empty title="No statement to show">It was erased, or it is not one that this page can read.</Empty>
      ) : (
        <pre className={styles.json}>{JSON.stringify(statement, null, 2)}</pre>
      )}
    </Panel>
  );
}
