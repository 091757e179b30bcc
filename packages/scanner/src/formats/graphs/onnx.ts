import { claimLicence } from "../../content/named.js";
import { examineWeights } from "../../content/weights/examine.js";
import type { NumberType, Tensor } from "../../content/weights/tensor.js";
import type { Part, Scan } from "../../core/scan.js";
import type { Source } from "../../core/source.js";
import { callsPython, isKnownDomain, isPlainDomain } from "./onnx-domains.js";
import { ExternalData } from "./onnx-external.js";
import { BadProtobuf, type Field, fields, text } from "./protobuf.js";

/** ModelProto fields. */
const IR_VERSION = 1;
const GRAPH = 7;
const OPSET = 8;
const TRAINING = 20;
const FUNCTIONS = 25;
const METADATA = 14;
const MAX_DEPTH = 40;
const MAX_TENSORS = 100_000;
/** TensorProto.DataType of plain floating point. */
const NUMBERS: Readonly<Record<number, NumberType>> = { 1: "f32", 10: "f16", 11: "f64", 16: "bf16" };

/** Whether the bytes read as an ONNX model: only fields of ModelProto, among them a graph. */
export function looksLikeOnnx(scan: Scan, source: Source): boolean {
  let graph = false;
  let version = false;
  let count = 0;
  try {
    for (const field of fields(source, 0, source.size, scan.budget)) {
      if (!isModelField(field)) return false;
      if (field.number === GRAPH) graph = true;
      if (field.number === IR_VERSION) version = true;
      if (++count > 100_000) break;
    }
  } catch (error) {
    if (!(error instanceof BadProtobuf)) throw error;
    return graph && version;
  }
  return graph && (version || count > 1);
}

function isModelField({ number, wire }: Field): boolean {
  if (number === IR_VERSION || number === 5) return wire === 0;
  return (
    (number <= OPSET || number === 14 || number === TRAINING || number === FUNCTIONS || number === 26) &&
    wire === 2
  );
}

/** ONNX: where external data lies, operators of other domains, in every subgraph and function. */
export function scanOnnx(scan: Scan, part: Part): string {
  const walker = new OnnxWalker(scan, part);
  try {
    walker.model();
  } catch (error) {
    if (!(error instanceof BadProtobuf)) throw error;
    scan.report("onnx-malformed", part, `The model is malformed: ${error.message}.`, { cause: "onnx" });
  }
  return "onnx";
}

class OnnxWalker {
  private readonly scan: Scan;
  private readonly part: Part;
  private readonly local = new Set<string>();
  private readonly used = new Map<string, string>();
  private readonly tensors: Tensor[] = [];
  private readonly external: ExternalData;

  constructor(scan: Scan, part: Part) {
    this.scan = scan;
    this.part = part;
    this.external = new ExternalData(scan, part);
  }

  model(): void {
    const { source } = this.part;
    for (const field of this.read(0, source.size)) {
      if (field.wire !== 2) continue;
      if (field.number === GRAPH) this.graph(field, 0);
      else if (field.number === TRAINING) this.training(field);
      else if (field.number === FUNCTIONS) this.functionBody(field);
      else if (field.number === METADATA) this.metadata(field);
    }
    examineWeights(this.scan, this.part, this.tensors);
    for (const [domain, operator] of this.used) this.reportDomain(domain, operator);
  }

  private read(start: number, end: number): Generator<Field> {
    return fields(this.part.source, start, end, this.scan.budget);
  }

  private inside(field: Field): Generator<Field> {
    return this.read(field.offset, field.offset + field.value);
  }

  private training(field: Field): void {
    for (const inner of this.inside(field)) {
      if (inner.wire === 2 && (inner.number === 1 || inner.number === 2)) this.graph(inner, 1);
    }
  }

  private functionBody(field: Field): void {
    for (const inner of this.inside(field)) {
      if (inner.wire !== 2) continue;
      if (inner.number === 10) this.local.add(text(this.part.source, inner));
      else if (inner.number === 7) this.node(inner, 1);
      // attribute_proto: values that stand where a call of the function gives none.
      else if (inner.number === 11) this.attribute(inner, 1);
    }
  }

