import { randomUUID } from "node:crypto";
import type { Containment, ContainmentBody, ContainmentResult } from "@countersign/api";
import type { Digest, Signer, Statement } from "@countersign/evidence";
import { CountersignError, isDigest, makeStatement } from "@countersign/evidence";
import type { ContainmentPredicate } from "@countersign/facts";
import { assetName, PREDICATE_TYPES, parseAssetName } from "@countersign/facts";
import { causeOf, parseKey, RELATIONS } from "@countersign/lineage";
import type { Workspace } from "@countersign/workspace";
import type pg from "pg";
import { entryView } from "./entry.js";
import type { Tracer } from "./tracer.js";

/** Beyond this many nodes a plan would take minutes to enact, and no person could have looked at it. */
const MOST = 100_000;
const BATCH = 500;
/** Chains that are read at the same time. */
const AT_ONCE = 8;

export interface ContainmentParts {
  workspace: Workspace;
  pool: pg.Pool;
  tracer: Tracer;
}

/** Says what would be contained and, unless it is a dry run, states it: one statement for each version. */
export async function contain(
  parts: ContainmentParts,
  { subject, reason, dryRun = false, only = false }: ContainmentBody,
  principal: string,
): Promise<ContainmentResult> {
  const { workspace, tracer } = parts;
  const { origin, plan, truncated } = only
    ? await tracer.own(subject, MOST)
    : await tracer.trace({ subject, direction: "down", limit: MOST });
  if (truncated) throw tooMuch(subject, only);
  if (only && plan.versions.length === 0) {
    throw new CountersignError(
      "not-found",
      `${subject} has no versions of its own. Name a digest or an asset that has been admitted, or leave out \`--only\`.`,
    );
  }
  const cause = causeOf(workspace.id, origin.key);
  if (dryRun) return { plan, cause, entries: [] };
  const covered = await coveredBy(
    parts,
    plan.versions.map(({ artifact }) => artifact),
    cause,
  );
  const wanted = plan.versions.filter(({ artifact }) => !covered.has(artifact));
  const statements = wanted.map(({ artifact, kind, name }) =>
    containmentStatement(artifact, labelFor(kind, name), { reason, cause, origin: origin.key, principal }),
  );
  const entries = [];
  for (let from = 0; from < statements.length; from += BATCH) {
    const stated = await workspace.state(statements.slice(from, from + BATCH));
    entries.push(...(await Promise.all(stated.map(({ index }) => workspace.read(index)))));
  }
  return { plan, cause, entries: entries.map(entryView) };
}

function tooMuch(subject: string, only: boolean): CountersignError {
  const remedy = only
    ? "Contain its versions one by one, by their digests."
    : `Contain what it is, now, with \`countersign contain ${subject} --only --reason WHY\`; then what it reached, part by part: \`countersign trace\` shows it.`;
  const what = only ? `has more than ${MOST} versions` : `reached more than ${MOST} nodes`;
  return new CountersignError("too-complex", `${subject} ${what}. ${remedy}`);
}

type Said = Omit<ContainmentPredicate, "nonce"> & {
  /** The cause as a node of the graph, so that a person can read what it was. */
  origin: string;
};

function containmentStatement(artifact: string, name: string, said: Said): Statement {
  const subject = { ...(name === "" ? {} : { name }), digest: { sha256: artifact.slice("sha256:".length) } };
  return makeStatement([subject], PREDICATE_TYPES.containment, { ...said, nonce: randomUUID() });
}

function labelFor(kind: string, name: string): string {
  const known = parseAssetName(`${kind}:${name}`);
  return name === "" ? "" : assetName(known.kind, known.name);
}

/**
 * What this cause contains already: asking again states only what came since. Read from the versions' own chains, as gates
 * do: a row that somebody planted in the tables must not keep a version from being contained.
 */
async function coveredBy(
  { workspace }: ContainmentParts,
  artifacts: readonly string[],
  cause: Digest,
): Promise<Set<string>> {
  const covered = new Set<string>();
  for (let from = 0; from < artifacts.length; from += AT_ONCE) {
    const some = artifacts.slice(from, from + AT_ONCE);
    const answers = await Promise.all(some.map((artifact) => isCovered(workspace, artifact, cause)));
    for (const [at, artifact] of some.entries()) if (answers[at] === true) covered.add(artifact);
  }
  return covered;
}

async function isCovered(workspace: Workspace, artifact: string, cause: Digest): Promise<boolean> {
  try {
    const said = await workspace.about(artifact as Digest, "containment");
    return said.some(({ status, statement }) => {
      const about = `sha256:${statement?.subject[0]?.digest.sha256}`;
      const because = (statement?.predicate as ContainmentPredicate | undefined)?.cause;
      return status === "held" && about === artifact && because === cause;
    });
  } catch (error) {
    // Rows of its chain were changed: better one statement too many than none because of that.
    if (error instanceof CountersignError && error.code === "projection-mismatch") return false;
    throw error;
  }
}

