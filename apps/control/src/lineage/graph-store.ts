import type { Predicate } from "@countersign/facts";
import {
  DECLARED,
  type Direction,
  type FlowStep,
  type Neighbours,
  RELATIONS,
  type Relation,
} from "@countersign/lineage";
import type pg from "pg";

export interface NodeRow {
  id: number;
  key: string;
  type: string;
  kind: string;
  name: string;
  environment: string | null;
  region: string | null;
  owner: string | null;
  declared: boolean | null;
  at: number;
  /** A version that is contained, a deployment that runs, an asset that nobody declared and nothing is a version of. */
  marked: boolean;
}

type Values = [
  id: number,
  key: string,
  type: string,
  kind: string,
  name: string,
  environment: string | null,
  region: string | null,
  owner: string | null,
  declared: boolean | null,
  at: number,
  marked: boolean,
];

/**
 * Reads the graph as it is, or as it was at a time. What ran once was reached all the same: an ended deployment stays in a
 * trace, unlike a reference that somebody took out of a document.
 */
export class GraphStore implements Neighbours {
  readonly #pool: pg.Pool;
  readonly #workspace: string;
  readonly #at: number | undefined;

  constructor(pool: pg.Pool, workspace: string, at?: number) {
    this.#pool = pool;
    this.#workspace = workspace;
    this.#at = at;
  }

  async edges(
    ids: readonly number[],
    direction: Direction,
    most: number,
    columns: boolean,
  ): Promise<FlowStep[]> {
    const [near, far] = direction === "down" ? ["from_id", "to_id"] : ["to_id", "from_id"];
    const text = `select e.${near}::float8, e.${far}::float8, e.relation::int4${columns ? ", e.columns" : ""}
      from unnest($2::bigint[]) as f(id)
      join lineage_edges e on e.workspace = $1 and e.${near} = f.id
      where ${this.#holds("e")} limit $3`;
    const { rows } = await this.#pool.query<[number, number, number, Flow[] | null]>({
      text,
      values: [this.#workspace, listOf(ids), most],
      rowMode: "array",
    });
    const down = direction === "down";
    const steps = rows.map(([a, b, relation]) => ({ from: down ? a : b, to: down ? b : a, relation }));
    return columns ? this.#withColumns(steps, rows) : steps;
  }

  // Only a provenance that says what went in counts. Anybody with a write token can send an event that some run made a
  // version; if that counted, it would take away what a document declares of it.
  async recorded(ids: readonly number[]): Promise<number[]> {
    const { rows } = await this.#pool.query<[number]>({
      text: `select distinct e.to_id::float8 from lineage_edges e ${stated("e", "'provenance'")}
        where e.workspace = $1 and e.to_id = any($2::bigint[]) and e.relation = ${RELATIONS.output} and ${this.#holds("e")}
          and (select true from lineage_edges i ${stated("i", "'provenance'")} where i.workspace = $1
            and i.to_id = e.from_id and i.relation in (${RELATIONS.input}, ${RELATIONS.base}) and ${this.#holds("i")}
            limit 1) is not null`,
      values: [this.#workspace, listOf(ids)],
      rowMode: "array",
    });
    return rows.map(([id]) => id);
  }

  /** What edges of one relation lead to from any of `ids`, as far as statements of one kind say so; at most `most`. */
  async statedOf(
    ids: readonly number[],
    { relation, predicate, most }: { relation: Relation; predicate: Predicate; most: number },
  ): Promise<number[]> {
    const { rows } = await this.#pool.query<[number]>({
      text: `select distinct e.to_id::float8 from lineage_edges e ${stated("e", "$3")}
        where e.workspace = $1 and e.from_id = any($2::bigint[]) and e.relation = ${RELATIONS[relation]}
          and ${this.#holds("e")} limit $4`,
      values: [this.#workspace, listOf(ids), predicate, most],
      rowMode: "array",
    });
    return rows.map(([id]) => id);
  }

  /** Every edge between nodes of a set. */
  async between(ids: readonly number[]): Promise<FlowStep[]> {
    const { rows } = await this.#pool.query<[number, number, number]>({
      text: `select distinct e.from_id::float8, e.to_id::float8, e.relation::int4
        from unnest($2::bigint[]) as f(id)
        join lineage_edges e on e.workspace = $1 and e.from_id = f.id
        where e.to_id = any($2::bigint[]) and e.relation <> ${RELATIONS.of} and ${this.#holds("e")}`,
      values: [this.#workspace, listOf(ids)],
      rowMode: "array",
    });
    return rows.map(([from, to, relation]) => ({ from, to, relation }));
  }

  async nodes(ids: readonly number[]): Promise<Map<number, NodeRow>> {
    const rows = await this.#rows("n.id = any($2::bigint[])", [listOf(ids)]);
    return new Map(rows.map((row) => [row.id, row]));
  }

  byKeys(keys: readonly string[]): Promise<NodeRow[]> {
    return this.#rows("n.key = any($2) and n.at <= $3", [keys, this.#at ?? Number.MAX_SAFE_INTEGER]);
  }

  newest(limit: number): Promise<NodeRow[]> {
    return this.#rows("n.at <= $2 order by n.id desc limit $3", [this.#at ?? Number.MAX_SAFE_INTEGER, limit]);
  }

  // By position rather than by name: a trace reads ten thousand rows, and half of its time would go into naming columns.
  async #rows(where: string, values: unknown[]): Promise<NodeRow[]> {
    const { rows } = await this.#pool.query<Values>({
      text: `select n.id::float8, n.key, n.type, n.kind, n.name, n.environment, n.region, n.owner, n.declared,
          n.at::float8, ${this.#mark()}
        from lineage_nodes n where n.workspace = $1 and ${where}`,
      values: [this.#workspace, ...values],
      rowMode: "array",
    });
    return rows.map(([id, key, type, kind, name, environment, region, owner, declared, at, marked]) => {
      return { id, key, type, kind, name, environment, region, owner, declared, at, marked };
    });
  }

  // `limit 1` rather than `exists`, which PostgreSQL would answer by reading every edge there is into a table of its own.
  #mark(): string {
    const at = this.#at === undefined ? Number.MAX_SAFE_INTEGER : Math.floor(this.#at);
    return `case n.type
      when 'version' then (select true from lineage_containments c where c.workspace = $1 and c.artifact = n.key
        and c.at <= ${at} and (c.lifted_at is null or c.lifted_at > ${at}) limit 1) is not null
      when 'deployment' then (select true from lineage_edges e where e.workspace = $1 and e.to_id = n.id
        and e.relation = ${RELATIONS.deployed} and e.since <= ${at} and (e.ended is null or e.ended > ${at})
        limit 1) is not null
      when 'asset' then n.declared is null and (select true from lineage_edges e where e.workspace = $1
        and e.from_id = n.id and e.relation = ${RELATIONS.version} limit 1) is null
      else false end`;
  }

  // Times are numbers that come from the schema of the request, so they can stand in the text.
  #holds(edge: string): string {
    const ran = `${edge}.relation = ${RELATIONS.deployed}`;
    if (this.#at === undefined) return `(${edge}.ended is null or ${ran})`;
    const at = Math.floor(this.#at);
    return `(${edge}.since <= ${at} and (${edge}.ended is null or ${edge}.ended > ${at} or ${ran}))`;
  }

  async #withColumns(
    steps: FlowStep[],
    rows: [number, number, number, Flow[] | null][],
  ): Promise<FlowStep[]> {
    const flows = rows.map((row) => row[3]);
    const keys = new Set(
      flows.flatMap((list) => list?.flatMap(({ from }) => from.map(({ node }) => node)) ?? []),
    );
    const ids = new Map((await this.byKeys([...keys])).map(({ key, id }) => [key, id]));
    return joinFlows(
      steps.map((step, at) => ({ step, flow: flows[at] ?? undefined })),
      ids,
    );
  }
}

