import type { Graph, GraphNode } from "@countersign/api";
import { neutralise } from "../terminal/safe.js";

const SHAPES: Record<GraphNode["type"], { dot: string; mermaid: [string, string] }> = {
  asset: { dot: "box", mermaid: ["[", "]"] },
  version: { dot: "note", mermaid: ["[/", "/]"] },
  run: { dot: "ellipse", mermaid: ["([", "])"] },
  job: { dot: "component", mermaid: ["[[", "]]"] },
  deployment: { dot: "box3d", mermaid: ["{{", "}}"] },
  external: { dot: "cylinder", mermaid: ["[(", ")]"] },
  group: { dot: "folder", mermaid: ["[[", "]]"] },
};

/** For Graphviz. Names come from outside: they may hold quotes, but no way out of them. */
export function toDot({ nodes, edges }: Graph): string {
  const ids = new Map(nodes.map(({ key }, at) => [key, `n${at}`]));
  const lines = nodes.map((node) => {
    const colour = node.status === "contained" ? ', color="red", fontcolor="red"' : "";
    return `  ${ids.get(node.key)} [label="${quoted(textOf(node))}", shape=${SHAPES[node.type].dot}${colour}];`;
  });
  const arrows = edges.map(
    ({ from, to, relation }) => `  ${ids.get(from)} -> ${ids.get(to)} [label="${relation}"];`,
  );
  return `${["digraph lineage {", "  rankdir=LR;", ...lines, ...arrows, "}"].join("\n")}\n`;
}

/** For Markdown pages that draw Mermaid. */
export function toMermaid({ nodes, edges }: Graph): string {
  const ids = new Map(nodes.map(({ key }, at) => [key, `n${at}`]));
  const lines = nodes.map((node) => {
    const [open, close] = SHAPES[node.type].mermaid;
    return `  ${ids.get(node.key)}${open}"${entities(textOf(node))}"${close}${node.status === "contained" ? ":::contained" : ""}`;
  });
  const arrows = edges.map(({ from, to, relation }) => `  ${ids.get(from)} -->|${relation}| ${ids.get(to)}`);
  const style = "  classDef contained stroke:#c00,color:#c00";
  return `${["flowchart LR", ...lines, ...arrows, style].join("\n")}\n`;
}

function textOf({ type, kind, label, environment, region, members }: GraphNode): string {
  const what = type === "asset" ? kind : type;
  const where = environment === undefined ? "" : ` in ${environment}/${region}`;
  const more = members === undefined ? "" : ` (${members})`;
  return neutralise(`${what} ${label}${where}${more}`);
}

const quoted = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll('"', '\\"');

// Mermaid reads Markdown and HTML in labels; numbers of characters it takes as they are.
const entities = (text: string): string =>
  text.replace(/[^\p{L}\p{N} ./@_:-]/gu, (character) => `#${character.codePointAt(0)};`);
