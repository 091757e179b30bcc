import type { GraphNode } from "@countersign/api";
import { expect, it } from "vitest";
import { makersOf } from "./relations.js";

const node = (key: string, type: GraphNode["type"]): GraphNode => ({
  key,
  type,
  kind: "",
  name: key,
  label: key,
  at: 0,
});

it("names the runs that made a version, and neither those that read it nor its files", () => {
  const nodes = [
    node("sha256:a", "version"),
    node("run:1", "run"),
    node("run:2", "run"),
    node("asset:M/m", "asset"),
  ];
  const edges = [
    { from: "run:1", to: "sha256:a", relation: "output" as const },
    { from: "sha256:a", to: "run:2", relation: "input" as const },
    { from: "asset:M/m", to: "sha256:a", relation: "version" as const },
  ];
  expect(makersOf({ nodes, edges }, "sha256:a").map(({ key }) => key)).toEqual(["run:1"]);
  expect(makersOf({ nodes, edges })).toEqual([]);
});
