import type { LineageEventsResult } from "@countersign/api";
import { CountersignError, makeStatement, type Statement } from "@countersign/evidence";
import { PREDICATE_TYPES } from "@countersign/facts";
import { parseLineageEvent, runDigest, runNode } from "@countersign/lineage";
import type { Workspace } from "@countersign/workspace";
import type pg from "pg";
import { eventDigest, knownEvents } from "./sources.js";

const MOST_EVENTS = 1_000;

/** Puts OpenLineage events on the record: all of them, or, if one cannot be read, none. */
export async function recordEvents(
  { workspace, pool, caughtUp }: { workspace: Workspace; pool: pg.Pool; caughtUp: () => Promise<void> },
  body: unknown,
  principal: string,
): Promise<LineageEventsResult> {
  const events = (Array.isArray(body) ? body : [body]) as object[];
  if (events.length > MOST_EVENTS)
    throw new CountersignError(
      "too-complex",
      `These are ${events.length} events; send at most ${MOST_EVENTS} at once.`,
    );
  const read = new Map<string, Statement>();
  const order = events.map((event) => {
    const statement = statementOf(event, workspace.id, principal);
    const digest = eventDigest(event);
    if (!read.has(digest)) read.set(digest, statement);
    return digest;
  });
  await caughtUp();
  const known = await knownEvents(pool, workspace.id, [...read.keys()]);
  const fresh = [...read].filter(([digest]) => !known.has(digest)).map(([, statement]) => statement);
  const entries = fresh.length === 0 ? [] : await workspace.state(fresh);
  const index = entries.at(-1)?.index ?? Math.max(-1, ...known.values());
  return { recorded: fresh.length, repeated: order.length - fresh.length, index };
}

function statementOf(event: object, workspace: string, principal: string): Statement {
  const { run, job, outputs } = parseLineageEvent(event);
  const name = run?.id === undefined ? nameOf(job ?? outputs[0]) : runNode(run.id);
  const id = run?.id === undefined ? name : name.slice("run:".length);
  const subject = { name, digest: { sha256: runDigest(workspace, id).slice(7) } };
  return makeStatement([subject], PREDICATE_TYPES.lineage, { event, principal });
}

const nameOf = (named: { namespace: string; name: string } | undefined): string =>
  named === undefined ? "" : `${named.namespace}/${named.name}`;
