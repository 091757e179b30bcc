import type { Trace, TraceNode } from "@countersign/api";
import { describe, expect, it } from "vitest";
import { flowsOf, stepsOf } from "./steps.js";

const node = (
  key: string,
  type: TraceNode["type"],
  depth: number,
  more: Partial<TraceNode> = {},
): TraceNode => ({
  key,
  type,
  kind: "",
  name: key,
  label: key,
  at: 0,
  depth,
  via: null,
  ...more,
});

const trace = (nodes: TraceNode[], edges: [string, string][]): Trace => ({
  origin: node("data", "version", 0),
  direction: "down",
  nodes,
  edges: edges.map(([from, to]) => ({ from, to, relation: "input" })),
  counts: {},
  plan: { versions: [], deployments: [], aliases: [], systems: [], runs: [], owners: [] },
  truncated: false,
  at: null,
});

const poisoned = trace(
  [
    node("data", "version", 0, { kind: "Dataset" }),
    node("run:1", "run", 1),
    node("run:2", "run", 1),
    node("model", "version", 2, { kind: "Model", status: "contained" }),
    node("deployed", "deployment", 3, { status: "running" }),
    node("asset:Model/m", "asset", 3, { kind: "Model" }),
    node("asset:System/s", "asset", 4, { kind: "System" }),
  ],
  [
    ["data", "run:1"],
    ["data", "run:2"],
    ["run:1", "model"],
    ["model", "deployed"],
    ["model", "asset:Model/m"],
    ["asset:Model/m", "asset:System/s"],
    ["model", "data"],
  ],
);

describe("the trace as a story", () => {
  it("tells every reached node in one step, and the models' own assets in none", () => {
    expect(
      stepsOf(poisoned).map(({ key, nodes, running, contained }) => [key, nodes.length, running, contained]),
    ).toEqual([
      ["origin", 1, 0, 0],
      ["runs", 2, 0, 0],
      ["models", 1, 0, 1],
      ["deployments", 1, 1, 0],
      ["systems", 1, 0, 0],
    ]);
  });

  it("flows forward only, through what is between two steps", () => {
    expect(flowsOf(poisoned)).toEqual([
      { from: "origin", to: "runs", count: 2 },
      { from: "runs", to: "models", count: 1 },
      { from: "models", to: "deployments", count: 1 },
      { from: "models", to: "systems", count: 1 },
    ]);
  });
});
