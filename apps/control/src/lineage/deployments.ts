import { randomUUID } from "node:crypto";
import type { Deployment, DeploymentBody, DeploymentQuery } from "@countersign/api";
import type { Digest, Statement } from "@countersign/evidence";
import { CountersignError, makeStatement } from "@countersign/evidence";
import type { DeploymentPredicate } from "@countersign/facts";
import { PREDICATE_TYPES } from "@countersign/facts";
import { deploymentNode } from "@countersign/lineage";
import type { Workspace } from "@countersign/workspace";
import type pg from "pg";

export interface DeploymentParts {
  workspace: Workspace;
  pool: pg.Pool;
  caughtUp: () => Promise<void>;
}

/** Where there is only one region, nobody has to name it. */
const REGION = "global";

/** States what somebody saw; a version that starts takes the place of others of that name there, unless told otherwise. */
export async function reportDeployment(
  parts: DeploymentParts,
  body: DeploymentBody,
  principal: string,
): Promise<Deployment> {
  const { workspace, caughtUp } = parts;
  const { subject, name, environment, region = REGION, state = "running", alongside = false } = body;
  const { artifact, name: model } = await workspace.resolve(subject);
  await caughtUp();
  const where = { name, environment, region };
  const replaced = state === "running" && !alongside ? await othersAt(parts, where, artifact) : [];
  await workspace.state([
    ...replaced.map((other) => statementOf(other, undefined, { ...where, state: "stopped", principal })),
    statementOf(artifact, model, { ...where, state, principal }),
  ]);
  await caughtUp();
  const [found] = await listDeployments(parts, { limit: 1, where: { ...where, artifact } });
  if (found !== undefined) return found;
  throw new CountersignError("internal", "a deployment that was just stated is not in the table");
}

function statementOf(
  artifact: Digest,
  model: string | undefined,
  said: Omit<DeploymentPredicate, "nonce">,
): Statement {
  const subject = { ...(model === undefined ? {} : { name: model }), digest: { sha256: artifact.slice(7) } };
  return makeStatement([subject], PREDICATE_TYPES.deployment, { ...said, nonce: randomUUID() });
}

type Where = { name: string; environment: string; region: string };

async function othersAt(
  { pool, workspace }: DeploymentParts,
  { name, environment, region }: Where,
  artifact: Digest,
): Promise<Digest[]> {
  const { rows } = await pool.query<{ artifact: Digest }>(
    `select artifact from lineage_deployments where workspace = $1 and environment = $2 and region = $3 and name = $4
       and state = 'running' and artifact <> $5`,
    [workspace.id, environment, region, name, artifact],
  );
  return rows.map((row) => row.artifact);
}

type Row = Omit<Deployment, "key">;

interface Wanted {
  limit: number;
  before?: number | undefined;
  filter?: Pick<DeploymentQuery, "environment" | "state" | "artifact">;
  where?: Where & { artifact: Digest };
}

export async function listDeployments(
  { pool, workspace }: DeploymentParts,
  { limit, before, filter = {}, where }: Wanted,
): Promise<Deployment[]> {
  const { rows } = await pool.query<Row>(
    `select d.name, d.environment, d.region, d.artifact, coalesce(n.name, '') as model, d.state, d.principal,
       d.since::float8 as since, d.at::float8 as at, d.log_index::float8 as index,
       exists (select 1 from lineage_containments c where c.workspace = d.workspace and c.artifact = d.artifact
         and c.lifted_at is null) as contained
     from lineage_deployments d
     left join lineage_nodes n on n.workspace = d.workspace and n.key = d.artifact
     where d.workspace = $1 and d.log_index < $2
       and ($3::text is null or d.environment = $3) and ($4::text is null or d.state = $4)
       and ($5::text is null or d.artifact = $5) and ($6::text is null or d.region = $6)
       and ($7::text is null or d.name = $7)
     order by d.log_index desc limit $8`,
    [
      workspace.id,
      before ?? Number.MAX_SAFE_INTEGER,
      where?.environment ?? filter.environment ?? null,
      filter.state ?? null,
      where?.artifact ?? filter.artifact ?? null,
      where?.region ?? null,
      where?.name ?? null,
      limit,
    ],
  );
  return rows.map((row) => ({ key: deploymentNode(row.environment, row.region, row.name), ...row }));
}
