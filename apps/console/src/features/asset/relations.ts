import type { AssetReference, Graph, GraphNode } from "@countersign/api";

/** Relations that say where an asset comes from; the others say what it is made of or rests on. */
const ORIGINS = ["base", "input", "derived", "supplied", "output", "trained", "source", "built"];

export const origins = (references: AssetReference[]): AssetReference[] =>
  references.filter(({ relation }) => ORIGINS.includes(relation));

const OUT: Record<string, string> = {
  part: "is made of",
  serves: "serves",
  uses: "uses",
  base: "is based on",
  input: "was made from",
  derived: "is derived from",
  output: "is made by",
  supplied: "is supplied by",
};

const IN: Record<string, string> = {
  part: "is a part of",
  serves: "is served by",
  uses: "is used by",
  base: "is the base of",
  input: "was read by",
  derived: "became",
  output: "made",
  supplied: "supplies",
};

/** A relation as part of a sentence that starts with the asset. */
export const said = ({ relation }: AssetReference, way: "out" | "in"): string =>
  (way === "out" ? OUT : IN)[relation] ?? (way === "out" ? relation : `${relation} of`);

/** The runs of a graph that made this version. */
export function makersOf({ nodes, edges }: Pick<Graph, "nodes" | "edges">, artifact = ""): GraphNode[] {
  const made = edges.filter(({ to, relation }) => to === artifact && relation === "output");
  const makers = new Set(made.map(({ from }) => from));
  return nodes.filter(({ key, type }) => type === "run" && makers.has(key));
}
