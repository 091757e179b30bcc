import type { Graph, GraphQuery, Trace, TraceNode, TraceQuery } from "@countersign/api";
import { CountersignError } from "@countersign/evidence";
import type { PlanAlias, Reach, Reached, Step } from "@countersign/lineage";
import { collapse, containmentPlan, keysMeant, trace } from "@countersign/lineage";
import type pg from "pg";
import { GraphStore, type NodeRow } from "./graph-store.js";
import { deploymentsOf, promotedOf } from "./states-store.js";
import { edgeView, nodeView } from "./views.js";

const TRACE_LIMIT = 10_000;
const GRAPH_LIMIT = 500;
const GRAPH_DEPTH = 3;

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

  /** The versions that a subject itself is, whatever they reached: no invented lineage can make that too much. */
  async own(subject: string, most: number): Promise<Pick<Trace, "origin" | "plan" | "truncated">> {
    const store = this.#store(undefined);
    const origin = await this.origin(subject, store);
    // An event may say that anything is a version of an asset; only an admission makes it one.
    const admitted = { relation: "version", predicate: "manifest", most: most + 1 } as const;
    const ids = origin.type === "version" ? [origin.id] : await store.statedOf([origin.id], admitted);
    const deployed = { relation: "deployed", predicate: "deployment", most: TRACE_LIMIT } as const;
    const running = await store.statedOf(ids, deployed);
    const rows = await store.nodes([...ids.slice(0, most), ...running]);
    const versions = [...rows.values()].filter(({ type }) => type === "version");
    const assets = await store.byKeys([
      ...new Set(versions.map(({ kind, name }) => `asset:${kind}/${name}`)),
    ]);
    for (const row of assets) rows.set(row.id, row);
    const nodes = [...rows.keys()].flatMap((id) =>
      traceNode({ id, depth: id === origin.id ? 0 : 1, via: undefined }, rows),
    );
    const plan = await this.#plan(nodes, [...rows.values()]);
    return { origin: nodeView(origin), plan, truncated: ids.length > most };
  }

  async graph(query: GraphQuery): Promise<Graph> {
    const { focus, at, limit = GRAPH_LIMIT } = query;
    const store = this.#store(at);
    const found = focus === undefined ? await newest(store, limit) : await this.#around(focus, query, store);
    const rows = await store.nodes(found.ids);
    const edges = found.edges ?? (await store.between(found.ids));
    const drawn = {
      nodes: [...rows.values()].map(nodeView),
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
    const nodes = reach.nodes.flatMap((node) => traceNode(node, rows));
    const plan = await this.#plan(nodes, [...rows.values()]);
    return {
      origin: nodeView(rows.get(origin.id) ?? origin),
      direction,
      nodes,
      edges: reach.edges.flatMap((edge) => edgeView(edge, rows)),
      counts: countsOf(nodes),
      plan,
      truncated: reach.truncated,
      at: at ?? null,
    };
  }

  async #plan(nodes: readonly TraceNode[], rows: readonly NodeRow[]): Promise<Trace["plan"]> {
    const { pool, workspace, aliasesOf } = this.#parts;
    const versions = rows.filter(({ type }) => type === "version");
    const ids = versions.map(({ id }) => id);
    const running = rows.filter(({ type, marked }) => type === "deployment" && marked);
    const [deployments, promoted, aliases] = await Promise.all([
      deploymentsOf(
        pool,
        workspace,
        running.map(({ id }) => id),
      ),
      promotedOf(pool, workspace, ids),
      aliasesOf?.(versions.map(({ key }) => key)) ?? [],
    ]);
    const reached = new Set(versions.map(({ key }) => key));
    const theirs = deployments.filter(({ artifact }) => reached.has(artifact));
    return containmentPlan({ nodes, deployments: theirs, aliases: [...aliases, ...promoted] });
  }
}

function traceNode({ id, depth, via, columns }: Reached, rows: ReadonlyMap<number, NodeRow>): TraceNode[] {
  const row = rows.get(id);
  if (row === undefined) return [];
  const from = via === undefined ? null : (rows.get(via)?.key ?? null);
  const node: TraceNode = Object.assign(nodeView(row), { depth, via: from });
  if (columns !== undefined) node.columns = told(columns);
  return [node];
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

function countsOf(nodes: readonly TraceNode[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type, depth } of nodes) if (depth > 0) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

/** Inside a run a column is one of a certain dataset; outside, its name is enough. */
const told = (columns: string[]): string[] => [
  ...new Set(columns.map((column) => column.replace(/^\d+ /, ""))),
];
