import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FlowStep } from "./columns.js";
import { DECLARED, RELATIONS, type Relation } from "./graph.js";
import { type Direction, type Neighbours, type TraceOptions, trace } from "./trace.js";

type Said = [
  from: number,
  relation: Relation | `declared ${Relation}`,
  to: number,
  columns?: FlowStep["columns"],
];

function store(said: readonly Said[]): Neighbours {
  const steps = said.map(([from, relation, to, columns]): FlowStep => {
    const [name = "", base] = relation.split(" ").reverse();
    const code = RELATIONS[name as Relation] + (base === "declared" ? DECLARED : 0);
    return { from, to, relation: code, ...(columns === undefined ? {} : { columns }) };
  });
  return {
    edges: async (ids, direction) =>
      steps.filter(({ from, to }) => ids.includes(direction === "down" ? from : to)),
    recorded: async (ids) =>
      ids.filter((id) => steps.some((s) => s.to === id && s.relation === RELATIONS.output)),
  };
}

const reach = async (said: readonly Said[], from: number, more: Partial<TraceOptions> = {}) => {
  const { nodes } = await trace([from], store(said), { direction: "down", limit: 1_000, ...more });
  return nodes.map(({ id }) => id).sort((a, b) => a - b);
};

// 1 dataset, 2 its version, 3 run, 4 model version, 5 the model, 6 another version of it, 7 a deployment, 8 a system.
const STORY: Said[] = [
  [1, "version", 2],
  [2, "of", 1],
  [2, "input", 3],
  [3, "output", 4],
  [5, "version", 4],
  [4, "of", 5],
  [5, "version", 6],
  [6, "of", 5],
  [4, "deployed", 7],
  [5, "declared part", 8],
];

describe("a trace", () => {
  it("reaches the version, what it runs as and the system, but not its siblings", async () => {
    expect(await reach(STORY, 2)).toEqual([1, 2, 3, 4, 5, 7, 8]);
    expect(await reach(STORY, 5)).toEqual([4, 5, 6, 7, 8]);
  });

  it("goes up to where something came from, and not down again", async () => {
    expect(await reach(STORY, 7, { direction: "up" })).toEqual([1, 2, 3, 4, 5, 7]);
    expect(await reach(STORY, 8, { direction: "up" })).toEqual([5, 8]);
  });

  it("believes a document about versions that nothing is recorded of, and the record about others", async () => {
    // Dataset 1 is declared as an input of model 2, whose version 3 has a run on record with another dataset, 4 none.
    const said: Said[] = [
      [1, "declared input", 2],
      [2, "version", 3],
      [2, "version", 4],
      [9, "input", 5],
      [5, "output", 3],
    ];
    expect(await reach(said, 1)).toEqual([1, 2, 4]);
    expect(await reach([...said, [1, "input", 5]], 1)).toEqual([1, 2, 3, 4, 5]);
  });

  it("passes over to other names of the same thing", async () => {
    expect(
      await reach(
        [
          [1, "same", 2],
          [2, "same", 1],
          [2, "input", 3],
        ],
        1,
      ),
    ).toEqual([1, 2, 3]);
  });

  it("ends in a cycle, and names a shortest way", async () => {
    const said: Said[] = [
      [1, "input", 2],
      [2, "output", 3],
      [3, "input", 2],
      [1, "derived", 3],
      [3, "derived", 1],
    ];
    const { nodes, edges } = await trace([1], store(said), { direction: "down", limit: 10 });
    expect(nodes).toEqual([
      { id: 1, depth: 0, via: undefined },
      { id: 2, depth: 1, via: 1 },
      { id: 3, depth: 1, via: 1 },
    ]);
    expect(edges).toHaveLength(5);
  });

  it("says when there is more than the limit", async () => {
    const said = Array.from({ length: 50 }, (_, at): Said => [1, "derived", at + 2]);
    const { nodes, truncated } = await trace([1], store(said), { direction: "down", limit: 10 });
    expect([nodes.length, truncated]).toEqual([10, true]);
    const all = await trace([1], store(said), { direction: "down", limit: 51 });
    expect([all.nodes.length, all.truncated]).toEqual([51, false]);
  });

  it("tells every edge between the nearest nodes, and one for each other, where there are very many", async () => {
    const said = Array.from({ length: 3_000 }, (_, at): Said[] => [
      [1, "derived", at + 2],
      [at + 2, "uses", at + 1],
    ]).flat();
    const { nodes, edges } = await trace([1], store(said), { direction: "down", limit: 10_000 });
    expect(nodes).toHaveLength(3_001);
    // 1,999 and as many between neighbours among the nearest 2,000, and 1,001 ways to the others.
    expect(edges).toHaveLength(1_999 * 2 + 1_001);
  });

  it("finds the distances that a textbook search finds, in any graph", async () => {
    const edge = fc.tuple(fc.nat(12), fc.constantFrom("derived", "input", "output"), fc.nat(12));
    await fc.assert(
      fc.asyncProperty(
        fc.array(edge, { maxLength: 60 }),
        fc.constantFrom("down", "up"),
        async (list, way) => {
          const said = list as Said[];
          const { nodes } = await trace([0], store(said), { direction: way as Direction, limit: 100 });
          expect(new Map(nodes.map(({ id, depth }) => [id, depth]))).toEqual(distances(said, way === "down"));
        },
      ),
    );
  });
});

function distances(said: readonly Said[], down: boolean): Map<number, number> {
  const found = new Map([[0, 0]]);
  for (const id of found.keys()) {
    for (const [from, , to] of said) {
      const [near, far] = down ? [from, to] : [to, from];
      if (near === id && !found.has(far)) found.set(far, (found.get(id) ?? 0) + 1);
    }
  }
  return found;
}

describe("a trace of one column", () => {
  const flow = (to: string, id: number, field: string) => ({ to, from: [{ id, field }] });
  // 1 is read by run 2, which writes 3 (from a) and 4 (from b); 3 is read by run 5, which writes 6 and says nothing.
  const said: Said[] = [
    [1, "input", 2],
    [2, "output", 3, [flow("x", 1, "a")]],
    [2, "output", 4, [flow("y", 1, "b")]],
    [3, "input", 5],
    [5, "output", 6],
  ];

  it("follows it and leaves the others", async () => {
    expect(await reach(said, 1, { column: "a" })).toEqual([1, 2, 3, 5, 6]);
    expect(await reach(said, 1, { column: "b" })).toEqual([1, 2, 4]);
    expect(await reach(said, 1, { column: "c" })).toEqual([1, 2]);
    expect(await reach(said, 1, { column: "*" })).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("goes up as well", async () => {
    const up = (column: string, from: number) => reach(said, from, { column, direction: "up" });
    expect(await up("y", 4)).toEqual([1, 2, 4]);
    expect(await up("q", 4)).toEqual([4]);
    const { nodes } = await trace([4], store(said), { direction: "up", limit: 10, column: "y" });
    expect(nodes.find(({ id }) => id === 1)?.columns).toEqual(["b"]);
  });

  it("finds too much rather than too little where nothing is said of columns", async () => {
    const { nodes } = await trace([1], store(said), { direction: "down", limit: 10, column: "a" });
    expect(nodes.find(({ id }) => id === 6)?.columns).toEqual(["*"]);
  });
});
