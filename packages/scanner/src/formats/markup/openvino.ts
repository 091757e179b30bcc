import type { Part, Scan } from "../../core/scan.js";
import type { Document, ElementReader } from "./xml.js";

/** Sets of operators that OpenVINO itself brings, among them those of its tokenizers. */
const KNOWN =
  /^(opset\d{1,2}|experimental|extension|util|ie_internal_opset|gpu_opset|cpu_plugin_opset|(intel|npu|gpu|cpu)_\w+)$/;

/** A native library or a kernel that something would load. Names of tensors and notes on the conversion are only words. */
const LIBRARY = /\.(so(\.\d+)*|dll|dylib|cl|spv)$/i;
const DESCRIBES = /^(names?|output_names|value|variable_id)$/;

/** Bits of an element; types of which one is not a whole number of bits, or any length, are left out. */
const BITS: Readonly<Record<string, number>> = {
  boolean: 8,
  i8: 8,
  u8: 8,
  i16: 16,
  u16: 16,
  f16: 16,
  bf16: 16,
  i32: 32,
  u32: 32,
  f32: 32,
  i64: 64,
  u64: 64,
  f64: 64,
  u1: 1,
  u2: 2,
  i4: 4,
  u4: 4,
  nf4: 4,
  f4e2m1: 4,
  f8e4m3: 8,
  f8e5m2: 8,
  f8e8m0: 8,
};

/** OpenVINO's IR: where constants lie in the file of weights, and operators that need a library of their own. */
export function openvinoReader({ scan, part }: Document): ElementReader {
  let layer = "";
  // The weights lie beside the model, in a file of its name.
  const weights = part.member === "" ? scan.beside?.(part.name.replace(/\.xml$/i, ".bin")) : undefined;
  const malformed = (why: string, offset: number): void =>
    scan.report("openvino-malformed", part, `The layer ${JSON.stringify(layer.slice(0, 100))} ${why}.`, {
      offset,
      cause: "openvino",
    });
  const checkLayer = (attributes: ReadonlyMap<string, string>, offset: number): void => {
    layer = attributes.get("name") ?? "";
    const type = attributes.get("type") ?? "";
    const opset = attributes.get("version") ?? "opset1";
    if (KNOWN.test(opset)) return;
    const message = `The layer ${JSON.stringify(type.slice(0, 100))} is of the set ${JSON.stringify(opset.slice(0, 100))}.`;
    scan.report("openvino-custom-operator", part, message, { offset, cause: opset });
  };
  return {
    format: "openvino",
    element({ name, at }, attributes) {
      if (name !== "info") checkLibraries(scan, part, attributes, at);
      if (name === "layer") checkLayer(attributes, at);
      else if (attributes.has("offset") && attributes.has("size")) {
        const fault = rangeFault(attributes, weights);
        if (fault !== undefined) malformed(fault, at);
      }
    },
  };
}

function checkLibraries(
  scan: Scan,
  part: Part,
  attributes: ReadonlyMap<string, string>,
  offset: number,
): void {
  for (const [key, value] of attributes) {
    if (!LIBRARY.test(value) || DESCRIBES.test(key)) continue;
    const message = `${key.slice(0, 60)} is ${JSON.stringify(value.slice(0, 160))}.`;
    scan.report("openvino-library", part, message, { offset, cause: "library" });
  }
}

function rangeFault(
  attributes: ReadonlyMap<string, string>,
  weights: number | undefined,
): string | undefined {
  const [offset = "", size = ""] = [attributes.get("offset"), attributes.get("size")];
  if (!isCount(offset) || !isCount(size)) return "lies at no place that a file could have";
  if (weights !== undefined && Number(offset) + Number(size) > weights)
    return `ends beyond the weights, which have ${weights} bytes`;
  const bits = BITS[attributes.get("element_type") ?? ""];
  const shape = attributes.get("shape");
  if (bits === undefined || shape === undefined) return undefined;
  const dimensions = shape.split(",").map((text) => text.trim());
  if (dimensions.some((text) => text !== "" && !isCount(text))) return "has a constant of no fixed shape";
  const elements = dimensions.reduce((product, text) => product * Number(text === "" ? 1 : text), 1);
  const needed = Math.ceil((elements * bits) / 8);
  return Number(size) >= needed ? undefined : `needs ${needed} bytes and has ${size}`;
}

const isCount = (text: string): boolean => /^\d{1,15}$/.test(text);
