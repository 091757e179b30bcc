import type { PlanAlias, PlanDeployment } from "@countersign/lineage";
import { deploymentNode } from "@countersign/lineage";
import type pg from "pg";

/** What runs now as these deployments, which other versions may do besides those that were reached. */
export async function deploymentsOf(
  pool: pg.Pool,
  workspace: string,
  deployments: readonly number[],
): Promise<PlanDeployment[]> {
  if (deployments.length === 0) return [];
  const { rows } = await pool.query<Omit<PlanDeployment, "key">>(
    `select d.name, d.environment, d.region, d.artifact from unnest($2::bigint[]) as v(id)
     join lineage_nodes n on n.workspace = $1 and n.id = v.id
     join lineage_deployments d on d.workspace = $1 and d.environment = n.environment and d.region = n.region
       and d.name = n.name
     where d.state = 'running' order by d.environment, d.region, d.name, d.artifact`,
    [workspace, deployments],
  );
  return rows.map((row) => ({ key: deploymentNode(row.environment, row.region, row.name), ...row }));
}

/**
 * Environments that versions were promoted to and no other version of theirs was since. Asked for by the ids of their nodes:
 * ten thousand digests would take longer to send than to look up.
 */
export async function promotedOf(
  pool: pg.Pool,
  workspace: string,
  versions: readonly number[],
): Promise<PlanAlias[]> {
  const { rows } = await pool.query<Omit<PlanAlias, "alias">>(
    `select p.name, p.environment, p.artifact from unnest($2::bigint[]) as v(id)
     join lineage_nodes n on n.workspace = $1 and n.id = v.id
     join lineage_promotions p on p.workspace = $1 and p.artifact = n.key order by p.name, p.environment`,
    [workspace, versions],
  );
  return rows.map((row) => ({ ...row, alias: row.environment }));
}