interface Row {
  index: number;
  envelope: Digest;
  at: number;
  artifact: Digest;
  cause: Digest | null;
  origin: string;
  lifted: number | null;
  kind: string | null;
  name: string | null;
  label: string | null;
}

const SELECT = `select c.log_index::float8 as index, c.envelope, c.at::float8 as at, c.artifact, c.cause, c.origin,
    c.lifted_at::float8 as lifted, n.kind, n.name, o.name as label
  from lineage_containments c
  left join lineage_nodes n on n.workspace = c.workspace and n.key = c.artifact
  left join lineage_nodes o on o.workspace = c.workspace and o.key = c.origin`;

export interface ContainmentFilter {
  limit: number;
  before: number | undefined;
  open: boolean;
  /** Digests of which one is the artifact or the cause. */
  about?: readonly string[];
}

export async function listContainments(
  { pool, workspace }: ContainmentParts,
  { limit, before, open, about }: ContainmentFilter,
): Promise<Containment[]> {
  const { rows } = await pool.query<Row>(
    `${SELECT} where c.workspace = $1 and c.log_index < $2 and ($3::boolean = false or c.lifted_at is null)
       and ($4::text[] is null or c.artifact = any($4) or c.cause = any($4))
     order by c.log_index desc limit $5`,
    [workspace.id, before ?? Number.MAX_SAFE_INTEGER, open, about ?? null, limit],
  );
  return Promise.all(rows.map((row) => view(workspace, row)));
}

// Who and why is in the object alone, so that erasing the object erases it.
async function view(workspace: Workspace, row: Row): Promise<Containment> {
  const { statement, status, by } = await workspace.read(row.index);
  const said = statement?.predicate as ContainmentPredicate | undefined;
  const parts = parseKey(row.origin);
  return {
    envelope: row.envelope,
    index: row.index,
    at: row.at,
    artifact: row.artifact,
    kind: row.kind ?? "",
    name: row.name ?? "",
    cause: row.cause,
    causeLabel: row.label || parts?.name || row.origin,
    principal: said?.principal ?? "",
    reason: said?.reason ?? "",
    liftedAt:
      status === "held" ? null : (row.lifted ?? (by === undefined ? null : (await workspace.entry(by)).at)),
  };
}

/** Lifts one containment. Lifting it again changes nothing. Whether it is lifted is for the log to say, not for the tables. */
export async function lift(
  parts: ContainmentParts,
  envelope: string,
  { reason, signer, caughtUp }: { reason: string; signer: Signer; caughtUp: () => Promise<void> },
): Promise<Containment> {
  const found = await oneContainment(parts, envelope);
  const { entry, status } = await parts.workspace.read(found.index);
  // Else a planted row could have an approver revoke whatever it names, such as the scan that found something.
  if (entry.envelope !== found.envelope || entry.predicate !== "containment") {
    throw new CountersignError(
      "projection-mismatch",
      `The database calls ${envelope} a containment in entry ${found.index}; the log does not. Nothing was lifted. Run \`countersign log audit\`.`,
    );
  }
  if (status === "revoked") return found;
  await parts.workspace.revoke({ envelope: found.envelope as Digest, reason, signer });
  await caughtUp();
  return oneContainment(parts, envelope);
}

async function oneContainment({ pool, workspace }: ContainmentParts, envelope: string): Promise<Containment> {
  const { rows } = await pool.query<Row>(`${SELECT} where c.workspace = $1 and c.envelope = $2`, [
    workspace.id,
    envelope,
  ]);
  const [row] = rows;
  if (row !== undefined) return view(workspace, row);
  throw new CountersignError(
    "not-found",
    `${envelope} is no containment. \`countersign contain --list\` shows them.`,
  );
}

/** Digests by which a containment may know `subject`: the cause, and the version itself or an asset's versions. */
export async function digestsOf(
  { workspace, pool, tracer }: ContainmentParts,
  subject: string,
): Promise<string[]> {
  if (isDigest(subject)) return [subject];
  const { id, key } = await tracer.origin(subject);
  const { rows } = await pool.query<{ key: string }>(
    `select n.key from lineage_edges e join lineage_nodes n on n.workspace = e.workspace and n.id = e.to_id
     where e.workspace = $1 and e.from_id = $2 and e.relation = ${RELATIONS.version} and e.ended is null`,
    [workspace.id, id],
  );
  return [causeOf(workspace.id, key), ...rows.map((row) => row.key)];
}
