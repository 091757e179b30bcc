import type { DecisionRecord } from "@countersign/api";
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { routes } from "../../shared/routes.js";
import { Command } from "../../shared/ui/command.js";
import { approveCommand, question, tellsHowToApprove } from "../../shared/ui/decisions.js";
import { Digest } from "../../shared/ui/digest.js";
import { Facts } from "../../shared/ui/facts.js";
import { count } from "../../shared/ui/format.js";
import { IconDownload } from "../../shared/ui/icons.js";
import { Page } from "../../shared/ui/page.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import { Reasons } from "../../shared/ui/reasons.js";
import { Failure, Loaded } from "../../shared/ui/state.js";
import { Time } from "../../shared/ui/time.js";
import { outcome } from "../../shared/ui/tone.js";
import { useDecision } from "./api/get-decision.js";
import { useSaveEvidence } from "./api/get-evidence.js";
import { Checked } from "./checked.js";
import styles from "./decisions.module.css";

export function DecisionPage({ id }: { id: string }): ReactNode {
  const decision = useDecision(id);
  const said = outcome(decision.data?.outcome ?? "");
  return (
    <Page
      title="Decision"
      badge={
        decision.data && (
          <Pill tone={said.tone} large>
            {said.word}
          </Pill>
        )
      }
      lead={<Link href={routes.decisions}>Back to decisions</Link>}
    >
      <Loaded of={decision} rows={6}>
        {(data) => <Detail decision={data} />}
      </Loaded>
    </Page>
  );
}

function Detail({ decision }: { decision: DecisionRecord }): ReactNode {
  return (
    <>
      <Panel
        title={
          <>
            <Link href={routes.version(decision.artifact)}>{decision.name}</Link>: {question(decision)}
          </>
        }
      >
        <Why decision={decision} />
      </Panel>
      <ProofPanel decision={decision} />
    </>
  );
}

function Why({ decision }: { decision: DecisionRecord }): ReactNode {
  return (
    <div className={styles.why}>
      {decision.reasons.length === 0 ? <p>Every rule is satisfied.</p> : <Reasons decision={decision} />}
      {decision.outcome === "pending" && (
        <div className={styles.approve}>
          <p>
            Needs {count(decision.approvalsNeeded, "approval")} by{" "}
            {decision.approvers.join(" or ") || "nobody that the trust root lists"}. Their key stays with
            them: the command runs on their own machine.
          </p>
          {!tellsHowToApprove(decision) && <Command>{approveCommand(decision)}</Command>}
          <p>There, this makes the command speak to this server:</p>
          <Command label="setting">{`export COUNTERSIGN_SERVER=${location.origin}`}</Command>
        </div>
      )}
    </div>
  );
}

function ProofPanel({ decision }: { decision: DecisionRecord }): ReactNode {
  const evidence = useSaveEvidence();
  return (
    <Panel
      title="Proof"
      note="The evidence file holds everything that somebody who does not trust us needs, offline."
      action={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDownload size={14} />}
          loading={evidence.isPending}
          onClick={() =>
            evidence.mutate({ id: decision.id, name: `${decision.name}-${decision.environment}` })
          }
        >
          Evidence file
        </Button>
      }
    >
      {evidence.error !== null && <Failure error={evidence.error} />}
      <Facts
        rows={[
          ["This browser", <Checked key="check" decision={decision} />],
          ["Decided", <Time key="at" at={decision.at} />],
          [
            "On the record",
            <Link key="index" href={routes.entry(decision.index)}>
              Entry {decision.index}, verify it in this browser
            </Link>,
          ],
          ["Log size", `${decision.logSize} entries were read`],
          ["Artifact", <Digest key="artifact" value={decision.artifact} length={24} />],
          ["Policy", <Digest key="policy" value={decision.policyDigest} length={24} what="policy digest" />],
          [
            "Trust root",
            <Digest key="trust" value={decision.trustRoot} length={24} what="trust-root digest" />,
          ],
          [
            "Facts used",
            <ul key="inputs">
              {decision.inputs.map((input) => (
                <li key={input}>
                  <Digest value={input} length={24} what="envelope digest" />
                </li>
              ))}
            </ul>,
          ],
        ]}
      />
    </Panel>
  );
}
