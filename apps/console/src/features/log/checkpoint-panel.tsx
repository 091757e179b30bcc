import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { fromBase64, toHex } from "../../shared/proof/encoding.js";
import { Digest } from "../../shared/ui/digest.js";
import { Facts } from "../../shared/ui/facts.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import { Loaded } from "../../shared/ui/state.js";
import { Time } from "../../shared/ui/time.js";
import { useWatch } from "./watch.js";

/** The tree head: what the log signs about itself, and whether this browser agrees. */
export function CheckpointPanel(): ReactNode {
  const { log, answer, fault, recheck } = useWatch();
  return (
    <Panel
      title="Tree head"
      note="One signed line that commits to every entry."
      action={
        <Button size="xs" variant="default" onClick={recheck}>
          Check again
        </Button>
      }
    >
      <Loaded of={{ data: log, error: fault, refetch: recheck }} rows={5}>
        {(state) => (
          <Facts
            rows={[
              ["Log", <code key="origin">{state.origin}</code>],
              ["Entries", state.size.toLocaleString("en-GB")],
              [
                "Root hash",
                answer?.ok ? (
                  <Digest
                    key="root"
                    value={toHex(fromBase64(answer.checkpoint.root))}
                    length={20}
                    what="root hash"
                  />
                ) : (
                  "–"
                ),
              ],
              ["Last check", answer?.ok ? <Time key="at" at={answer.checkpoint.at} /> : "–"],
              ["This browser", <Verdict key="verdict" />],
              [
                "Witness",
                state.witnesses.length === 0 ? (
                  <span key="none">
                    None set. A witness outside this server notices a rollback even in a new browser.
                  </span>
                ) : (
                  <span key="some">
                    {state.witnesses.map(({ name, cosigned }) => (
                      <span key={name}>
                        <Pill tone={cosigned ? "ok" : "wait"}>
                          {cosigned ? "Cosigned, says the server" : "Not cosigned yet"}
                        </Pill>{" "}
                        {name}{" "}
                      </span>
                    ))}
                  </span>
                ),
              ],
            ]}
          />
        )}
      </Loaded>
    </Panel>
  );
}

function Verdict(): ReactNode {
  const { answer, fault } = useWatch();
  if (fault !== null)
    return (
      <span>
        <Pill tone="wait">Could not check</Pill> {fault.message}
      </span>
    );
  if (answer === undefined) return <Pill tone="quiet">Checking</Pill>;
  return answer.ok ? (
    <Pill tone="ok">Signed by your pinned key, nothing rewritten</Pill>
  ) : (
    <Pill tone="bad">Does not check out</Pill>
  );
}