/** Joins to an edge the entry that says it, if it is a statement of that kind. */
const stated = (edge: string, predicate: string): string =>
  `join lineage_sources ${edge}_said on ${edge}_said.workspace = ${edge}.workspace
    and ${edge}_said.log_index = ${edge}.log_index and ${edge}_said.predicate = ${predicate}`;

/** As PostgreSQL writes an array of numbers; the driver would look at each for quotes. */
const listOf = (ids: readonly number[]): string => `{${ids.join(",")}}`;

interface Flow {
  to: string;
  from: { node: string; field: string }[];
}

/** One edge may be said by several events, the first of which often knows no columns yet: what the others know counts. */
function joinFlows(
  said: { step: FlowStep; flow: Flow[] | undefined }[],
  ids: ReadonlyMap<string, number>,
): FlowStep[] {
  const joined = new Map<string, FlowStep>();
  for (const { step, flow } of said) {
    const key = `${step.from} ${step.to} ${step.relation % DECLARED}`;
    const known = joined.get(key) ?? step;
    const columns = flow?.map(({ to, from }) => ({
      to,
      from: from.flatMap(({ node, field }) => {
        const id = ids.get(node);
        return id === undefined ? [] : [{ id, field }];
      }),
    }));
    const all = [...(known.columns ?? []), ...(columns ?? [])];
    joined.set(key, all.length === 0 ? known : { ...known, columns: all });
  }
  return [...joined.values()];
}
