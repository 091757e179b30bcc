import { describe, expect, it } from "vitest";
import { scanBytes } from "../../core/scan-bytes.js";
import { bytes, text, u32, u64, zip } from "../../testing/assemble.js";
import { elf } from "../testing.js";

/** A program where weights belong, padded to whole numbers. */
const HIDDEN = Buffer.concat([elf(), Buffer.alloc(96)]);
const NAN = Buffer.alloc(8192, "0000c07f", "hex");

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)];
}
function field(number: number, content: Uint8Array | string): Buffer {
  const data = Buffer.from(content as string);
  return bytes(...varint((number << 3) | 2), ...varint(data.length), data);
}

function onnx(data: Buffer): Buffer {
  const tensor = bytes(bytes(0x10, 1), field(8, "W"), field(9, data));
  return bytes(
    0x08,
    8,
    field(7, field(5, tensor)),
    field(14, bytes(field(1, "license"), field(2, "MIT"))),
    field(8, bytes(0x10, 17)),
  );
}

function gguf(data: Buffer): Buffer {
  const info = bytes(u64(1), "w", u32(1), u64(data.length / 4), u32(0), u64(0));
  const head = bytes("GGUF", u32(3), u64(1), u64(0), info);
  return bytes(head, Buffer.alloc(-head.length & 31), data);
}

function torch(data: Buffer): Buffer {
  const id = bytes(
    "(",
    text("storage"),
    "ctorch\nFloatStorage\n",
    text("0"),
    text("cpu"),
    "J",
    u32(data.length / 4),
    "tQ.",
  );
  return zip(
    { name: "m/data.pkl", data: bytes(0x80, 4, id) },
    { name: "m/version", data: Buffer.from("3\n") },
    { name: "m/data/0", data },
  );
}

function npy(data: Buffer): Buffer {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${data.length / 4},), }\n`;
  return bytes("\x93NUMPY", 1, 0, header.length, 0, header, data);
}

describe("programs in the weights of each format", () => {
  it.each([
    ["onnx", onnx(HIDDEN)],
    ["gguf", gguf(HIDDEN)],
    ["torch", torch(HIDDEN)],
    ["npy", npy(HIDDEN)],
  ])("%s", (format, file) => {
    const report = scanBytes(file, `model.${format === "torch" ? "pt" : format}`);
    expect(report).toMatchObject({ format, verdict: "malicious" });
    expect(report.findings.map(({ rule }) => rule)).toContain("hidden-executable");
  });
});

describe("numbers in the weights of each format", () => {
  it.each([
    ["onnx", onnx(NAN)],
    ["gguf", gguf(NAN)],
    ["torch", torch(NAN)],
  ])("%s", (format, file) => {
    const report = scanBytes(file, `model.${format === "torch" ? "pt" : format}`);
    expect(report.findings.map(({ rule }) => rule)).toEqual(["weights-broken"]);
  });
  it("may be missing in arrays", () => {
    expect(scanBytes(npy(NAN), "a.npy")).toMatchObject({ verdict: "clean", findings: [] });
  });
});

it("the licence in ONNX's metadata is told", () => {
  expect(scanBytes(onnx(Buffer.alloc(64)), "m.onnx").licences).toEqual([
    { licence: "MIT", source: "metadata" },
  ]);
});

it("every member has a digest where a list asks for them", () => {
  const { members = [] } = scanBytes(torch(Buffer.alloc(64)), "m.pt", { memberDigests: 10 });
  expect(members.map(({ member }) => member).sort()).toEqual(["m/data.pkl", "m/data/0", "m/version"]);
});
