import type { Part, Scan } from "../../core/scan.js";
import { classify } from "../../globals/classify.js";
import { BadProtobuf, type Field, fields, text } from "./protobuf.js";

// NetParameter, LayerParameter and PythonParameter of caffe.proto.
const LAYER = 100;
const PYTHON_PARAMETER = 130;
const MODULE = 1;
const CLASS = 2;

const BLOCK = /\bpython_param\s*:?\s*\{([^{}]{0,4000})\}/g;
const TEXT_MODULE = /\bmodule\s*:\s*["']([^"'\n]{1,300})["']/;
const TEXT_CLASS = /\blayer\s*:\s*["']([^"'\n]{1,300})["']/;

/** A network as text: layers that Python implements. */
export function scanPrototxt(scan: Scan, part: Part): string {
  const text = scan.readText(part).toString("utf8");
  for (const [, block = ""] of text.matchAll(BLOCK)) {
    checkModule(scan, part, TEXT_MODULE.exec(block)?.[1] ?? "", TEXT_CLASS.exec(block)?.[1] ?? "");
  }
  return "caffe";
}

/** A network with its weights: the same in protobuf. */
export function scanCaffemodel(scan: Scan, part: Part): string {
  const { source } = part;
  const messages = (field: Field): Generator<Field> =>
    fields(source, field.offset, field.offset + field.value, scan.budget);
  try {
    for (const layer of fields(source, 0, source.size, scan.budget)) {
      if (layer.number !== LAYER || layer.wire !== 2) continue;
      for (const field of messages(layer)) {
        if (field.number !== PYTHON_PARAMETER || field.wire !== 2) continue;
        const named = [...messages(field)].filter(({ wire }) => wire === 2);
        const of = (number: number): string => {
          const found = named.find((each) => each.number === number);
          return found ? text(source, found, 300) : "";
        };
        checkModule(scan, part, of(MODULE), of(CLASS));
      }
    }
  } catch (error) {
    if (!(error instanceof BadProtobuf)) throw error;
    scan.report("parser-failed", part, `The network is malformed: ${error.message}.`, { cause: "caffe" });
  }
  return "caffe";
}

/** Caffe imports the module and makes an instance of the class, with the network's text as its parameter. */
function checkModule(scan: Scan, part: Part, module: string, name: string): void {
  const path = JSON.stringify(`${module}.${name}`.slice(0, 200));
  const judged = [classify(module, "__name__"), classify(module, name)].find(
    ({ level }) => level === "dangerous",
  );
  const message = `A layer is the Python class ${path}${judged ? `, which ${judged.reason}` : ""}.`;
  scan.report(judged ? "config-instantiate" : "caffe-python-layer", part, message, { cause: path });
}
