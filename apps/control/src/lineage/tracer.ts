import type { Graph, GraphQuery, Trace, TraceNode, TraceQuery } from "@countersign/api";
import { CountersignError } from "@countersign/evidence";
import type { PlanAlias, Reach, Step } from "@countersign/lineage";
import { collapse, containmentPlan, keysMeant, trace } from "@countersign/lineage";
import type pg from "pg";
import { GraphStore, type NodeRow } from "./graph-store.js";
import { deploymentsOf, promotedOf, statesOf } from "./states-store.js";
import { edgeView, nodeView, type States } from "./views.js";

const TRACE_LIMIT = 10_000;
const GRAPH_LIMIT = 500;
const GRAPH_DEPTH = 3;
/** Beyond that many nodes, only the edges by which each was reached first are told. */
const ALL_EDGES = 2_000;

export interface TracerParts {
  pool: pg.Pool;
  workspace: string;
  /** Aliases of the registry that point to any of these versions. */
  aliasesOf?: (artifacts: readonly string[]) => Promise<PlanAlias[]>;
}

/** Answers what reached what. */
export class Tracer {
  readonly #parts: TracerParts;

  constructor(parts: TracerParts) {
    this.#parts = parts;
  }

  async trace(query: TraceQuery): Promise<Trace> {
    const { direction = "down", limit = TRACE_LIMIT, at, column } = query;
    const store = this.#store(at);
    const origin = await this.origin(query.subject, store);
    const said = column === undefined ? {} : { column };
    const reach = await trace([origin.id], store, { direction, limit, ...said });
    return this.#traceView(origin, reach, store, { direction, at });
  }

  async graph(query: GraphQuery): Promise<Graph> {
    const { focus, at, limit = GRAPH_LIMIT } = query;
    const store = this.#store(at);
    const found = focus === undefined ? await newest(store, limit) : await this.#around(focus, query, store);
    const rows = await store.nodes(found.ids);
    const edges = found.edges ?? (await store.between(found.ids));
    const states = await this.#states([...rows.values()], at);
    const drawn = {
      nodes: [...rows.values()].map((row) => nodeView(row, states)),
      edges: edges.flatMap((edge) => edgeView(edge, rows)),
    };
    const shown = query.collapse === true ? folded(drawn, found.origin) : drawn;
    return { ...shown, truncated: found.truncated, at: at ?? null };
  }

  /** The node that a person means by `subject`. */
  async origin(subject: string, store: GraphStore = this.#store(undefined)): Promise<NodeRow> {
    const keys = keysMeant(subject);
    const rows = await store.byKeys(keys);
    const found = keys.flatMap((key) => rows.filter((row) => row.key === key));
    const [first, ...others] = found;
    if (first === undefined) {
      throw new CountersignError(
        "not-found",
        `Nothing on record is called ${subject}. Name a digest, a name, Dataset:NAME or run:ID; \`countersign graph\` shows what there is.`,
      );
    }
    // A bare name is a model's first of all.
    if (first.key === keys[0] || others.length === 0) return first;
    const names = found.map(({ kind, name }) => `${kind}:${name}`).join(", ");
    throw new CountersignError(
      "conflict",
      `${subject} is the name of several assets: say which of ${names}.`,
    );
  }

  #store(at: number | undefined): GraphStore {
    return new GraphStore(this.#parts.pool, this.#parts.workspace, at);
  }

