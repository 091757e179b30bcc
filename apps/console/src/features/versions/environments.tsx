import type { DecisionRecord, VersionDetail } from "@countersign/api";
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Command } from "../../shared/ui/command.js";
import { approveCommand, tellsHowToApprove } from "../../shared/ui/decisions.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import { Reasons } from "../../shared/ui/reasons.js";
import { Failure } from "../../shared/ui/state.js";
import { outcome } from "../../shared/ui/tone.js";
import { usePromote } from "./api/ask-gate.js";
import styles from "./version.module.css";

const PLACES = ["dev", "staging", "production"];

/** Where it runs, where it may, and the button that asks. */
export function Environments({ version }: { version: VersionDetail }): ReactNode {
  const promote = usePromote(version.artifact);
  const asked = version.decisions.map(({ environment }) => environment);
  const places = [...new Set([...PLACES, ...version.environments, ...asked])];
  return (
    <Panel
      title="Environments"
      note="Asking puts a decision on the record. Nothing moves unless policy allows it."
    >
      <div className={styles.grid} aria-live="polite">
        {promote.error !== null && <Failure error={promote.error} />}
        <div className={styles.places}>
          {places.map((place) => (
            <Place
              key={place}
              place={place}
              version={version}
              asking={promote.isPending && promote.variables === place}
              busy={promote.isPending}
              onAsk={() => promote.mutate(place)}
            />
          ))}
        </div>
      </div>
    </Panel>
  );
}

interface PlaceProps {
  place: string;
  version: VersionDetail;
  asking: boolean;
  busy: boolean;
  onAsk(): void;
}

const answerFor = (version: VersionDetail, place: string): DecisionRecord | undefined =>
  version.decisions
    .filter(({ gate, environment }) => environment === place && gate === "promote")
    .toSorted((a, b) => b.index - a.index)[0];

function Place({ place, version, asking, busy, onAsk }: PlaceProps): ReactNode {
  const runs = version.environments.includes(place);
  const decision = answerFor(version, place);
  const said = outcome(decision?.outcome ?? "");
  const tells = decision !== undefined && tellsHowToApprove(decision);
  return (
    <section className={styles.place} aria-label={place}>
      <div className={styles.head}>
        <h3>{place}</h3>
        <span className={styles.grow} />
        {runs ? (
          <Pill tone="ok">Runs here</Pill>
        ) : decision ? (
          <Pill tone={said.tone}>{said.word}</Pill>
        ) : (
          <Pill tone="quiet">Not asked</Pill>
        )}
      </div>
      {decision !== undefined && decision.outcome !== "allow" && <Reasons decision={decision} />}
      {decision?.outcome === "pending" && (
        <p className={styles.dim}>
          May approve: {decision.approvers.join(", ") || "nobody that the trust root lists"}.
        </p>
      )}
      {decision?.outcome === "pending" && !tells && <Command>{approveCommand(decision)}</Command>}
      <div>
        <Button
          size="xs"
          variant={runs ? "default" : "filled"}
          loading={asking}
          disabled={busy && !asking}
          onClick={onAsk}
        >
          {decision === undefined ? `Promote to ${place}` : "Ask again"}
        </Button>
      </div>
    </section>
  );
}
