import type { PlanAlias, PlanDeployment } from "@countersign/lineage";
import { deploymentNode } from "@countersign/lineage";
import type pg from "pg";

// Versions are asked for by the ids of their nodes: ten thousand digests would take longer to send than to look up.
const VERSIONS = "unnest($2::bigint[]) as v(id) join lineage_nodes n on n.workspace = $1 and n.id = v.id";

/** Where versions run now. */
export async function deploymentsOf(
  pool: pg.Pool,
  workspace: string,
  versions: readonly number[],
): Promise<PlanDeployment[]> {
  const { rows } = await pool.query<Omit<PlanDeployment, "key">>(
    `select d.name, d.environment, d.region, d.artifact from ${VERSIONS}
     join lineage_deployments d on d.workspace = $1 and d.artifact = n.key
     where d.state = 'running' order by d.environment, d.region, d.name, d.artifact`,
    [workspace, versions],
  );
  return rows.map((row) => ({ key: deploymentNode(row.environment, row.region, row.name), ...row }));
}

/** Environments that versions were promoted to and no other version of theirs was since. */
export async function promotedOf(
  pool: pg.Pool,
  workspace: string,
  versions: readonly number[],
): Promise<PlanAlias[]> {
  const { rows } = await pool.query<Omit<PlanAlias, "alias">>(
    `select p.name, p.environment, p.artifact from ${VERSIONS}
     join lineage_promotions p on p.workspace = $1 and p.artifact = n.key order by p.name, p.environment`,
    [workspace, versions],
  );
  return rows.map((row) => ({ ...row, alias: row.environment }));
}
