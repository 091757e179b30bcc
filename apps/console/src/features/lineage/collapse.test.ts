import type { GraphEdge, GraphNode } from "@countersign/api";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Net } from "../../shared/graph/reach.js";
import { collapse } from "./collapse.js";
import { familiesOf } from "./groups.js";

const node = (key: string, type: GraphNode["type"], name: string, kind = ""): GraphNode => ({
  key,
  type,
  kind,
  name,
  label: name,
  at: 0,
});

/** One dataset that 412 runs read, each of which made a version of one of three models. */
const poisoned = (): Net => {
  const nodes = [node("data", "version", "claims", "Dataset")];
  const edges: GraphEdge[] = [];
  for (let at = 0; at < 412; at += 1) {
    nodes.push(node(`run:${at}`, "run", `run ${at}`, "Run"));
    nodes.push(node(`model:${at}`, "version", `model-${at % 3}`, "Model"));
    edges.push({ from: "data", to: `run:${at}`, relation: "input" });
    edges.push({ from: `run:${at}`, to: `model:${at}`, relation: "output" });
  }
  return { nodes, edges };
};

const shown = (graph: Net, opened: [string, number][] = [], pinned: string[] = []) =>
  collapse(graph, familiesOf(graph), new Map(opened), new Set(pinned));

const anyGraph: fc.Arbitrary<Net> = fc
  .array(
    fc.tuple(
      fc.constantFrom("asset" as const, "version" as const, "run" as const),
      fc.constantFrom("a", "b", "c"),
      fc.boolean(),
    ),
    {
      minLength: 1,
      maxLength: 120,
    },
  )
  .chain((told) => {
    const nodes = told.map(([type, name, own], at) => node(`n${at}`, type, own ? `${name}${at}` : name));
    const end = fc.integer({ min: 0, max: nodes.length - 1 }).map((at) => `n${at}`);
    return fc.record({
      nodes: fc.constant(nodes),
      edges: fc.array(fc.record({ from: end, to: end, relation: fc.constant("input" as const) }), {
        maxLength: 200,
      }),
    });
  });

describe("what the picture shows of a graph", () => {
  it("puts runs that read and made the same into one box, and versions by asset", () => {
    const { items, links } = shown(poisoned());
    expect(items.map(({ type, name, members }) => `${members.length} ${type} ${name}`)).toEqual([
      "1 version claims",
      "138 run ",
      "137 run ",
      "137 run ",
      "138 version model-0",
      "137 version model-1",
      "137 version model-2",
    ]);
    expect(links).toHaveLength(6);
    expect(links[0]?.count).toBeGreaterThan(100);
  });

  it("opens a box page by page, and keeps the rest in one", () => {
    const graph = poisoned();
    const [group] = shown(graph).items.filter(({ name }) => name === "model-1");
    const once = shown(graph, [[group?.id ?? "", 1]]).items.filter(({ name }) => name === "model-1");
    expect(once).toHaveLength(31);
    expect(once.at(-1)?.members).toHaveLength(137 - 30);
    expect(shown(graph, [[group?.id ?? "", 9]]).items.filter(({ name }) => name === "model-1")).toHaveLength(
      137,
    );
  });

  it("lets what the reader looks at stand alone", () => {
    const { items, itemOf } = shown(poisoned(), [], ["run:7"]);
    expect(itemOf.get("run:7")).toBe("run:7");
    expect(items.find(({ id }) => id === "run:7")?.members).toHaveLength(1);
  });

  it("stays readable with 5,000 nodes of 1,000 assets", () => {
    const nodes = Array.from({ length: 5000 }, (_, at) =>
      node(`v${at}`, "version", `m${at % 1000}`, "Model"),
    );
    const edges = nodes
      .slice(1)
      .map(({ key }, at) => ({ from: `v${at}`, to: key, relation: "base" as const }));
    expect(shown({ nodes, edges }).items.length).toBeLessThanOrEqual(60);
  });

  it("has every node in exactly one box, and no edge that leads nowhere", () => {
    fc.assert(
      fc.property(anyGraph, fc.array(fc.nat(119)), (graph, picked) => {
        const families = familiesOf(graph);
        const ids = families.flatMap(({ id, groups }) => [id, ...groups.map((group) => group.id)]);
        const opened = new Map(picked.map((at) => [ids[at % ids.length] ?? "", 1 + (at % 3)]));
        const { items, links } = collapse(graph, families, opened, new Set([`n${picked[0] ?? 0}`]));
        const keys = items.flatMap(({ members }) => members.map(({ key }) => key)).sort();
        expect(keys).toEqual(graph.nodes.map(({ key }) => key).sort());
        const known = new Set(items.map(({ id }) => id));
        expect(known.size).toBe(items.length);
        expect(links.every(({ from, to }) => known.has(from) && known.has(to) && from !== to)).toBe(true);
      }),
    );
  });
});
