import { randomBytes } from "node:crypto";
import { invalid } from "@countersign/tracking";
import { checkModelName } from "./names.js";
import { denied } from "./refusal.js";
import type { Registry } from "./registry.js";
import type { VersionRow } from "./rows.js";
import { parseSource, type Source } from "./source.js";

/** Where the bytes of a new version are from now on, sealed; a null root: not here. */
export interface Resolved {
  root: string | null;
  loggedModel: string;
}

const OUTSIDE: Resolved = { root: null, loggedModel: "" };

export async function resolveSource(registry: Registry, text: string, principal: string): Promise<Resolved> {
  const source = parseSource(text);
  if (source.kind === "outside") return OUTSIDE;
  if (source.kind === "root") return sealed(registry, source);
  const row = await otherVersion(registry, source, principal);
  return { root: row.root, loggedModel: row.loggedModel };
}

async function sealed(registry: Registry, { root, path }: { root: string; path: string }): Promise<Resolved> {
  const whole = root.startsWith("m-") && path === "";
  const into = whole ? root : `m-${randomBytes(16).toString("hex")}`;
  if (whole) await registry.artifacts.seal(root);
  else await registry.artifacts.snapshot(root, path, into);
  if ((await registry.artifacts.files(into)).length > 0)
    return { root: into, loggedModel: whole ? root : "" };
  throw invalid(`There are no artifacts at the source of this version. Log the model first.`);
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
