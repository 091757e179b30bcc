import type { LogEntryDetail } from "@countersign/api";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useClient } from "../../shared/api/client.js";
import { useTrustRoot } from "../../shared/api/get-trust-root.js";
import { type Step, type Verification, verifyEntry } from "../../shared/proof/verify.js";
import { IconAlert, IconCheck, IconCross } from "../../shared/ui/icons.js";
import { Notice } from "../../shared/ui/notice.js";
import { Panel } from "../../shared/ui/panel.js";
import { Loaded } from "../../shared/ui/state.js";
import styles from "./log.module.css";
import { MerklePath } from "./merkle-path.js";
import { useWatch } from "./watch.js";

const LEVEL = 62;

type Leaf = LogEntryDetail["leaf"];

const spoil = (leaf: Leaf): Leaf => ({
  ...leaf,
  outcome: leaf.outcome === "positive" ? "negative" : "positive",
});

/** Room for notice, picture and steps, so that nothing below jumps when the answer comes. */
const room = ({ inclusion }: LogEntryDetail): number => 500 + inclusion.hashes.length * LEVEL;

/** Verify in this browser: what is shown, hashed here, against the user's own key and memory. */
export function VerifyPanel({ entry }: { entry: LogEntryDetail }): ReactNode {
  const client = useClient();
  const trust = useTrustRoot();
  const { pin } = useWatch();
  const [spoiled, setSpoiled] = useState(false);
  const shown = spoiled ? spoil(entry.leaf) : entry.leaf;
  const check = useQuery({
    queryKey: ["verify", entry.index, entry.checkpoint, pin?.vkey, spoiled, trust.data?.digest],
    queryFn: () => verifyEntry(client, entry, shown, pin?.vkey ?? "", trust.data?.root),
    enabled: pin !== undefined && !trust.isPending,
  });
  return (
    <Panel
      title="Verify in this browser"
      note="Your browser rebuilds the leaf from the fields below, hashes it, and climbs to a root that your pinned key signed."
      action={
        <div className={styles.actions}>
          <Button size="xs" variant="default" onClick={() => setSpoiled(!spoiled)}>
            {spoiled ? "Put it back" : "Change the outcome and verify again"}
          </Button>
          <Button size="xs" loading={check.isFetching} onClick={() => void check.refetch()}>
            Verify
          </Button>
        </div>
      }
    >
      <div style={{ minHeight: room(entry) }}>
        <Loaded of={check} rows={6}>
          {(result) => <Result result={result} shown={shown} spoiled={spoiled} entry={entry} />}
        </Loaded>
      </div>
    </Panel>
  );
}

interface ResultProps {
  result: Verification;
  shown: Leaf;
  spoiled: boolean;
  entry: LogEntryDetail;
}

function Result({ result, shown, spoiled, entry }: ResultProps): ReactNode {
  return (
    <div className={styles.verdict}>
      <Notice
        tone={result.ok ? "ok" : "bad"}
        title={
          result.ok ? `Entry ${entry.index} verified in this browser` : `Entry ${entry.index} does not verify`
        }
        role="status"
      >
        {spoiled && (
          <p>
            You changed the outcome to <span className={styles.spoiled}>{shown.outcome}</span>. One word is
            enough: the hash no longer leads to the signed root.
          </p>
        )}
      </Notice>
      {result.climb !== undefined && (
        <MerklePath climb={result.climb} index={entry.index} size={entry.inclusion.size} />
      )}
      <ol className={styles.steps}>
        {result.steps.map((step) => (
          <StepRow key={step.title} step={step} />
        ))}
      </ol>
      {result.climb !== undefined && (
        <details>
          <summary>The bytes that were hashed</summary>
          <p className={styles.leaf}>{result.climb.leaf}</p>
        </details>
      )}
    </div>
  );
}

function StepRow({ step }: { step: Step }): ReactNode {
  const Icon = step.tone === "ok" ? IconCheck : step.tone === "bad" ? IconCross : IconAlert;
  return (
    <li className={styles.step} data-tone={step.tone}>
      <Icon size={18} />
      <div>
        <strong>{step.title}</strong>
        <p>{step.detail}</p>
      </div>
    </li>
  );
}
