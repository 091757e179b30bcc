import { inTransaction } from "../database/transaction.js";
import type { Label } from "./gate.js";
import { denied } from "./refusal.js";
import type { Registry } from "./registry.js";
import type { Connection, ModelRow, VersionRow } from "./rows.js";

/**
 * Aliases and stages move with their model, and a name may put an alias at another gate: each enters again under the new name
 * before anybody can ask for it there.
 */
export async function rename(registry: Registry, from: string, to: string, principal: string): Promise<void> {
  const { pool, models, gate } = registry;
  const model = await models.get(pool, from);
  const places = await placesOf(registry, pool, model);
  const own = await gate.of(to, principal);
  for (const { row, label } of places) if (own.environment(label) !== "dev") await own.enter(row, label);
  await inTransaction(pool, async (client) => {
    const locked = await models.lock(client, from);
    if (locked.id !== model.id || said(await placesOf(registry, client, locked)) !== said(places))
      throw denied(`${from} changed meanwhile. Try again.`);
    await models.rename(client, locked, to);
  });
}

interface Held {
  row: VersionRow;
  label: Label;
}

async function placesOf({ versions }: Registry, connection: Connection, { id }: ModelRow): Promise<Held[]> {
  const places: Held[] = [];
  const aliases = await versions.aliases(connection, [id]);
  for (const row of await versions.pointed(connection, [id]))
    for (const { alias } of aliases.filter(({ version }) => version === row.version))
      places.push({ row, label: { kind: "alias", text: alias } });
  for (const row of await versions.guarded(connection, id))
    places.push({ row, label: { kind: "stage", text: row.stage } });
  return places;
}

function said(places: readonly Held[]): string {
  return places
    .map(({ row, label }) => `${row.job} ${label.kind} ${label.text}`)
    .sort()
    .join("\n");
}
