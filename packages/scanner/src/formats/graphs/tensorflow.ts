import type { Part, Scan } from "../../core/scan.js";
import type { Source } from "../../core/source.js";
import { scanEmbeddedConfigs } from "../keras/texts.js";
import { BadProtobuf, type Field, fields } from "./protobuf.js";
import { type GraphKind, isGraph, isLibrary, isNode, walkGraph } from "./tensorflow-graph.js";

/** A SavedModel, a frozen graph, or the graph of a TensorFlow 1 checkpoint (`.meta`). */
type Tensorflow = "savedmodel" | "graphdef" | "metagraph";

const MAX_LOOKED_AT = 100_000;

/** Tells TensorFlow's messages by their structure, whatever the order of their fields. */
export function looksLikeTensorflow(scan: Scan, source: Source): Tensorflow | undefined {
  const part: Part = { source, name: "", member: "", depth: 0 };
  let versioned = false;
  try {
    let count = 0;
    for (const field of fields(source, 0, source.size, scan.budget)) {
      if (!isTopField(field) || ++count > MAX_LOOKED_AT) return undefined;
      versioned ||= field.number === 1 && field.wire === 0;
      const kind = tell(scan, part, field, versioned);
      if (kind) return kind;
    }
  } catch (error) {
    if (!(error instanceof BadProtobuf)) throw error;
  }
  return undefined;
}

/** All three begin with fields 1 to 8. A stray byte soup fails here soon. */
function isTopField({ number, wire }: Field): boolean {
  return number > 8 ? number < 2 ** 20 : wire === 2 || (wire === 0 && (number === 1 || number === 3));
}

function tell(scan: Scan, part: Part, field: Field, versioned: boolean): Tensorflow | undefined {
  if (field.wire !== 2) return undefined;
  if (field.number === 1) return isNode(scan, part, field) ? "graphdef" : undefined;
  if (field.number !== 2) return undefined;
  const end = field.offset + field.value;
  if (hasGraph(scan, part, field)) return "savedmodel";
  if (isGraph(scan, part, field.offset, end)) return "metagraph";
  // A GraphDef may begin with its functions.
  return !versioned && isLibrary(scan, part, field) ? "graphdef" : undefined;
}

/** Whether a message is a MetaGraphDef: graph_def 2. */
function hasGraph(scan: Scan, part: Part, field: Field): boolean {
  try {
    for (const inner of fields(part.source, field.offset, field.offset + field.value, scan.budget)) {
      if (inner.number <= 8 && inner.wire !== 2) return false;
      if (inner.number === 2 && isGraph(scan, part, inner.offset, inner.offset + inner.value)) return true;
    }
  } catch (error) {
    if (!(error instanceof BadProtobuf)) throw error;
  }
  return false;
}

/** SavedModels and graphs: the operators of every node, also inside functions, and Keras' configurations. */
export function scanTensorflow(scan: Scan, part: Part, kind: Tensorflow): string {
  const { size } = part.source;
  try {
    if (kind === "graphdef") walkGraph(scan, part, kind, 0, size);
    else if (kind === "metagraph") metaGraph(scan, part, "training", 0, size);
    else {
      for (const { number, wire, offset, value } of fields(part.source, 0, size, scan.budget)) {
        if (number === 2 && wire === 2) metaGraph(scan, part, kind, offset, offset + value);
      }
    }
  } catch (error) {
    if (!(error instanceof BadProtobuf)) throw error;
    const message = `The graph is malformed: ${error.message}.`;
    scan.report("tensorflow-malformed", part, message, { cause: "tensorflow" });
  }
  if (kind === "savedmodel") scanEmbeddedConfigs(scan, part);
  return kind;
}

function metaGraph(scan: Scan, part: Part, kind: GraphKind, start: number, end: number): void {
  for (const { number, wire, offset, value } of fields(part.source, start, end, scan.budget)) {
    if (number === 2 && wire === 2) walkGraph(scan, part, kind, offset, offset + value);
  }
}

/** `keras_metadata.pb` of Keras 2: configurations as JSON texts in a message of nodes. */
export function scanKerasMetadata(scan: Scan, part: Part): string {
  scanEmbeddedConfigs(scan, part);
  return "keras-metadata";
}
