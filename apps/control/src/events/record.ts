import type { EventKind } from "@countersign/api";
import type { Workspace } from "@countersign/workspace";
import type { Metrics } from "../telemetry/metrics.js";
import type { EventHub } from "./hub.js";

const KINDS: Record<string, EventKind> = { decision: "decision", promotion: "promotion" };

/** Tells of every entry once it is durable. Digests and closed sets only: whoever wants more asks for it. */
export function publishEntries(workspace: Workspace, events: EventHub, metrics: Metrics): () => void {
  return workspace.onEntry(({ index, at, predicate, outcome, envelope, signer, subjects }) => {
    metrics.entry(predicate, outcome);
    events.publish(KINDS[predicate] ?? "entry", {
      index,
      at,
      predicate,
      outcome,
      envelope,
      signer,
      subjects,
    });
  });
}
