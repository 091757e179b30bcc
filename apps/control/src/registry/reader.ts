import type pg from "pg";
import { type Effect, effectOf } from "./effect.js";
import type { Gate, ModelGate } from "./gate.js";
import type { AliasRow, ModelRow, VersionRow } from "./rows.js";
import { keyOf, type Tags } from "./tags.js";
import type { Versions } from "./versions.js";
import { modelView, versionView } from "./view.js";

export interface ReaderParts {
  pool: pg.Pool;
  versions: Versions;
  tags: Tags;
  gate: Gate;
}

type View = Record<string, unknown>;
type Named = { row: VersionRow; name: string };

/** Puts together what clients are shown: rows, tags, and what of the aliases and stages still holds. */
export class Reader {
  readonly #parts: ReaderParts;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
  }

  async version(row: VersionRow, name: string, principal: string): Promise<View> {
    const [view] = await this.versionViews([{ row, name }], principal);
    return view ?? {};
  }

  async versionViews(named: readonly Named[], principal: string): Promise<View[]> {
    const { pool, versions, tags } = this.#parts;
    const models = [...new Set(named.map(({ row }) => row.model))];
    const aliases = await versions.aliases(pool, models);
    const labels = await tags.of(pool, models);
    const effects = await this.#effects(named, aliases, principal);
    return named.map(({ row, name }) =>
      versionView(name, row, labels.get(keyOf(row)) ?? [], effectIn(effects, row)),
    );
  }

  async model(row: ModelRow, principal: string): Promise<View> {
    const [view] = await this.modelViews([row], principal);
    return view ?? {};
  }

  async modelViews(rows: readonly ModelRow[], principal: string): Promise<View[]> {
    const { pool, versions, tags } = this.#parts;
    const models = rows.map(({ id }) => id);
    const names = new Map(rows.map(({ id, name }) => [id, name]));
    const aliases = await versions.aliases(pool, models);
    const newest = await versions.newest(pool, models);
    const pointed = await versions.pointed(pool, models);
    const shown = new Map([...newest, ...pointed].map((row) => [keyOf(row), row]));
    const named = [...shown.values()].map((row) => ({ row, name: names.get(row.model) ?? "" }));
    const labels = await tags.of(pool, models);
    const effects = await this.#effects(named, aliases, principal);
    return rows.map((row) => {
      const latest = newest
        .filter(({ model }) => model === row.id)
        .map((each) => versionView(row.name, each, labels.get(keyOf(each)) ?? [], effectIn(effects, each)));
      const held = aliases.filter((each) => each.model === row.id && stands(effects, each));
      return modelView(row, labels.get(keyOf({ model: row.id, version: 0 })) ?? [], held, latest);
    });
  }

  async #effects(
    named: readonly Named[],
    aliases: readonly AliasRow[],
    principal: string,
  ): Promise<Map<string, Effect>> {
    const gates = new Map<string, Promise<ModelGate>>();
    const gateOf = (name: string) => {
      const gate = gates.get(name) ?? this.#parts.gate.of(name, principal);
      gates.set(name, gate);
      return gate;
    };
    const effects = new Map<string, Effect>();
    const pointing = grouped(aliases);
    const ask = async ({ row, name }: Named): Promise<void> => {
      const names = pointing.get(keyOf(row)) ?? [];
      effects.set(keyOf(row), await effectOf(() => gateOf(name), row, names));
    };
    for (let at = 0; at < named.length; at += AT_ONCE)
      await Promise.all(named.slice(at, at + AT_ONCE).map(ask));
    return effects;
  }
}

/** Fewer than the connections to the database: a long list must not keep others from it. */
const AT_ONCE = 4;

function grouped(aliases: readonly AliasRow[]): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const row of aliases) names.set(keyOf(row), [...(names.get(keyOf(row)) ?? []), row.alias]);
  return names;
}

const NOTHING: Effect = { stage: "None", aliases: [], message: "" };

function effectIn(effects: ReadonlyMap<string, Effect>, row: VersionRow): Effect {
  return effects.get(keyOf(row)) ?? NOTHING;
}

function stands(effects: ReadonlyMap<string, Effect>, alias: AliasRow): boolean {
  return effects.get(keyOf(alias))?.aliases.includes(alias.alias) ?? false;
}
