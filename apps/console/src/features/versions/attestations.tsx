import type { VersionDetail } from "@countersign/api";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { envelopeIn, statementIn } from "../../shared/proof/envelope.js";
import { routes } from "../../shared/routes.js";
import { Command } from "../../shared/ui/command.js";
import { Digest } from "../../shared/ui/digest.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import { Empty, Loaded } from "../../shared/ui/state.js";
import { status } from "../../shared/ui/tone.js";
import { useAttestation } from "./api/get-attestation.js";
import styles from "./version.module.css";

/** Decisions and promotions are history: new evidence changes the next one, nothing takes back the last. */
const WITHDRAWN = ["scan", "signature", "declaration", "approval"];

type Entry = VersionDetail["entries"][number];

export function Attestations({ version }: { version: VersionDetail }): ReactNode {
  const entries = version.entries.toSorted((a, b) => b.index - a.index);
  return (
    <Panel
      title="Attestations"
      note="Each one is a signed statement (in-toto in a DSSE envelope). Open one to read what was signed."
      flush
    >
      {entries.length === 0 ? (
        <Empty title="None" />
      ) : (
        entries.map((entry) => <Attestation key={entry.index} entry={entry} />)
      )}
    </Panel>
  );
}

function Attestation({ entry }: { entry: Entry }): ReactNode {
  const [open, setOpen] = useState(false);
  const detail = useAttestation(entry.index, open);
  const said = status(entry.status);
  return (
    <details className={styles.entry} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <strong>{entry.predicate}</strong>
        <span className={styles.dim}>by {entry.principal || "an unlisted key"}</span>
        <span className={styles.grow} />
        <Pill tone={said.tone}>{said.word}</Pill>
      </summary>
      <div className={styles.opened}>
        <span className={styles.dim}>
          Envelope <Digest value={entry.envelope} length={16} what="envelope digest" /> ·{" "}
          <Link href={routes.entry(entry.index)}>Verify entry {entry.index} in this browser</Link>
        </span>
        {entry.status === "held" && WITHDRAWN.includes(entry.predicate) && (
          <div>
            <span className={styles.dim}>
              Should it no longer count? Whoever made it, or a revoker, withdraws it:
            </span>
            <Command>{`countersign revoke ${entry.envelope} --reason mistake`}</Command>
          </div>
        )}
        {open && (
          <Loaded of={detail} rows={3}>
            {({ envelope }) => <Statement envelope={envelope} />}
          </Loaded>
        )}
      </div>
    </details>
  );
}

function Statement({ envelope }: { envelope: unknown }): ReactNode {
  const found = envelopeIn(envelope);
  const statement = found === undefined ? undefined : statementIn(found);
  if (statement === undefined)
    return <Empty title="Nothing to read">The evidence was erased; a tombstone says so in the log.</Empty>;
  return <pre className={styles.json}>{JSON.stringify(statement, null, 2)}</pre>;
}
