import type {
  ContainmentPredicate,
  DeploymentPredicate,
  Judged,
  Predicate,
  PromotionPredicate,
} from "@countersign/facts";
import type pg from "pg";

type Of<P> = { at: number; index: number; envelope: string; artifact: string; predicate: P };

/** What is contained, what runs and what was promoted, each as its newest statement has it. */
export async function noteStates(
  client: pg.PoolClient,
  workspace: string,
  items: readonly Judged[],
): Promise<void> {
  await noteContainments(client, workspace, pick<ContainmentPredicate>(items, "containment"));
  for (const deployment of pick<DeploymentPredicate>(items, "deployment"))
    await noteDeployment(client, workspace, deployment);
  for (const promotion of pick<PromotionPredicate>(items, "promotion"))
    await notePromotion(client, workspace, promotion);
}

function pick<P>(items: readonly Judged[], wanted: Predicate): Of<P>[] {
  return items.flatMap(({ entry, statement }) => {
    const { predicate, at, index, envelope } = entry;
    if (predicate !== wanted || statement === undefined) return [];
    const artifact = `sha256:${statement.subject[0]?.digest.sha256}`;
    return [{ at, index, envelope, artifact, predicate: statement.predicate as P }];
  });
}

async function noteContainments(
  client: pg.PoolClient,
  workspace: string,
  found: Of<ContainmentPredicate & { origin?: unknown }>[],
): Promise<void> {
  if (found.length === 0) return;
  await client.query(
    `insert into lineage_containments (workspace, log_index, envelope, at, artifact, cause, origin)
     select $1, v.* from unnest($2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[]) as v
     on conflict do nothing`,
    [
      workspace,
      found.map(({ index }) => index),
      found.map(({ envelope }) => envelope),
      found.map(({ at }) => at),
      found.map(({ artifact }) => artifact),
      found.map(({ predicate }) => predicate.cause ?? null),
      found.map(({ predicate }) => (typeof predicate.origin === "string" ? predicate.origin : "")),
    ],
  );
}

async function noteDeployment(
  client: pg.PoolClient,
  workspace: string,
  { at, index, artifact, predicate }: Of<DeploymentPredicate>,
): Promise<void> {
  const { environment, region, name, state, principal } = predicate;
  await client.query(
    `insert into lineage_deployments as d
       (workspace, environment, region, name, artifact, state, principal, since, at, log_index)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)
     on conflict (workspace, environment, region, name, artifact) do update set
       state = excluded.state, principal = excluded.principal, at = excluded.at, log_index = excluded.log_index,
       since = case when d.state = excluded.state then d.since else excluded.since end`,
    [workspace, environment, region, name, artifact, state, principal, at, index],
  );
}

async function notePromotion(
  client: pg.PoolClient,
  workspace: string,
  { at, index, artifact, predicate }: Of<PromotionPredicate>,
): Promise<void> {
  await client.query(
    `insert into lineage_promotions (workspace, name, environment, artifact, at, log_index)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (workspace, name, environment) do update set
       artifact = excluded.artifact, at = excluded.at, log_index = excluded.log_index`,
    [workspace, predicate.name, predicate.environment, artifact, at, index],
  );
}
