import type { PlanAlias, PlanDeployment } from "@countersign/lineage";
import { deploymentNode, RELATIONS } from "@countersign/lineage";
import type pg from "pg";
import type { States } from "./views.js";

/** Which of these versions are contained, which of these deployments run, at a time or now. */
export async function statesOf(
  pool: pg.Pool,
  workspace: string,
  keys: { versions: readonly string[]; deployments: readonly string[]; undeclared: readonly string[] },
  at: number | undefined,
): Promise<States> {
  const [contained, running, dangling] = await Promise.all([
    containedOf(pool, workspace, keys.versions, at),
    runningOf(pool, workspace, keys.deployments, at),
    danglingOf(pool, workspace, keys.undeclared),
  ]);
  return { contained, running, dangling };
}

async function containedOf(
  pool: pg.Pool,
  workspace: string,
  versions: readonly string[],
  at: number | undefined,
): Promise<Set<string>> {
  if (versions.length === 0) return new Set();
  const { rows } = await pool.query<{ artifact: string }>(
    `select distinct artifact from lineage_containments where workspace = $1 and artifact = any($2)
       and at <= $3 and (lifted_at is null or lifted_at > $3)`,
    [workspace, versions, at ?? Number.MAX_SAFE_INTEGER],
  );
  return new Set(rows.map(({ artifact }) => artifact));
}

async function runningOf(
  pool: pg.Pool,
  workspace: string,
  deployments: readonly string[],
  at: number | undefined,
): Promise<Set<string>> {
  if (deployments.length === 0) return new Set();
  const { rows } = await pool.query<{ key: string }>(
    `select distinct n.key from lineage_nodes n
     join lineage_edges e on e.workspace = $1 and e.to_id = n.id and e.relation = ${RELATIONS.deployed}
     where n.workspace = $1 and n.key = any($2) and e.since <= $3 and (e.ended is null or e.ended > $3)`,
    [workspace, deployments, at ?? Number.MAX_SAFE_INTEGER],
  );
  return new Set(rows.map(({ key }) => key));
}

async function danglingOf(
  pool: pg.Pool,
  workspace: string,
  undeclared: readonly string[],
): Promise<Set<string>> {
  if (undeclared.length === 0) return new Set();
  const { rows } = await pool.query<{ key: string }>(
    `select n.key from lineage_nodes n where n.workspace = $1 and n.key = any($2) and not exists (
       select 1 from lineage_edges e where e.workspace = $1 and e.from_id = n.id and e.relation = ${RELATIONS.version})`,
    [workspace, undeclared],
  );
  return new Set(rows.map(({ key }) => key));
}

/** Where versions run now. */
export async function deploymentsOf(
  pool: pg.Pool,
  workspace: string,
  artifacts: readonly string[],
): Promise<PlanDeployment[]> {
  const { rows } = await pool.query<Omit<PlanDeployment, "key">>(
    `select name, environment, region, artifact from lineage_deployments
     where workspace = $1 and artifact = any($2) and state = 'running' order by environment, region, name`,
    [workspace, artifacts],
  );
  return rows.map((row) => ({ key: deploymentNode(row.environment, row.region, row.name), ...row }));
}

/** Environments that versions were promoted to and no other version of theirs was since. */
export async function promotedOf(
  pool: pg.Pool,
  workspace: string,
  artifacts: readonly string[],
): Promise<PlanAlias[]> {
  const { rows } = await pool.query<Omit<PlanAlias, "alias">>(
    `select name, environment, artifact from lineage_promotions
     where workspace = $1 and artifact = any($2) order by name, environment`,
    [workspace, artifacts],
  );
  return rows.map((row) => ({ ...row, alias: row.environment }));
}
