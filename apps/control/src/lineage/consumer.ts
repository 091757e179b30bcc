import type { Judged, Predicate } from "@countersign/facts";
import type { Contribution } from "@countersign/lineage";
import type pg from "pg";
import type { Consumer } from "../consumers/consumer.js";
import { endEdges } from "./endings.js";
import { tieNames } from "./names.js";
import { type Parts, read } from "./reading.js";
import { noteSources } from "./sources.js";
import { noteStates } from "./states.js";
import { idsOf, writeEdges, writeNodes } from "./tables.js";
import { withdraw, withdrawUntrusted } from "./withdrawn.js";

const PREDICATES: readonly Predicate[] = [
  "manifest",
  "provenance",
  "lineage",
  "deployment",
  "promotion",
  "asset",
  "profile",
  "containment",
  "revocation",
  "trust-root",
];

const TABLES = [
  "lineage_nodes",
  "lineage_edges",
  "lineage_names",
  "lineage_sources",
  "lineage_containments",
  "lineage_deployments",
  "lineage_promotions",
];

/** Keeps the graph. Rebuilt from the log it is the same graph: what was revoked since is entered, and ended, in its turn. */
export function lineageConsumer(workspace: Parts): Consumer {
  return {
    name: "lineage",
    predicates: PREDICATES,
    apply: async (client, items) => {
      for (const chunk of chunksOf(items, workspace.id)) await applyChunk(client, workspace, chunk);
    },
    forget: async (client) => {
      for (const table of TABLES)
        await client.query(`delete from ${table} where workspace = $1`, [workspace.id]);
    },
  };
}

interface Said {
  item: Judged;
  contribution: Contribution;
}

/** Stands for names that were said; no slot is called so. */
const NAMED = "";

type Chunk = { said: Said[] } | { withdrawal: Judged };

/** Statements that can be written together: none ends what another of them begins. */
function* chunksOf(items: readonly Judged[], workspace: string): Generator<Chunk> {
  let said: Said[] = [];
  let slots = new Set<string>();
  const flush = function* (): Generator<Chunk> {
    if (said.length > 0) yield { said };
    said = [];
    slots = new Set();
  };
  for (const item of items) {
    if (item.entry.predicate === "revocation" || item.entry.predicate === "trust-root") {
      yield* flush();
      yield { withdrawal: item };
      continue;
    }
    const contribution = read(item, workspace);
    if (contribution === undefined) continue;
    if (clashes(contribution, slots)) yield* flush();
    for (const slot of slotsOf(contribution)) slots.add(slot);
    said.push({ item, contribution });
  }
  yield* flush();
}

function slotsOf({ ends, edges, names = [] }: Contribution): string[] {
  const slots = names.length > 0 ? [NAMED] : [];
  if (ends !== undefined) return [...slots, "node" in ends ? ends.node : `${ends.from} ${ends.to}`];
  const deployed = edges.find(({ relation }) => relation === "deployed");
  return deployed === undefined ? slots : [...slots, `${deployed.from} ${deployed.to}`];
}

/** A document ends ties as well, and so must find those that names before it began. */
function clashes(contribution: Contribution, slots: ReadonlySet<string>): boolean {
  const { ends } = contribution;
  const unties = ends !== undefined && "node" in ends && ends.ties;
  return (
    (unties && slots.has(NAMED)) || slotsOf(contribution).some((slot) => slot !== NAMED && slots.has(slot))
  );
}

async function applyChunk(client: pg.PoolClient, workspace: Parts, chunk: Chunk): Promise<void> {
  if ("said" in chunk) return applySaid(client, workspace.id, chunk.said);
  const { withdrawal } = chunk;
  return withdrawal.entry.predicate === "revocation"
    ? withdraw(client, workspace, withdrawal)
    : withdrawUntrusted(client, workspace, withdrawal.entry.at);
}

async function applySaid(client: pg.PoolClient, workspace: string, said: Said[]): Promise<void> {
  const placed = <T>(read: (one: Said) => readonly T[]) =>
    said.flatMap((one) =>
      read(one).map((value) => ({ value, at: one.item.entry.at, index: one.item.entry.index, one })),
    );
  const nodes = placed(({ contribution }) => contribution.nodes);
  const edges = placed(({ contribution }) => contribution.edges);
  await writeNodes(
    client,
    workspace,
    nodes.map((node) => ({ ...node, strong: isNamed(node.one.item.entry.predicate) })),
  );
  const ids = await idsOf(client, workspace, [...new Set(nodes.map(({ value }) => value.key))]);
  await endEdges(
    client,
    workspace,
    placed(({ contribution }) => (contribution.ends === undefined ? [] : [contribution.ends])),
    ids,
  );
  await writeEdges(
    client,
    workspace,
    edges.map((edge) => ({ ...edge, repeats: edge.one.item.entry.predicate === "lineage" })),
    ids,
  );
  const names = placed(({ contribution }) => contribution.names ?? []);
  const answers = placed(({ contribution }) => contribution.answers ?? []);
  await tieNames(client, workspace, names, answers, ids);
  await noteSources(
    client,
    workspace,
    said.map(({ item }) => item),
  );
  await noteStates(
    client,
    workspace,
    said.map(({ item }) => item),
  );
}

/** What a manifest or a document calls something is its name; what an event or a run calls it is a guess. */
const isNamed = (predicate: Predicate): boolean => predicate === "manifest" || predicate === "asset";
