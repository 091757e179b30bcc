import { randomBytes } from "node:crypto";
import { invalid } from "@countersign/tracking";
import { type LoggedModelRow, READY } from "./logged/rows.js";
import { checkModelName } from "./names.js";
import { denied } from "./refusal.js";
import type { Registry } from "./registry.js";
import type { VersionRow } from "./rows.js";
import { parseSource, type Source } from "./source.js";

/** Where the bytes of a new version are from now on, sealed; a null root: not here. */
export interface Resolved {
  root: string | null;
  loggedModel: string;
  /** The run that logged the model, as far as the source tells; "" otherwise. */
  run: string;
}

const OUTSIDE: Resolved = { root: null, loggedModel: "", run: "" };

export async function resolveSource(registry: Registry, text: string, principal: string): Promise<Resolved> {
  const source = parseSource(text);
  if (source.kind === "outside") return OUTSIDE;
  if (source.kind === "root") return sealed(registry, source, principal);
  const row = await otherVersion(registry, source, principal);
  return { root: row.root, loggedModel: row.loggedModel, run: "" };
}

async function sealed(
  { artifacts, logged }: Registry,
  { root, path }: { root: string; path: string },
  principal: string,
): Promise<Resolved> {
  const whole = root.startsWith("m-") && path === "";
  const into = whole ? root : `m-${randomBytes(16).toString("hex")}`;
  let run = "";
  if (whole)
    await artifacts.seal(root, async (client) => {
      const model = await logged.get(client, root);
      requireDone(model, principal);
      run = model.run;
    });
  else await artifacts.snapshot(root, path, into);
  return { root: into, loggedModel: whole ? root : "", run };
}

/** MLflow's clients register what they have uploaded before they call it ready; nobody else can know that it is whole. */
function requireDone({ id, status, principal }: LoggedModelRow, caller: string): void {
  if (status === READY || principal === caller) return;
  throw invalid(
    `${id} is not ready: ${principal} may still be uploading it. Register it once its status is LOGGED_MODEL_READY.`,
  );
}

/** A copy has the same bytes, so what is on record about them holds for it as well. */
async function otherVersion(
  registry: Registry,
  source: Extract<Source, { name: string }>,
  principal: string,
): Promise<VersionRow> {
  const { pool, models, versions, gate } = registry;
  const model = await models.get(pool, checkModelName(source.name));
  if (source.kind === "version") return versions.get(pool, model, String(source.version));
  const row = await versions.byAlias(pool, model, source.alias);
  const standing = await (await gate.of(model.name, principal)).standing(row, {
    kind: "alias",
    text: source.alias,
  });
  if (!standing.allowed) throw denied(standing.message);
  return row;
}
