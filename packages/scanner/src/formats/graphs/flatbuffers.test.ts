import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FileReport } from "../../core/report.js";
import { scanBytes } from "../../core/scan-bytes.js";
import { bytes, PAYLOAD, u32, u64, zip } from "../../testing/assemble.js";
import { sample } from "../../testing/samples.js";

const scan = (data: Uint8Array, name: string): FileReport => scanBytes(data, name);
const rules = (data: Uint8Array, name: string): string[] => scan(data, name).findings.map(({ rule }) => rule);

it.each([
  ["add.tflite", "tflite"],
  ["add-metadata.tflite", "tflite"],
  ["add.pte", "executorch"],
  ["delegate.pte", "executorch"],
])("takes %s for clean", (name, format) =>
  expect(scan(sample(name), name)).toMatchObject({ verdict: "clean", format, findings: [] }),
);

/** The sample with one 32-bit number in the place of another, which stands behind `before`. */
function patch(name: string, before: Uint8Array, from: number, to: number): Buffer {
  const data = sample(name);
  const at = data.indexOf(bytes(before, i32(from)));
  expect(at).toBeGreaterThan(0);
  data.writeInt32LE(to, at + before.length);
  return data;
}

function i32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32LE(value);
  return buffer;
}

describe("TFLite", () => {
  it("refuses operators of TensorFlow that read files", () =>
    expect(rules(sample("add-flex.tflite"), "m.tflite")).toEqual(["tensorflow-operator"]));
  // The operator's inputs are the vector [0, 1], its output [2].
  it.each([
    [0, 99],
    [0, -2],
    [0, 0x7fffffff],
  ])("reports the tensor %i made %i", (from, to) =>
    expect(rules(patch("add.tflite", i32(2), from, to), "m.tflite")).toEqual(["flatbuffer-malformed"]),
  );
  it("reports offsets beyond the file", () => {
    const data = sample("add.tflite");
    data.writeUInt32LE(0x10000000, 0);
    expect(rules(data, "m.tflite")).toEqual(["flatbuffer-malformed"]);
    expect(rules(sample("add.tflite").subarray(0, 200), "m.tflite")).toEqual(["flatbuffer-malformed"]);
  });
  it("examines the files that are appended", () => {
    const model = sample("add.tflite");
    expect(scan(bytes(model, zip({ name: "labels.pkl", data: PAYLOAD })), "m.tflite").verdict).toBe(
      "malicious",
    );
    expect(rules(bytes(model, zip({ name: "../labels.txt", data: Buffer.from("a") })), "m.tflite")).toEqual([
      "archive-path-escape",
    ]);
  });
});

/** A program as exported: an extended header behind the magic number, segments behind the tables. */
function program(body: Buffer, segments: number, base?: number): Buffer {
  const size = body.length + 32;
  const header = bytes("eh00", u32(32), u64(size), u64(base ?? size), u64(segments));
  const root = u32(body.readUInt32LE(0) + 32);
  return bytes(root, body.subarray(4, 8), header, body.subarray(8), Buffer.alloc(segments));
}

describe("ExecuTorch", () => {
  const body = sample("add.pte");
  it("takes a program with a header and segments for clean", () =>
    expect(scan(program(body, 40), "m.pte")).toMatchObject({ verdict: "clean", format: "executorch" }));
  it("reports segments beyond the file, and segments inside the tables", () => {
    expect(rules(program(body, 39), "m.pte")).toEqual(["flatbuffer-malformed"]);
    expect(rules(program(body, 40, 64), "m.pte")).toEqual(["flatbuffer-malformed"]);
    expect(rules(program(body, 40, 2 ** 40), "m.pte")).toEqual(["flatbuffer-malformed"]);
  });
  it("reports values, operators and delegates that are not there", () => {
    // The kernel's arguments are the vector [0, 0, 1, 2], the delegate's [0, 2].
    expect(rules(patch("add.pte", bytes(u32(4), u32(0), u32(0), u32(1)), 2, 3), "m.pte")).toEqual([
      "flatbuffer-malformed",
    ]);
    expect(rules(patch("add.pte", bytes(u32(2), u32(0)), 2, -1), "m.pte")).toEqual(["flatbuffer-malformed"]);
  });
  it("looks into the data of delegates", () => {
    const { verdict, findings } = scan(sample("delegate-pickle.pte"), "m.pte");
    expect(verdict).not.toBe("clean");
    expect(findings[0]).toMatchObject({
      rule: "hidden-pickle",
      location: { member: "delegate XnnpackBackend" },
    });
  });
  it("notes operators of a library of somebody's own", () => {
    const custom = Buffer.from(body.toString("latin1").replace("aten::add", "evil::add"), "latin1");
    expect(rules(custom, "m.pte")).toEqual(["executorch-custom-operator"]);
    expect(scan(custom, "m.pte").verdict).toBe("clean");
  });
});

describe("GGML", () => {
  const tokens = Array.from({ length: 300 }, (_, i) => `t${i}`);
  const numbers = (values: number[]): Buffer => bytes(...values.map(u32));
  const hparams = numbers([300, 64, 256, 4, 2, 16, 0]);
  const vocabulary = bytes(...tokens.flatMap((token) => [u32(token.length), token, u32(0)]));
  const tensor = (at: number, elements: number, type = 0): Buffer => {
    const head = bytes(numbers([1, 4, type, elements]), "norm");
    return bytes(head, Buffer.alloc((32 - ((at + head.length) % 32)) % 32), Buffer.alloc(elements * 4));
  };
  const model = (words: Buffer = vocabulary): Buffer => {
    const start = bytes("tjgg", u32(3), hparams, words);
    return bytes(start, tensor(start.length, 64));
  };
  it("takes LLaMA's old layout for clean", () =>
    expect(scan(model(), "m.bin")).toMatchObject({ verdict: "clean", format: "ggml" }));
  it("takes a model of a kind that it does not know for clean", () =>
    expect(scan(bytes("lmgg", Buffer.alloc(4000, 7)), "m.bin")).toMatchObject({
      verdict: "clean",
      format: "ggml",
    }));
  it.each([
    ["a token longer than any", model(bytes(u32(3), "abc", u32(0), u32(2 ** 31), vocabulary))],
    ["a vocabulary that does not end", model().subarray(0, 1000)],
    ["a tensor beyond the file", model().subarray(0, -8)],
    ["what is no tensor", bytes(model(), numbers([77, 1, 0, 1]))],
  ])("reports %s", (_, data) => expect(rules(data, "m.bin")).toEqual(["ggml-malformed"]));
});

it("gives a report for any change of any of them", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("add.tflite", "add-metadata.tflite", "add.pte", "delegate.pte"),
      fc.array(fc.tuple(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 4 })), { maxLength: 4 }),
      (name, changes) => {
        const data = sample(name);
        for (const [place, patch] of changes) data.set(patch, 8 + (place % (data.length - 12)));
        expect(rules(data, name)).not.toContain("parser-failed");
      },
    ),
    { numRuns: 1000 },
  );
});
