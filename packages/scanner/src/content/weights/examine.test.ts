import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scanBytes } from "../../core/scan-bytes.js";
import { bytesSource } from "../../core/source.js";
import { bytes, u64 } from "../../testing/assemble.js";
import { elf, portableExecutable } from "../testing.js";
import { spread } from "./windows.js";

interface Given {
  type: string;
  size: number;
  data: Buffer;
}

function safetensors(tensors: Record<string, Given>, limits = {}) {
  const header: Record<string, object> = {};
  let at = 0;
  for (const [name, { type, size, data }] of Object.entries(tensors)) {
    header[name] = { dtype: type, shape: [data.length / size], data_offsets: [at, at + data.length] };
    at += data.length;
  }
  const text = JSON.stringify(header);
  const file = bytes(u64(text.length), text, ...Object.values(tensors).map(({ data }) => data));
  return scanBytes(file, "model.safetensors", limits);
}

function floats(count: number, value: (index: number) => number): Buffer {
  const data = Buffer.alloc(count * 4);
  for (let i = 0; i < count; i++) data.writeFloatLE(value(i), i * 4);
  return data;
}

/** Weights as an initialiser draws them, from a generator that always draws the same. */
function weights(count: number): Buffer {
  let state = 1;
  return floats(count, () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state / 2_147_483_647 - 0.5) / 10;
  });
}
const f32 = (data: Buffer): Given => ({ type: "F32", size: 4, data });
const u8 = (data: Buffer): Given => ({ type: "U8", size: 1, data });
const rules = (tensors: Record<string, Given>, limits = {}) => {
  const { verdict, findings } = safetensors(tensors, limits);
  return [verdict, ...findings.map(({ rule }) => rule)];
};

describe("weights", () => {
  it("are clean as they are drawn, masked, zero or packed", () => {
    const mask = floats(4096, (i) => (i % 2 ? Number.NEGATIVE_INFINITY : 0));
    const least = floats(4096, (i) => (i % 2 ? -3.4028234663852886e38 : 0));
    expect(
      rules({
        a: f32(weights(50_000)),
        mask: f32(mask),
        least: f32(least),
        zero: f32(floats(4096, () => 0)),
      }),
    ).toEqual(["clean"]);
    expect(rules({ packed: u8(randomBytes(1_000_000)) })).toEqual(["clean"]);
  });
  it("with some NaN are noted, and suspicious when most are NaN", () => {
    expect(rules({ a: f32(floats(5000, (i) => (i === 7 ? Number.NaN : 0.5))) })).toEqual([
      "clean",
      "weights-not-finite",
    ]);
    expect(rules({ a: f32(floats(5000, () => Number.NaN)) })).toEqual(["suspicious", "weights-broken"]);
    expect(rules({ scale: f32(floats(4, () => Number.NaN)), a: f32(weights(5000)) })).toEqual([
      "clean",
      "weights-not-finite",
    ]);
  });
  it("of impossible size are noted", () => {
    expect(rules({ a: f32(randomBytes(40_000)) })[0]).toBe("clean");
    expect(rules({ a: f32(floats(5000, (i) => (i % 3 ? 1e20 * i : 1))) })).toEqual([
      "clean",
      "weights-extreme",
    ]);
  });
  it.each([
    ["bytes", u8(Buffer.concat([elf(), randomBytes(10_000)]))],
    ["bytes after others", u8(Buffer.concat([randomBytes(3000), portableExecutable(), randomBytes(3000)]))],
    ["a script", u8(Buffer.from("#!/bin/sh\nid\n".padEnd(64)))],
    ["floats", f32(Buffer.concat([elf(), weights(5000)]))],
  ])("that are a program as %s are malicious", (_, tensor) => {
    expect(rules({ a: f32(weights(5000)), b: tensor })).toContain("hidden-executable");
    expect(rules({ b: tensor })[0]).toBe("malicious");
  });
  it("that carry a program in their low bytes or bits are malicious", () => {
    const program = Buffer.concat([elf(), Buffer.alloc(2)]);
    for (const kept of [1, 2, 3]) {
      for (const reversed of [false, true]) {
        const data = weights(20_000);
        for (let i = 0; i < program.length; i++) {
          const place = i % kept;
          data[Math.floor(i / kept) * 4 + (reversed ? kept - 1 - place : place)] = program[i] ?? 0;
        }
        expect(rules({ a: f32(data) })).toEqual(["malicious", "hidden-executable"]);
      }
    }
    const data = weights(20_000);
    for (let i = 0; i < program.length * 8; i++) {
      const bit = ((program[i >> 3] ?? 0) >> (7 - (i & 7))) & 1;
      data[i * 4] = ((data[i * 4] ?? 0) & 0xfe) | bit;
    }
    expect(rules({ a: f32(data) })).toEqual(["malicious", "hidden-executable"]);
  });
  it("are left alone when nothing is to be looked at", () => {
    expect(rules({ a: u8(elf()) }, { weightBytes: 0, searchBytes: 0 })).toEqual(["clean"]);
  });
  it("are all looked at when the limit allows it", () => {
    const late = Buffer.concat([randomBytes(30_000_000), elf(), randomBytes(1_000_000)]);
    expect(rules({ a: u8(late) }, { weightBytes: Number.MAX_SAFE_INTEGER })).toEqual([
      "malicious",
      "hidden-executable",
    ]);
  });
});

describe("spread", () => {
  const tensor = fc.record({ length: fc.integer({ min: 0, max: 100_000_000 }) }).map(({ length }) => {
    return { name: "", type: "f32" as const, source: bytesSource(Buffer.alloc(0)), offset: 0, length };
  });
  it("stays inside the tensors and near the budget, and begins with every tensor's beginning", () => {
    fc.assert(
      fc.property(
        fc.array(tensor, { maxLength: 40 }),
        fc.integer({ min: 0, max: 10_000_000 }),
        (tensors, budget) => {
          let sum = 0;
          for (const { tensor: one, windows } of spread(tensors, budget)) {
            for (const { at, length } of windows) {
              expect(at).toBeGreaterThanOrEqual(0);
              expect(at + length).toBeLessThanOrEqual(one.length);
              sum += length;
            }
            if (one.length > 0) expect(windows[0]?.at).toBe(0);
          }
          expect(sum).toBeLessThanOrEqual(budget * 2 + tensors.length * 4096);
        },
      ),
    );
  });
});
