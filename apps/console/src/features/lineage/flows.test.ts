import { describe, expect, it } from "vitest";
import { flowsInto } from "./flows.js";

const node = (key: string, name: string) => ({
  key,
  type: "external" as const,
  kind: "Dataset",
  name,
  label: name,
  at: 0,
});

describe("columns with a known source", () => {
  it("are told of one node, with every source once, by name", () => {
    const nodes = [node("a", "raw"), node("b", "joined"), node("c", "features")];
    const columns = [
      {
        to: "income",
        from: [
          { node: "a", field: "salary" },
          { node: "b", field: "bonus" },
        ],
      },
      { to: "age", from: [{ node: "a", field: "born" }] },
    ];
    const edges = [
      { from: "a", to: "c", relation: "derived" as const, columns },
      { from: "b", to: "c", relation: "derived" as const, columns: columns.slice(0, 1) },
      { from: "c", to: "b", relation: "derived" as const, columns },
    ];
    expect(flowsInto({ nodes, edges, truncated: false, at: null }, "c")).toEqual([
      ["age", ["raw.born"]],
      ["income", ["joined.bonus", "raw.salary"]],
    ]);
    expect(flowsInto({ nodes, edges, truncated: false, at: null }, "a")).toEqual([]);
  });
});
