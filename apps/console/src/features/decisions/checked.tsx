import type { Client, DecisionRecord } from "@countersign/api";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useClient } from "../../shared/api/client.js";
import { type TrustRootDocument, useTrustRoot } from "../../shared/api/get-trust-root.js";
import { envelopeIn, statementIn } from "../../shared/proof/envelope.js";
import { readPin } from "../../shared/proof/memory.js";
import { verifyEntry } from "../../shared/proof/verify.js";
import { Pill } from "../../shared/ui/pill.js";
import styles from "./decisions.module.css";
import { differences } from "./differences.js";

interface Checking {
  ok: boolean;
  why: string;
}

/** The decision is in the log, its signature holds, and it says what this page shows. */
const check = async (
  client: Client,
  decision: DecisionRecord,
  trust: TrustRootDocument,
): Promise<Checking> => {
  const entry = await client.log.entry(decision.index);
  const { ok, steps } = await verifyEntry(client, entry, entry.leaf, readPin()?.vkey ?? "", trust);
  const failed = steps.find(({ tone }) => tone === "bad");
  if (!ok || failed !== undefined) return { ok: false, why: failed?.title ?? "" };
  if (entry.leaf.envelope !== decision.id)
    return { ok: false, why: "The log names another decision at this entry." };
  const envelope = envelopeIn(entry.envelope);
  const different = envelope === undefined ? ["everything"] : differences(decision, statementIn(envelope));
  if (different.length > 0)
    return { ok: false, why: `Shown otherwise than signed: ${different.join(", ")}.` };
  return { ok: true, why: "In the log, its signature holds, and it says what this page shows." };
};

export function Checked({ decision }: { decision: DecisionRecord }): ReactNode {
  const client = useClient();
  const trust = useTrustRoot();
  const { data, error } = useQuery({
    queryKey: ["check-decision", decision, trust.data?.digest],
    queryFn: () => check(client, decision, trust.data?.root as TrustRootDocument),
    enabled: trust.data !== undefined,
  });
  if (error !== null) return <Pill tone="wait">Could not check</Pill>;
  if (data === undefined) return <Pill tone="quiet">Checking</Pill>;
  return (
    <span className={styles.checked} role={data.ok ? undefined : "alert"}>
      <Pill tone={data.ok ? "ok" : "bad"}>{data.ok ? "Verified" : "Does not verify"}</Pill>
      <span>{data.why}</span>
    </span>
  );
}
