import type { DecisionRecord, LogState, routes, VersionCard } from "@countersign/api";
import type { VersionSummary, Workspace } from "@countersign/workspace";
import type { Handler } from "../../http/mount.js";
import { EXAMPLE, type JobStore } from "../../jobs/store.js";

const CARDS = 12;
const LOOKED_AT = 1_000;

type Place = "admitted" | "refused" | "waiting";

export const overview: Handler<typeof routes.overview> = async ({ services }) => {
  const { workspace, jobs } = services;
  // First: once it says that nothing is loading, everything loaded is below.
  const exampleJob = await loading(jobs);
  const groups: Record<Place, VersionCard[]> = { admitted: [], refused: [], waiting: [] };
  for (const version of await workspace.versions(LOOKED_AT)) {
    const { place, decision } = placeOf(version);
    const { name, artifact, at, environments } = version;
    groups[place].push({ name, artifact, at, environments, decision });
  }
  const { admitted, refused, waiting } = groups;
  return {
    counts: {
      versions: admitted.length + refused.length + waiting.length,
      admitted: admitted.length,
      refused: refused.length,
      waiting: waiting.length,
    },
    admitted: admitted.slice(0, CARDS),
    refused: refused.slice(0, CARDS),
    waiting: waiting.slice(0, CARDS),
    log: await logState(workspace, services.config.witness),
    exampleJob,
  };
};

async function loading(jobs: JobStore): Promise<string | null> {
  const job = await jobs.get(EXAMPLE);
  return job && (job.state === "queued" || job.state === "running") ? job.id : null;
}

/** Where a version stands, and the decision that says so. Without any decision it was not let in. */
function placeOf(version: Pick<VersionSummary, "decisions">): {
  place: Place;
  decision: DecisionRecord | null;
} {
  const newest = version.decisions.toSorted((a, b) => b.index - a.index);
  const ingest = newest.find(({ gate }) => gate === "ingest");
  if (ingest?.outcome !== "allow") return { place: "refused", decision: ingest ?? newest[0] ?? null };
  const pending = newest.find(({ outcome }) => outcome === "pending");
  if (pending) return { place: "waiting", decision: pending };
  return { place: "admitted", decision: newest[0] ?? null };
}

async function logState(workspace: Workspace, witness: string): Promise<LogState> {
  const checkpoint = Buffer.from(await workspace.log.checkpoint()).toString("utf8");
  const { origin, verifierKey, size } = workspace.log;
  const name = witness.split(" ")[1]?.split("+")[0];
  const signed = (who: string) => checkpoint.includes(`\n\u2014 ${who} `);
  return {
    origin,
    vkey: verifierKey,
    size,
    checkpoint,
    witnesses: name === undefined ? [] : [{ name, cosigned: signed(name) }],
  };
}
