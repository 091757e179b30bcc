import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scanBytes } from "../../core/scan-bytes.js";
import { bytes } from "../../testing/assemble.js";

// Messages of tensorflow/core/framework/*.proto and tensorflow/core/protobuf/*.proto, assembled field by field.

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

function field(number: number, content: Uint8Array | string): Buffer {
  const data = typeof content === "string" ? Buffer.from(content) : content;
  return bytes(...varint(number * 8 + 2), ...varint(data.length), data);
}

const attribute = (key: string, value: Uint8Array): Buffer => field(5, bytes(field(1, key), field(2, value)));
const node = (name: string, op: string, ...rest: Uint8Array[]): Buffer =>
  field(1, bytes(field(1, name), field(2, op), ...rest));
const saved = (...graph: Uint8Array[]): Buffer =>
  bytes(0x08, 1, field(2, bytes(field(1, field(1, "v")), field(2, bytes(...graph)))));
const verdict = (data: Uint8Array | string, name = "saved_model.pb"): string =>
  scanBytes(typeof data === "string" ? Buffer.from(data) : data, name).verdict;
const text = (path: string): Buffer => attribute("value", field(8, field(8, path)));

describe("TensorFlow", () => {
  it.each([
    "ReadFile",
    "WriteFile",
    "PyFunc",
    "EagerPyFunc",
    "MatchingFiles",
    "DebugIdentityV3",
    "RpcCall",
    "SaveDatasetV2",
  ])("alarms at %s, also in functions and whatever the order of fields", (op) => {
    const backwards = field(1, bytes(field(2, op), field(1, "a")));
    const library = field(
      2,
      field(1, bytes(field(1, field(1, "f")), field(3, bytes(field(1, "a"), field(2, op))))),
    );
    expect(verdict(saved(node("x", "NoOp"), node("a", op)))).toBe("malicious");
    expect(verdict(saved(backwards))).toBe("malicious");
    expect(verdict(saved(library))).toBe("malicious");
    expect(verdict(bytes(field(4, bytes(0x08, 1)), node("a", op)), "frozen.pb")).toBe("malicious");
    expect(verdict(bytes(library, node("x", "NoOp")), "graph.pb")).toBe("malicious");
  });
  it("alarms at what is printed to a file, and not at what is printed", () => {
    const print = (stream: string): Buffer =>
      node("p", "PrintV2", attribute("output_stream", field(2, stream)));
    expect(verdict(saved(print("file:///etc/cron.d/x")))).toBe("malicious");
    expect(verdict(saved(print("stderr")))).toBe("clean");
  });
  it("alarms where the graph itself says where to save", () => {
    const save = (path: string): Buffer =>
      saved(
        node("c", "Const", text(path)),
        node("i", "Identity", field(3, "c")),
        node("s", "SaveV2", field(3, "i:0")),
      );
    expect(verdict(save("/etc/cron.d/x"))).toBe("malicious");
    expect(verdict(save("../../x"))).toBe("malicious");
    expect(verdict(save("model"))).toBe("clean");
  });
  it("takes the graphs of training for what they are", () => {
    const meta = (op: string): Buffer =>
      bytes(field(1, field(1, "v")), field(2, bytes(node("x", "Const"), node("a", op))));
    expect(verdict(meta("TFRecordDataset"), "model.ckpt.meta")).toBe("clean");
    expect(verdict(meta("WriteFile"), "model.ckpt.meta")).toBe("malicious");
  });
  it("reads graphs in the text format", () => {
    const graph = (op: string): string =>
      `saved_model_schema_version: 1\nmeta_graphs {\n graph_def {\n node {\n name: "a"\n op: ${op}\n }\n }\n}\n`;
    expect(verdict(graph('"ReadFile"'), "saved_model.pbtxt")).toBe("malicious");
    expect(verdict(graph(`"Read" '\\106ile'`), "saved_model.pbtxt")).toBe("malicious");
    expect(verdict(graph('"MatMul"'), "saved_model.pbtxt")).toBe("clean");
  });
  it("reads the configurations of Keras 2 beside the graph", () => {
    const config = JSON.stringify({
      class_name: "Lambda",
      config: { function: { class_name: "__tuple__", items: ["4wEA", null, null] }, function_type: "lambda" },
    });
    expect(verdict(field(1, bytes(field(1, "x"), field(5, config))), "keras_metadata.pb")).toBe("malicious");
    expect(
      verdict(
        field(1, field(5, JSON.stringify({ class_name: "Dense", config: { units: 1 } }))),
        "keras_metadata.pb",
      ),
    ).toBe("clean");
  });
  it("never fails on a changed graph", () => {
    const whole = saved(
      node("c", "Const", text("/x")),
      node("s", "SaveV2", field(3, "c")),
      node("a", "ReadFile"),
    );
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, value) => {
        const changed = Buffer.from(whole);
        changed[at] = value;
        const { findings } = scanBytes(changed, "saved_model.pb");
        expect(findings.map(({ rule }) => rule)).not.toContain("parser-failed");
      }),
    );
  });
});
