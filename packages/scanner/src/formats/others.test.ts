import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FileReport } from "../core/report.js";
import { scanBytes } from "../core/scan-bytes.js";
import { bytes, PAYLOAD, u32, zip } from "../testing/assemble.js";
import { sample } from "../testing/samples.js";

const scan = (data: Uint8Array | string, name: string): FileReport => scanBytes(Buffer.from(data), name);
const rules = (data: Uint8Array | string, name: string): string[] =>
  scan(data, name).findings.map(({ rule }) => rule);

it.each([
  ["matmul.ort", "ort"],
  ["matmul.mnn", "mnn"],
  ["program.mlmodel", "coreml"],
  ["conv.ncnn.param", "ncnn"],
])("takes %s for clean", (name, format) =>
  expect(scan(sample(name), name)).toMatchObject({ verdict: "clean", format, findings: [] }),
);

describe("ONNX Runtime's format", () => {
  const ort = sample("matmul.ort");
  const changed = (from: string, to: string): Buffer =>
    Buffer.from(ort.toString("latin1").replace(from, to), "latin1");
  it("refuses operators that call Python", () => {
    const python = changed("\x06\0\0\0MatMul", "\x06\0\0\0PyFunc");
    expect(rules(python, "m.ort")).toEqual(["onnx-python-operator"]);
  });
  it("reports tables that lie outside the file", () => {
    for (const size of [40, 400, 800])
      expect(rules(ort.subarray(0, size), "m.ort")).toEqual(["flatbuffer-malformed"]);
    expect(rules(bytes(u32(0x7fffffff), ort.subarray(4)), "m.ort")).toEqual(["flatbuffer-malformed"]);
  });
  it("gives a report for any change", () => {
    fc.assert(
      fc.property(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 8 }), (place, patch) => {
        const data = Buffer.from(ort);
        data.set(patch, 8 + (place % (data.length - 16)));
        expect(rules(data, "m.ort")).not.toContain("parser-failed");
      }),
      { numRuns: 500 },
    );
  });
});

it("refuses weights of a Core ML program outside its directory", () => {
  const program = sample("program.mlmodel").toString("latin1");
  const changed = program.replace("@model_path/weights/weight.bin", "@model_path/../../../weigh.bin");
  expect(changed).not.toBe(program);
  expect(rules(Buffer.from(changed, "latin1"), "model.mlmodel")).toContain("external-data-escape");
});

describe("Caffe", () => {
  const layer = (module: string): string =>
    `name: "net"\nlayer {\n  name: "proposal"\n  type: 'Python'\n  python_param {\n    module: '${module}'\n    layer: 'ProposalLayer'\n  }\n}\n`;
  const field = (number: number, content: Uint8Array | string): Buffer => {
    const data = Buffer.from(content);
    return bytes(((number * 8 + 2) & 127) | 128, (number * 8 + 2) >> 7, data.length, data);
  };
  const model = (module: string): Buffer => {
    const named = bytes(0x0a, module.length, module, 0x12, 1, "X");
    return bytes(0x0a, 3, "net", field(100, field(130, named)));
  };
  it("notes layers that are Python, in text and in protobuf", () => {
    expect(scan(layer("rpn.proposal_layer"), "net.prototxt")).toMatchObject({
      format: "caffe",
      verdict: "clean",
    });
    expect(rules(layer("rpn.proposal_layer"), "net.prototxt")).toEqual(["caffe-python-layer"]);
    expect(rules(model("rpn.proposal_layer"), "net.caffemodel")).toEqual(["caffe-python-layer"]);
  });
  it("refuses modules that act", () => {
    expect(rules(layer("subprocess"), "net.prototxt")).toEqual(["config-instantiate"]);
    expect(rules(model("subprocess"), "net.caffemodel")).toEqual(["config-instantiate"]);
  });
});

describe("a llamafile", () => {
  const program = bytes("MZqFpD='\n", Buffer.alloc(200, 0x20));
  it("is a program, and its members are examined", () => {
    const weights = zip({ name: "model.gguf", data: bytes("GGUF", u32(3), Buffer.alloc(16)) });
    expect(scan(bytes(program, weights), "model.llamafile")).toMatchObject({
      format: "llamafile",
      verdict: "suspicious",
    });
    expect(rules(bytes(program, weights), "model.llamafile")).toEqual(["native-library"]);
    expect(scan(bytes(program, zip({ name: "a.pkl", data: PAYLOAD })), "model").verdict).toBe("malicious");
  });
});

it("says of a compiled engine that it cannot be examined", () => {
  const engine = Buffer.from(Array.from({ length: 500 }, (_, i) => (i * 7) & 255));
  expect(scan(engine, "model.engine")).toMatchObject({ format: "tensorrt", verdict: "clean" });
  expect(rules(engine, "model.plan")).toEqual(["compiled-engine"]);
});

describe("the index of a model in several files", () => {
  const index = (file: unknown): string =>
    JSON.stringify({ metadata: { total_size: 1 }, weight_map: { a: file } });
  it("may name files beside it, and no others", () => {
    const name = "model.safetensors.index.json";
    expect(scan(index("model-00001-of-00002.safetensors"), name)).toMatchObject({
      format: "shards",
      verdict: "clean",
    });
    for (const file of ["../x.bin", "/etc/passwd", "https://a.b/c", 7])
      expect(rules(index(file), name)).toEqual(["external-data-escape"]);
  });
  it("is TensorFlow.js' manifest of weights too", () => {
    const layer = { class_name: "Dense", config: { units: 1, activation: "linear" } };
    const model = (file: unknown): string =>
      JSON.stringify({
        format: "layers-model",
        modelTopology: {
          keras_version: "2.15.0",
          model_config: { class_name: "Sequential", config: { layers: [layer] } },
        },
        weightsManifest: [
          { paths: [file], weights: [{ name: "dense/kernel", shape: [2, 1], dtype: "float32" }] },
        ],
      });
    expect(scan(model("group1-shard1of1.bin"), "model.json")).toMatchObject({
      format: "tfjs",
      verdict: "clean",
      findings: [],
    });
    for (const file of ["../../../etc/passwd", "/etc/passwd", "https://a.b/c"])
      expect(rules(model(file), "model.json")).toEqual(["external-data-escape"]);
  });
});