  async #around(
    focus: string,
    { direction = "both", depth = GRAPH_DEPTH, limit = GRAPH_LIMIT }: GraphQuery,
    store: GraphStore,
  ): Promise<Found> {
    const origin = await this.origin(focus, store);
    const ways = direction === "both" ? (["down", "up"] as const) : [direction];
    const reaches = await Promise.all(
      ways.map((way) => trace([origin.id], store, { direction: way, limit, depth })),
    );
    const nearest = reaches.flatMap(({ nodes }) => nodes).sort((a, b) => a.depth - b.depth);
    const ids = [...new Set(nearest.map(({ id }) => id))];
    const kept = new Set(ids.slice(0, limit));
    const edges = reaches
      .flatMap((reach) => reach.edges)
      .filter(({ from, to }) => kept.has(from) && kept.has(to));
    const truncated = reaches.some((reach) => reach.truncated) || ids.length > limit;
    return { ids: [...kept], edges, truncated, origin: origin.key };
  }

  async #traceView(
    origin: NodeRow,
    reach: Reach,
    store: GraphStore,
    { direction, at }: { direction: Trace["direction"]; at: number | undefined },
  ): Promise<Trace> {
    const rows = await store.nodes(reach.nodes.map(({ id }) => id));
    const states = await this.#states([...rows.values()], at);
    const nodes = reach.nodes.flatMap(({ id, depth, via, columns }): TraceNode[] => {
      const row = rows.get(id);
      const from = via === undefined ? null : (rows.get(via)?.key ?? null);
      return row === undefined
        ? []
        : [
            {
              ...nodeView(row, states),
              depth,
              via: from,
              ...(columns === undefined ? {} : { columns: told(columns) }),
            },
          ];
    });
    const edges = (nodes.length > ALL_EDGES ? treeOf(reach) : reach.edges).flatMap((edge) =>
      edgeView(edge, rows),
    );
    const plan = await this.#plan(nodes, states);
    return {
      origin: nodeView(origin, states),
      direction,
      nodes,
      edges,
      counts: countsOf(nodes),
      plan,
      truncated: reach.truncated,
      at: at ?? null,
    };
  }

  async #states(rows: readonly NodeRow[], at: number | undefined): Promise<States> {
    const keysOf = (type: string): string[] => rows.filter((row) => row.type === type).map(({ key }) => key);
    const undeclared = rows.filter(({ type, declared }) => type === "asset" && declared === null);
    const keys = {
      versions: keysOf("version"),
      deployments: keysOf("deployment"),
      undeclared: undeclared.map(({ key }) => key),
    };
    return statesOf(this.#parts.pool, this.#parts.workspace, keys, at);
  }

  async #plan(nodes: readonly TraceNode[], { contained }: States): Promise<Trace["plan"]> {
    const { pool, workspace, aliasesOf } = this.#parts;
    const artifacts = nodes.filter(({ type }) => type === "version").map(({ key }) => key);
    const [deployments, promoted, aliases] = await Promise.all([
      deploymentsOf(pool, workspace, artifacts),
      promotedOf(pool, workspace, artifacts),
      aliasesOf?.(artifacts) ?? [],
    ]);
    const marked = nodes.map((node) => ({ ...node, contained: contained.has(node.key) }));
    return containmentPlan({ nodes: marked, deployments, aliases: [...aliases, ...promoted] });
  }
}

interface Found {
  ids: number[];
  edges?: Step[];
  truncated: boolean;
  origin?: string;
}

async function newest(store: GraphStore, limit: number): Promise<Found> {
  const rows = await store.newest(limit + 1);
  return { ids: rows.slice(0, limit).map(({ id }) => id), truncated: rows.length > limit };
}

/** A group keeps the key of its first member, so that edges and focus go on working. */
function folded(
  drawn: Pick<Graph, "nodes" | "edges">,
  origin: string | undefined,
): Pick<Graph, "nodes" | "edges"> {
  const { nodes, edges } = collapse(drawn, new Set(origin === undefined ? [] : [origin]));
  const shown = nodes.map(({ node, members }) =>
    members.length === 1
      ? node
      : {
          ...node,
          type: "group" as const,
          label: `${node.type}s like ${node.label}`,
          members: members.length,
        },
  );
  return { nodes: shown, edges };
}

/** The edges by which each node was reached first. */
function treeOf({ nodes, edges }: Reach): Step[] {
  const via = new Map(nodes.map((node) => [node.id, node.via]));
  const told = new Set<number>();
  return edges.filter(({ from, to }) => {
    const child = via.get(to) === from ? to : via.get(from) === to ? from : undefined;
    if (child === undefined || told.has(child)) return false;
    told.add(child);
    return true;
  });
}

function countsOf(nodes: readonly TraceNode[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type, depth } of nodes) if (depth > 0) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

/** Inside a run a column is one of a certain dataset; outside, its name is enough. */
const told = (columns: string[]): string[] => [
  ...new Set(columns.map((column) => column.replace(/^\d+ /, ""))),
];
