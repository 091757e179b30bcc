import { examineWeights } from "../../content/weights/examine.js";
import type { NumberType, Tensor } from "../../content/weights/tensor.js";
import type { Part, Scan } from "../../core/scan.js";
import { BadFlatbuffer, Flatbuffer } from "./flatbuffer.js";
import { operatorAct } from "./tensorflow-operators.js";

// Tables of tensorflow/compiler/mlir/lite/schema/schema.fbs.
const MODEL = { codes: 1, subgraphs: 2, buffers: 4, metadata: 6 } as const;
const CODE = { custom: 1 } as const;
const SUBGRAPH = { tensors: 0, inputs: 1, outputs: 2, operators: 3 } as const;
const TENSOR = { type: 1, buffer: 2, name: 3 } as const;
const OPERATOR = { code: 0, inputs: 1, outputs: 2 } as const;
const BUFFER = { data: 0, offset: 1, size: 2 } as const;
const METADATA = { buffer: 1 } as const;

/** TensorType of plain floating point. */
const NUMBERS: Readonly<Record<number, NumberType>> = { 0: "f32", 1: "f16", 10: "f64", 18: "bf16" };

/** Where the bytes of a buffer lie. */
interface Place {
  offset: number;
  length: number;
}

/** Operators that the runtime itself or TensorFlow's own delegates bring. */
const KNOWN = /^(TFLite_|Flex)/;

/** TFLite (a flatbuffer): names of custom operators, and every number that the interpreter takes for an index. */
export function scanTflite(scan: Scan, part: Part): string {
  const model = new Flatbuffer(part.source, scan.budget);
  try {
    const root = model.root();
    const codes = checkCodes(scan, part, model, root);
    const buffers = checkBuffers(model, root, part.source.size);
    const tensors: Tensor[] = [];
    for (const subgraph of model.tables(root, MODEL.subgraphs)) {
      checkSubgraph(model, subgraph, codes, buffers.length);
      for (const tensor of weightsOf(part, model, subgraph, buffers)) tensors.push(tensor);
    }
    examineWeights(scan, part, tensors);
    for (const entry of model.tables(root, MODEL.metadata)) {
      if (model.number(entry, METADATA.buffer, "u32") >= Math.max(1, buffers.length))
        throw new BadFlatbuffer("metadata lies in a buffer that is not there");
    }
  } catch (error) {
    if (!(error instanceof BadFlatbuffer)) throw error;
    scan.report("flatbuffer-malformed", part, `The TFLite model is malformed: ${error.message}.`, {
      cause: "flatbuffer",
    });
  }
  return "tflite";
}

function checkCodes(scan: Scan, part: Part, model: Flatbuffer, root: number): number {
  let count = 0;
  for (const code of model.tables(root, MODEL.codes)) {
    count++;
    const name = model.text(code, CODE.custom, 256);
    if (name !== undefined && name !== "") checkCustom(scan, part, name);
  }
  return count;
}

/** `Flex` operators are TensorFlow's own, run by the delegate of that name. */
function checkCustom(scan: Scan, part: Part, name: string): void {
  const flex = name.startsWith("Flex") ? operatorAct(name.slice(4)) : undefined;
  const shown = JSON.stringify(name);
  if (flex === "acts" || flex === "reads" || flex === "saves") {
    scan.report("tensorflow-operator", part, `The model uses the operator ${shown}.`, { cause: name });
  } else if (!KNOWN.test(name)) {
    scan.report("tflite-custom-operator", part, `The model uses the operator ${shown}.`, { cause: name });
  }
}

function checkBuffers(model: Flatbuffer, root: number, size: number): Place[] {
  const places: Place[] = [];
  for (const buffer of model.tables(root, MODEL.buffers)) {
    const { start, count } = model.vector(buffer, BUFFER.data, 1);
    // Models of more than 2 GB keep their buffers behind the tables; 0 and 1 say that this one does not.
    const offset = model.number(buffer, BUFFER.offset, "u64");
    const length = model.number(buffer, BUFFER.size, "u64");
    if (offset > 1 && offset + length > size)
      throw new BadFlatbuffer(`buffer ${places.length} lies outside the file`);
    places.push(offset > 1 ? { offset, length } : { offset: start, length: count });
  }
  return places;
}

/** The tensors of a subgraph whose numbers are in the file; buffer 0 is that of all others. */
function* weightsOf(
  { source }: Part,
  model: Flatbuffer,
  subgraph: number,
  buffers: readonly Place[],
): Generator<Tensor> {
  for (const tensor of model.tables(subgraph, SUBGRAPH.tensors)) {
    const place = buffers[model.number(tensor, TENSOR.buffer, "u32")];
    if (!place || place.length === 0) continue;
    const type = NUMBERS[model.number(tensor, TENSOR.type, "u8")] ?? "other";
    yield { name: model.text(tensor, TENSOR.name, 200) ?? "", type, source, ...place };
  }
}

function checkSubgraph(model: Flatbuffer, subgraph: number, codes: number, buffers: number): void {
  let tensors = 0;
  for (const tensor of model.tables(subgraph, SUBGRAPH.tensors)) {
    if (model.number(tensor, TENSOR.buffer, "u32") >= Math.max(1, buffers))
      throw new BadFlatbuffer("a tensor lies in a buffer that is not there");
    tensors++;
  }
  checkTensors(model, subgraph, SUBGRAPH.inputs, tensors);
  checkTensors(model, subgraph, SUBGRAPH.outputs, tensors);
  for (const operator of model.tables(subgraph, SUBGRAPH.operators)) {
    if (model.number(operator, OPERATOR.code, "u32") >= codes)
      throw new BadFlatbuffer("an operator has a code that is not there");
    checkTensors(model, operator, OPERATOR.inputs, tensors);
    checkTensors(model, operator, OPERATOR.outputs, tensors);
  }
}

/** -1 stands for a tensor that is left out. */
function checkTensors(model: Flatbuffer, table: number, index: number, tensors: number): void {
  for (const tensor of model.integers(table, index)) {
    if (tensor < -1 || tensor >= tensors)
      throw new BadFlatbuffer(`tensor ${tensor} of ${tensors} is not there`);
  }
}
