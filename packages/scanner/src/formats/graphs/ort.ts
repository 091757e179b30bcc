import type { Part, Scan } from "../../core/scan.js";
import { BadFlatbuffer, Flatbuffer } from "./flatbuffer.js";
import { callsPython, isKnownDomain } from "./onnx-domains.js";

// Tables of onnxruntime/core/flatbuffers/schema/ort.fbs.
const SESSION = { model: 1 } as const;
const MODEL = { graph: 7 } as const;
const GRAPH = { initializers: 0, nodes: 2, last: 3, edges: 4 } as const;
const NODE = { domain: 2, index: 4, operator: 5, attributes: 10 } as const;
const EDGE = { node: 0 } as const;
const ATTRIBUTE = { graph: 7, graphs: 12 } as const;
const TENSOR = { raw: 4 } as const;
const MAX_DEPTH = 40;
/** Bytes for each node that a graph says it has, at the least; more cannot be there. */
const NODE_BYTES = 8;

/** ONNX Runtime's own format: operators of every graph, and numbers that the runtime takes for indexes. */
export function scanOrt(scan: Scan, part: Part): string {
  const file = new Flatbuffer(part.source, scan.budget);
  try {
    const model = file.table(file.root(), SESSION.model);
    const graph = model === 0 ? 0 : file.table(model, MODEL.graph);
    if (graph === 0) throw new BadFlatbuffer("it has no graph");
    readGraph({ scan, part, file }, graph, 0);
  } catch (error) {
    if (!(error instanceof BadFlatbuffer)) throw error;
    scan.report("flatbuffer-malformed", part, `The ORT model is malformed: ${error.message}.`, {
      cause: "flatbuffer",
    });
  }
  return "ort";
}

interface Reading {
  scan: Scan;
  part: Part;
  file: Flatbuffer;
}

function readGraph(reading: Reading, graph: number, depth: number): void {
  if (depth > MAX_DEPTH) throw new BadFlatbuffer("graphs are nested too deep");
  const { file, part } = reading;
  const last = file.number(graph, GRAPH.last, "u32");
  if (last * NODE_BYTES > part.source.size) throw new BadFlatbuffer(`it states ${last} nodes`);
  for (const tensor of file.tables(graph, GRAPH.initializers)) file.vector(tensor, TENSOR.raw, 1);
  for (const node of file.tables(graph, GRAPH.nodes)) {
    if (file.number(node, NODE.index, "u32") > last) throw new BadFlatbuffer("a node has no place");
    readOperator(reading, node);
    for (const inner of subgraphs(file, node)) readGraph(reading, inner, depth + 1);
  }
  for (const edge of file.tables(graph, GRAPH.edges)) {
    if (file.number(edge, EDGE.node, "u32") > last) throw new BadFlatbuffer("an edge leads to no node");
  }
}

function* subgraphs(file: Flatbuffer, node: number): Generator<number> {
  for (const attribute of file.tables(node, NODE.attributes)) {
    const inner = file.table(attribute, ATTRIBUTE.graph);
    if (inner !== 0) yield inner;
    yield* file.tables(attribute, ATTRIBUTE.graphs);
  }
}

function readOperator({ scan, part, file }: Reading, node: number): void {
  const operator = file.text(node, NODE.operator, 256) ?? "";
  const domain = file.text(node, NODE.domain, 256) ?? "";
  if (callsPython(operator)) {
    const message = `The operator ${operator} calls Python.`;
    scan.report("onnx-python-operator", part, message, { offset: node, cause: operator });
  }
  if (isKnownDomain(domain)) return;
  const message = `The operator ${JSON.stringify(operator)} of the domain ${JSON.stringify(domain)} is none of ONNX's own.`;
  scan.report("onnx-custom-operator", part, message, { cause: domain });
}
