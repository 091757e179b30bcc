import type { Digest } from "@countersign/evidence";
import type { Judged, Predicate } from "@countersign/facts";
import type pg from "pg";
import { endStatement } from "./endings.js";
import { type Parts, read } from "./reading.js";
import { idsOf } from "./tables.js";

/** A revocation names an envelope. Whether it counts is not read from it but from how the entry is judged now. */
export async function withdraw(client: pg.PoolClient, workspace: Parts, revocation: Judged): Promise<void> {
  const envelopes = revocation.statement?.subject.map(({ digest }) => `sha256:${digest.sha256}`) ?? [];
  const answer = await client.query<{ log_index: string }>(
    "select log_index from lineage_sources where workspace = $1 and envelope = any($2)",
    [workspace.id, envelopes],
  );
  for (const { log_index } of answer.rows) {
    const item = await workspace.read(Number(log_index));
    if (item.status === "revoked") await end(client, workspace.id, item, revocation.entry.at);
  }
}

async function end(client: pg.PoolClient, workspace: string, item: Judged, at: number): Promise<void> {
  const { index } = item.entry;
  const edges = read({ ...item, status: "held" }, workspace)?.edges ?? [];
  const ids = await idsOf(client, workspace, [...new Set(edges.flatMap(({ from, to }) => [from, to]))]);
  const pairs = edges.map(({ from, to }) => ({ from: ids.get(from) ?? -1, to: ids.get(to) ?? -1 }));
  await endStatement(client, workspace, index, pairs, at);
  await endStates(client, workspace, index, at);
}

async function endStates(client: pg.PoolClient, workspace: string, index: number, at: number): Promise<void> {
  await client.query(
    "update lineage_containments set lifted_at = $3 where workspace = $1 and log_index = $2 and lifted_at is null",
    [workspace, index, at],
  );
  await client.query(
    "update lineage_deployments set state = 'stopped', at = $3 where workspace = $1 and log_index = $2",
    [workspace, index, at],
  );
  await client.query("delete from lineage_promotions where workspace = $1 and log_index = $2", [
    workspace,
    index,
  ]);
}

/** A new trust root may take a signer's word away from some entry on, or for all of them. */
export async function withdrawUntrusted(client: pg.PoolClient, workspace: Parts, at: number): Promise<void> {
  const trust = await workspace.trust();
  const signers = await client.query<{ signer: Digest; predicate: Predicate; index: string; at: string }>(
    `select signer, predicate, max(log_index) as index, max(at) as at from lineage_sources
     where workspace = $1 group by signer, predicate`,
    [workspace.id],
  );
  for (const { signer, predicate, index, at: newest } of signers.rows) {
    if (trust.permission(signer, predicate, Number(index), Number(newest)).ok) continue;
    const suspect = await client.query<{ log_index: string }>(
      "select log_index from lineage_sources where workspace = $1 and signer = $2 and predicate = $3",
      [workspace.id, signer, predicate],
    );
    for (const { log_index } of suspect.rows) {
      const item = await workspace.read(Number(log_index));
      const refused = item.status === "compromised" || item.status === "not-allowed";
      if (refused) await forget(client, workspace.id, Number(log_index), at);
    }
  }
}

// What the entry said is not opened any more, so its edges are found by its index: slow, and only ever after a theft.
async function forget(client: pg.PoolClient, workspace: string, index: number, at: number): Promise<void> {
  await client.query(
    "update lineage_edges set ended = $3 where workspace = $1 and log_index = $2 and ended is null",
    [workspace, index, at],
  );
  await endStates(client, workspace, index, at);
}
