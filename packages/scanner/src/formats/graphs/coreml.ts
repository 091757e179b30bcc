import { leadsOut } from "../../archive/paths.js";
import type { Part, Scan } from "../../core/scan.js";
import { indexOf, type Source } from "../../core/source.js";
import { BadProtobuf, type Field, fields, text } from "./protobuf.js";

// Model.proto, NeuralNetwork.proto and CustomModel.proto of Core ML.
const SPECIFICATION = 1;
const DESCRIPTION = 2;
const UPDATABLE = 10;
const CUSTOM_MODEL = 555;
const LINKED_MODEL = 556;
/** Pipelines, and the pipelines of classifiers and regressors: models inside. */
const PIPELINES = new Set([200, 201, 202]);
const NETWORKS = new Set([303, 403, 500]);
const CUSTOM_LAYER = 500;
const PROGRAM = 502;
const KINDS =
  /^(200|201|202|300|301|302|303|400|401|402|403|404|500|501|502|555|556|560|600|601|602|603|604|606|607|609|610|900|2000|2001|2002|2003|2004|2005|2006|3000)$/;
const MAX_DEPTH = 8;

/** A small version number, a description, then one field whose number names a kind of model. */
export function looksLikeCoreml(scan: Scan, source: Source): boolean {
  const [first, version = 0, second] = source.read(0, 3);
  if (first !== 0x08 || version === 0 || version > 20 || second !== 0x12) return false;
  try {
    for (const field of fields(source, 0, source.size, scan.budget)) {
      if (!isHeader(field)) return field.wire === 2 && KINDS.test(String(field.number));
    }
  } catch (error) {
    if (!(error instanceof BadProtobuf)) throw error;
  }
  return false;
}

const isHeader = ({ number, wire }: Field): boolean =>
  number === DESCRIPTION ? wire === 2 : wire === 0 && (number === SPECIFICATION || number === UPDATABLE);

/** Core ML: models and layers that need classes of the app, and models that lie in other files. */
export function scanCoreml(scan: Scan, part: Part): string {
  try {
    model(scan, part, { start: 0, end: part.source.size }, 0);
  } catch (error) {
    if (!(error instanceof BadProtobuf)) throw error;
    scan.report("coreml-malformed", part, `The model is malformed: ${error.message}.`, { cause: "coreml" });
  }
  return "coreml";
}

interface Range {
  start: number;
  end: number;
}

const within = ({ offset, value }: Field): Range => ({ start: offset, end: offset + value });

function* messages(scan: Scan, { source }: Part, { start, end }: Range): Generator<Field> {
  for (const field of fields(source, start, end, scan.budget)) if (field.wire === 2) yield field;
}

function model(scan: Scan, part: Part, range: Range, depth: number): void {
  if (depth > MAX_DEPTH) throw new BadProtobuf("models are nested too deep");
  for (const field of messages(scan, part, range)) {
    if (field.number === CUSTOM_MODEL) custom(scan, part, field, "model");
    else if (field.number === LINKED_MODEL) linked(scan, part, within(field));
    else if (PIPELINES.has(field.number)) pipeline(scan, part, field, depth);
    else if (NETWORKS.has(field.number)) network(scan, part, within(field));
    else if (field.number === PROGRAM) program(scan, part, within(field));
  }
}

/** PipelineClassifier and PipelineRegressor wrap the pipeline in their field 1; a pipeline's models are its field 1. */
function pipeline(scan: Scan, part: Part, field: Field, depth: number): void {
  for (const inner of messages(scan, part, within(field))) {
    if (inner.number !== 1) continue;
    if (field.number === 202) model(scan, part, within(inner), depth + 1);
    else
      for (const each of messages(scan, part, within(inner)))
        if (each.number === 1) model(scan, part, within(each), depth + 1);
  }
}

/** How a program names the directory of its weights (BlobFileValue of MIL.proto). */
const MODEL_PATH = Buffer.from("@model_path/", "latin1");

/** Core ML programs: every file of weights, whose name the loader joins to the model's directory. */
function program(scan: Scan, part: Part, { start, end }: Range): void {
  for (let at = indexOf(part.source, MODEL_PATH, start, end); at >= 0; ) {
    scan.budget.step(64);
    const text = part.source.read(at + MODEL_PATH.length, 1024).toString("latin1");
    const name = text.split(/\p{Cc}/u, 1)[0] ?? "";
    if (leadsOut(name)) {
      const message = `Weights are read from ${JSON.stringify(name.slice(0, 160))}.`;
      scan.report("external-data-escape", part, message, { offset: at, cause: name });
    }
    at = indexOf(part.source, MODEL_PATH, at + MODEL_PATH.length, end);
  }
}

function network(scan: Scan, part: Part, range: Range): void {
  for (const layer of messages(scan, part, range)) {
    if (layer.number !== 1) continue;
    for (const inner of messages(scan, part, within(layer))) {
      if (inner.number === CUSTOM_LAYER) custom(scan, part, inner, "layer");
    }
  }
}

/** CustomModel and CustomLayerParams: className 1 or 10. */
function custom(scan: Scan, part: Part, field: Field, what: string): void {
  for (const inner of messages(scan, part, within(field))) {
    if (inner.number !== 1 && inner.number !== 10) continue;
    const name = text(part.source, inner, 256);
    scan.report("coreml-custom", part, `A ${what} needs the class ${JSON.stringify(name)}.`, { cause: name });
    return;
  }
}

/** LinkedModel.linkedModelFile 1: file name 1 and search path 2, each a StringParameter whose default is its field 1. */
function linked(scan: Scan, part: Part, range: Range): void {
  for (const file of messages(scan, part, range)) {
    for (const parameter of messages(scan, part, within(file))) {
      for (const value of messages(scan, part, within(parameter))) {
        const path = text(part.source, value, 1024);
        const escapes = /(^|[\\/])\.\.([\\/]|$)|^[\\/~]|^[A-Za-z]:|^\w+:\/\//.test(path);
        const rule = escapes ? "external-data-escape" : "external-data";
        scan.report(rule, part, `The model is read from ${JSON.stringify(path)}.`, { cause: path });
      }
    }
  }
}
