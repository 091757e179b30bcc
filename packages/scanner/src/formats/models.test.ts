import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FileReport } from "../core/report.js";
import { scanBytes } from "../core/scan-bytes.js";
import { bytes, PAYLOAD } from "../testing/assemble.js";

// Formats of single frameworks, assembled from their published schemas.

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

function field(number: number, content: Uint8Array | string): Buffer {
  const data = typeof content === "string" ? Buffer.from(content) : content;
  return bytes(...varint(number * 8 + 2), ...varint(data.length), data);
}

const scan = (data: Uint8Array, name: string): FileReport => scanBytes(data, name);
const rules = (data: Uint8Array, name: string): string[] => scan(data, name).findings.map(({ rule }) => rule);

describe("Core ML", () => {
  const header = bytes(0x08, 4, field(2, field(1, "input")));
  const model = (...parts: Uint8Array[]): Buffer => bytes(header, ...parts);
  const layer = (number: number, content: Uint8Array | string): Buffer =>
    field(1, bytes(field(1, "a"), field(number, content)));

  it("takes a network for clean", () => {
    const report = scan(model(field(500, layer(140, field(1, "x")))), "m.mlmodel");
    expect(report).toMatchObject({ format: "coreml", verdict: "clean" });
  });
  it("reports a layer and a model that need a class of the app", () => {
    expect(rules(model(field(500, layer(500, field(10, "Evil")))), "m.mlmodel")).toEqual(["coreml-custom"]);
    expect(rules(model(field(555, field(1, "Evil"))), "m.mlmodel")).toEqual(["coreml-custom"]);
  });
  it("looks into pipelines", () => {
    const inner = model(field(555, field(1, "Evil")));
    expect(rules(model(field(202, field(1, inner))), "m.mlmodel")).toEqual(["coreml-custom"]);
    expect(rules(model(field(200, field(1, field(1, inner)))), "m.mlmodel")).toEqual(["coreml-custom"]);
  });
  it("refuses a linked model outside the directory", () => {
    const linked = (path: string): Buffer => model(field(556, field(1, field(1, field(1, path)))));
    expect(rules(linked("../../etc/x.mlmodelc"), "m.mlmodel")).toEqual(["external-data-escape"]);
    expect(rules(linked("other.mlmodelc"), "m.mlmodel")).toEqual(["external-data"]);
  });
});

describe("Paddle", () => {
  const program = (...operators: string[]): Buffer =>
    field(1, bytes(0x08, 0, 0x10, 0, ...operators.map((type) => field(4, field(3, type)))));

  it("takes an inference program for clean", () =>
    expect(scan(program("feed", "matmul_v2", "fetch"), "m.pdmodel")).toMatchObject({
      format: "paddle",
      verdict: "clean",
    }));
  it("refuses an operator that calls Python", () =>
    expect(rules(program("feed", "py_func"), "m.pdmodel")).toEqual(["paddle-operator"]));
});

describe("MessagePack", () => {
  const text = (value: string): Buffer => bytes(0xa0 + value.length, value);
  const binary = (value: Uint8Array): Buffer => bytes(0xc5, value.length >> 8, value.length & 255, value);
  const array = (type: string, data: Uint8Array): Buffer =>
    bytes(0x83, text("nd"), 0xc3, text("type"), text(type), text("data"), binary(data));

  it("takes Flax's parameters for clean", () => {
    const kernel = bytes(0xc7, 5, 1, 1, 2, 3, 4, 5);
    const tree = bytes(0x81, text("params"), 0x81, text("kernel"), kernel);
    expect(scan(tree, "flax_model.msgpack")).toMatchObject({ format: "msgpack", verdict: "clean" });
  });
  it("scans what msgpack-numpy would unpickle, and takes numbers for numbers", () => {
    expect(scan(bytes(0x81, text("w"), array("|O", PAYLOAD)), "m.msgpack").verdict).toBe("malicious");
    expect(scan(bytes(0x81, text("w"), array("<f4", Buffer.alloc(64))), "m.msgpack").verdict).toBe("clean");
  });
  it("says so when it breaks off, and never crashes", () => {
    const whole = bytes(0x81, text("w"), array("|O", PAYLOAD));
    expect(scan(whole.subarray(0, 8), "m.msgpack").verdict).toBe("incomplete");
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
        expect(rules(data, "m.msgpack")).not.toContain("parser-failed");
      }),
    );
  });
});

it("reports serialized Java objects", () =>
  expect(rules(bytes(0xac, 0xed, 0, 5, "sr"), "weka.model")).toEqual(["java-object"]));