  /** GraphProto: node 1, initializer 5, sparse_initializer 15. */
  private graph(field: Field, depth: number): void {
    if (depth > MAX_DEPTH) throw new BadProtobuf("subgraphs are nested too deep");
    for (const inner of this.inside(field)) {
      if (inner.wire !== 2) continue;
      if (inner.number === 1) this.node(inner, depth);
      else if (inner.number === 5) this.tensor(inner);
      else if (inner.number === 15) this.sparse(inner);
    }
  }

  /** SparseTensorProto: values 1, indices 2. */
  private sparse(field: Field): void {
    for (const inner of this.inside(field)) if (inner.wire === 2 && inner.number <= 2) this.tensor(inner);
  }

  /** NodeProto: op_type 4, attribute 5, domain 7. */
  private node(field: Field, depth: number): void {
    let operator = "";
    let domain = "";
    for (const inner of this.inside(field)) {
      if (inner.wire !== 2) continue;
      if (inner.number === 4) operator = text(this.part.source, inner, 256);
      else if (inner.number === 7) domain = text(this.part.source, inner, 256);
      else if (inner.number === 5) this.attribute(inner, depth + 1);
    }
    if (callsPython(operator)) {
      const message = `The operator ${operator} calls Python.`;
      this.scan.report("onnx-python-operator", this.part, message, { offset: field.offset, cause: operator });
    }
    if (!isPlainDomain(domain) && !this.used.has(domain)) this.used.set(domain, operator);
  }

  /** AttributeProto: t 5, g 6, tensors 10, graphs 11, sparse_tensor 22, sparse_tensors 23. */
  private attribute(field: Field, depth: number): void {
    for (const inner of this.inside(field)) {
      if (inner.wire !== 2) continue;
      if (inner.number === 5 || inner.number === 10) this.tensor(inner);
      else if (inner.number === 6 || inner.number === 11) this.graph(inner, depth);
      else if (inner.number === 22 || inner.number === 23) this.sparse(inner);
    }
  }

  /** TensorProto: data_type 2, name 8, raw_data 9, external_data 13. */
  private tensor(field: Field): void {
    let type: NumberType = "other";
    let name = "";
    let raw: Field | undefined;
    const external: [key: string, value: string][] = [];
    for (const inner of this.inside(field)) {
      if (inner.number === 2 && inner.wire === 0) type = NUMBERS[inner.value] ?? "other";
      if (inner.wire !== 2) continue;
      if (inner.number === 8) name = text(this.part.source, inner, 256);
      else if (inner.number === 9) raw = inner;
      else if (inner.number === 13) external.push(this.entry(inner));
    }
    this.external.check(external, field.offset);
    if (raw) this.keep(name, type, raw);
  }

  private keep(name: string, type: NumberType, { offset, value: length }: Field): void {
    if (this.tensors.length < MAX_TENSORS)
      this.tensors.push({ name, type, source: this.part.source, offset, length });
  }

  /** StringStringEntryProto of the model's own metadata. */
  private metadata(field: Field): void {
    const [key, value] = this.entry(field);
    if (/^licen[cs]e$/i.test(key)) claimLicence(this.scan, this.part, value);
  }

  /** StringStringEntryProto: key 1, value 2. */
  private entry(field: Field): [key: string, value: string] {
    let key = "";
    let value = "";
    for (const entry of this.inside(field)) {
      if (entry.wire !== 2) continue;
      if (entry.number === 1) key = text(this.part.source, entry, 256);
      else if (entry.number === 2) value = text(this.part.source, entry, 4096);
    }
    return [key, value];
  }

  private reportDomain(domain: string, operator: string): void {
    if (this.local.has(domain) || isKnownDomain(domain)) return;
    const message = `The operator ${operator} of the domain ${JSON.stringify(domain)} is none of ONNX's own.`;
    this.scan.report("onnx-custom-operator", this.part, message, { cause: domain });
  }
}
