import { expect, test } from "vitest";
import { type Network, predict } from "./network.js";
import { toOnnx } from "./onnx.js";
import { drawTable, featuresOf } from "./table.js";
import { train } from "./train.js";

/** A reader written from the wire format's description, sharing nothing with the writer under test. */
type Message = Map<number, (number | Uint8Array)[]>;

function readVarint(bytes: Uint8Array, start: number): [value: number, next: number] {
  let value = 0;
  for (let at = start, scale = 1; ; at++, scale *= 128) {
    const byte = bytes[at];
    if (byte === undefined) throw new Error("truncated");
    value += (byte & 127) * scale;
    if (byte < 128) return [value, at + 1];
  }
}

function parse(bytes: Uint8Array): Message {
  const fields: Message = new Map();
  for (let at = 0; at < bytes.length; ) {
    const [tag, afterTag] = readVarint(bytes, at);
    const [value, next] = readVarint(bytes, afterTag);
    if (tag % 8 !== 0 && tag % 8 !== 2) throw new Error(`wire type ${tag % 8}`);
    const end = tag % 8 === 0 ? next : next + value;
    if (end > bytes.length) throw new Error("truncated");
    const found = fields.get(Math.floor(tag / 8)) ?? [];
    fields.set(Math.floor(tag / 8), [...found, tag % 8 === 0 ? value : bytes.subarray(next, end)]);
    at = end;
  }
  return fields;
}

const messages = (from: Message, field: number): Message[] =>
  (from.get(field) ?? []).map((value) => parse(value as Uint8Array));
const texts = (from: Message, field: number): string[] =>
  (from.get(field) ?? []).map((value) => new TextDecoder().decode(value as Uint8Array));

interface Value {
  shape: number[];
  data: number[];
}

function readTensor(tensor: Message): [string, Value] {
  const raw = tensor.get(9)?.[0] as Uint8Array;
  const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
  const data = Array.from({ length: raw.length / 4 }, (_, at) => view.getFloat32(at * 4, true));
  return [texts(tensor, 8)[0] ?? "", { shape: (tensor.get(1) ?? []) as number[], data }];
}

function matMul(a: Value, b: Value): Value {
  const [rows, inner, columns] = [a.shape[0]!, a.shape[1]!, b.shape[1]!];
  const cell = (row: number, column: number): number => {
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += a.data[row * inner + k]! * b.data[k * columns + column]!;
    return sum;
  };
  const data = Array.from({ length: rows * columns }, (_, at) =>
    cell(Math.floor(at / columns), at % columns),
  );
  return { shape: [rows, columns], data };
}

const broadcast = (apply: (a: number, b: number) => number) => (a: Value, b: Value) => {
  return { shape: a.shape, data: a.data.map((value, at) => apply(value, b.data[at % b.data.length]!)) };
};
const each = (apply: (a: number) => number) => (a: Value) => ({ shape: a.shape, data: a.data.map(apply) });

const OPERATORS: Record<string, (a: Value, b: Value) => Value> = {
  Sub: broadcast((a, b) => a - b),
  Div: broadcast((a, b) => a / b),
  Add: broadcast((a, b) => a + b),
  MatMul: matMul,
  Relu: each((a) => Math.max(0, a)),
  Sigmoid: each((a) => 1 / (1 + Math.exp(-a))),
};

function run(model: Uint8Array, input: Value): Value {
  const graph = messages(parse(model), 7)[0]!;
  const values = new Map(messages(graph, 5).map(readTensor));
  values.set(texts(messages(graph, 11)[0]!, 1)[0] ?? "", input);
  for (const node of messages(graph, 1)) {
    const [a, b] = texts(node, 1).map((name) => values.get(name));
    values.set(texts(node, 2)[0]!, OPERATORS[texts(node, 4)[0]!]!(a!, b!));
  }
  return values.get(texts(messages(graph, 12)[0]!, 1)[0]!)!;
}

const table = drawTable(400, 7);
const { network } = train(table, 7);

test("the graph computes what the trained network does", () => {
  const rows = table.map(featuresOf);
  const { shape, data } = run(toOnnx(network), { shape: [rows.length, 8], data: rows.flat() });
  expect(shape).toEqual([rows.length, 1]);
  rows.forEach((row, at) => {
    expect(data[at]).toBeCloseTo(predict(network, row), 9);
  });
});

test("a matrix that is not square keeps its orientation", () => {
  const wide: Network = {
    mean: [0, 0, 0],
    scale: [1, 1, 1],
    hidden: {
      weight: [
        [1, 2, 3],
        [-4, 5, 6],
      ],
      bias: [0.5, 1],
    },
    output: { weight: [[1, -0.25]], bias: [0.125] },
  };
  const { data } = run(toOnnx(wide), { shape: [1, 3], data: [0.5, -1, 2] });
  expect(data[0]).toBeCloseTo(predict(wide, [0.5, -1, 2]), 9);
});

test("the header names IR version 8 and opset 13 of ai.onnx", () => {
  const model = parse(toOnnx(network));
  expect(model.get(1)).toEqual([8]);
  const opset = messages(model, 8)[0]!;
  expect([texts(opset, 1), opset.get(2)]).toEqual([[""], [13]]);
});
