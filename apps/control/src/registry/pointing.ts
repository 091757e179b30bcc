import type { PlanAlias } from "@countersign/lineage";
import type pg from "pg";
import type { Gate } from "./gate.js";

/** The attacker may have made many: people need to know that there are more, not all of them. */
const MOST = 1_000;

interface Pointer {
  name: string;
  label: string;
  kind: "alias" | "stage";
  artifact: string;
}

/** Aliases and stages that stand for any of these versions, for people who have to move them elsewhere. */
export async function pointersTo(
  parts: { pool: pg.Pool; workspace: string; gate: Gate },
  artifacts: readonly string[],
): Promise<PlanAlias[]> {
  const { pool, workspace, gate } = parts;
  const { rows } = await pool.query<Pointer>(
    `select m.name, a.alias as label, 'alias' as kind, v.artifact
     from registry_versions v
     join registry_aliases a using (workspace, model, version)
     join registry_models m on m.workspace = v.workspace and m.id = v.model
     where v.workspace = $1 and v.artifact = any($2)
     union all
     select m.name, v.stage, 'stage', v.artifact
     from registry_versions v join registry_models m on m.workspace = v.workspace and m.id = v.model
     where v.workspace = $1 and v.artifact = any($2) and v.stage in ('Staging', 'Production')
     order by 1, 2 limit $3`,
    [workspace, artifacts, MOST],
  );
  const gates = new Map<string, ReturnType<Gate["of"]>>();
  return Promise.all(
    rows.map(async ({ name, label, kind, artifact }) => {
      const known = gates.get(name) ?? gate.of(name, "service");
      gates.set(name, known);
      return { name, alias: label, environment: (await known).environment({ kind, text: label }), artifact };
    }),
  );
}
