import type { Effect } from "./effect.js";
import { OUR_TAGS } from "./names.js";
import type { ModelRow, TagRow, VersionRow } from "./rows.js";

/** A version in MLflow's words. */
export function versionView(
  name: string,
  row: VersionRow,
  tags: readonly TagRow[],
  effect: Effect,
): Record<string, unknown> {
  const message = [row.message, effect.message].filter((text) => text !== "").join(" ");
  return {
    name,
    version: String(row.version),
    creation_timestamp: row.createdAt,
    last_updated_timestamp: row.updatedAt,
    user_id: row.principal,
    current_stage: effect.stage,
    description: row.description,
    source: row.source,
    run_id: row.run,
    status: row.status,
    ...(message === "" ? {} : { status_message: message }),
    tags: [...tags, ...ourTags(row)],
    run_link: row.runLink,
    aliases: effect.aliases,
    ...(row.loggedModel === "" ? {} : { model_id: row.loggedModel }),
  };
}

/** By this digest everything else here knows the version: `countersign gate`, `sign`, `approve`, `trace`. */
function ourTags({ artifact }: VersionRow): TagRow[] {
  return artifact === null ? [] : [{ key: `${OUR_TAGS}artifact`, value: artifact }];
}

export function modelView(
  row: ModelRow,
  tags: readonly TagRow[],
  aliases: readonly { alias: string; version: number }[],
  latest: readonly Record<string, unknown>[],
): Record<string, unknown> {
  return {
    name: row.name,
    creation_timestamp: row.createdAt,
    last_updated_timestamp: row.updatedAt,
    user_id: row.principal,
    description: row.description,
    ...(latest.length === 0 ? {} : { latest_versions: latest }),
    tags,
    aliases: aliases.map(({ alias, version }) => ({ alias, version: String(version) })),
  };
}
