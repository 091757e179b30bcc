import { readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scanBytes } from "../../core/scan-bytes.js";
import { bytes, global, text } from "../../testing/assemble.js";
import { sample } from "../../testing/samples.js";

const pickle = (...pieces: Parameters<typeof bytes>): Buffer => bytes(0x80, 4, ...pieces, ".");

const folder = new URL("../../testing/samples/carried/", import.meta.url);

function names(kind: string): string[] {
  return readdirSync(new URL(kind, folder)).map((name) => `carried/${kind}/${name}`);
}

function rules(data: Buffer): string[] {
  return scanBytes(data, "model.pkl").findings.map(({ rule }) => rule);
}

function verdict(data: Buffer): string {
  return scanBytes(data, "model.pkl").verdict;
}

describe("code by value in files that real libraries wrote", () => {
  it.each(names("honest"))("%s is clean and says that it carries code", (name) => {
    const { verdict, findings } = scanBytes(sample(name), name);
    expect([verdict, findings.filter(({ severity }) => severity !== "low")]).toEqual(["clean", []]);
    expect(findings.map(({ rule }) => rule)).toContain("pickle-carried-code");
  });
});

describe("code by value that was seen to act when it was loaded or called", () => {
  it.each(names("acts"))("%s is malicious", (name) => expect(verdict(sample(name))).toBe("malicious"));
});

describe("code by value that loading runs with what the state gives it", () => {
  it.each(names("runs"))("%s is malicious", (name) => expect(verdict(sample(name))).toBe("malicious"));
});

/** A pickle of protocol 4 with a function of 3.11 that returns a constant. */
function carried(bytecode: Buffer, parts: { stack?: number; flags?: number; locals?: number } = {}): Buffer {
  const code = bytes(
    global("cloudpickle.cloudpickle", "_builtin_type"),
    text("CodeType"),
    bytes(0x85, "R("),
    bytes("K", 0, "K", 0, "K", 0, "K", parts.locals ?? 0, "K", parts.stack ?? 2, "K", parts.flags ?? 3),
    bytes("C", bytecode.length, bytecode),
    bytes("N", 0x85, text("name"), 0x85, ")", text("f.py"), text("f"), text("f"), "K", 1),
    bytes("C", 0, "C", 0, "))tR"),
  );
  return pickle(global("cloudpickle.cloudpickle", "_make_function"), "(", code, "}NNNtR");
}

const RESUME = bytes(151, 0);
const LOAD_CONST = 100;
const RETURN_VALUE = bytes(83, 0);

describe("bytecode is held to what a compiler writes", () => {
  it("a function that returns a constant is clean", () =>
    expect(rules(carried(bytes(RESUME, LOAD_CONST, 0, RETURN_VALUE)))).toEqual(["pickle-carried-code"]));

  it.each<[string, Buffer, Parameters<typeof carried>[1]?]>([
    ["a constant beyond the last", bytes(RESUME, LOAD_CONST, 9, RETURN_VALUE)],
    ["a name beyond the last", bytes(RESUME, 101, 9, RETURN_VALUE)],
    ["a variable beyond the last", bytes(RESUME, 124, 0, RETURN_VALUE)],
    ["a value that was never put on the stack", bytes(RESUME, RETURN_VALUE)],
    [
      "more values than the stack has room for",
      bytes(RESUME, LOAD_CONST, 0, LOAD_CONST, 0, RETURN_VALUE),
      { stack: 1 },
    ],
    ["a jump beyond the end", bytes(RESUME, 110, 9, LOAD_CONST, 0, RETURN_VALUE)],
    ["no end", bytes(RESUME, LOAD_CONST, 0)],
    ["more variables than it names", bytes(RESUME, LOAD_CONST, 0, RETURN_VALUE), { locals: 3 }],
    ["an instruction that only the interpreter writes", bytes(RESUME, 3, 0, LOAD_CONST, 0, RETURN_VALUE)],
    ["a function made of a constant", bytes(RESUME, LOAD_CONST, 0, 132, 0, RETURN_VALUE)],
    ["a constant for an exception", bytes(RESUME, LOAD_CONST, 0, 89, 0, LOAD_CONST, 0, RETURN_VALUE)],
    ["a constant that it appends to", bytes(RESUME, LOAD_CONST, 0, LOAD_CONST, 0, 145, 1, RETURN_VALUE)],
  ])("with %s it is malicious", (_, bytecode, parts) =>
    expect(rules(carried(bytecode, parts))).toContain("pickle-broken-code"),
  );

  it("of no known version it is suspicious", () =>
    expect(rules(carried(bytes(255, 0, 254, 0)))).toEqual(["pickle-unclear-code"]));

  it("ends in a verdict, whatever it is", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 2, maxLength: 120 }), (bytecode) => {
        expect(rules(carried(Buffer.from(bytecode)))).not.toContain("parser-failed");
      }),
      { numRuns: 300 },
    );
  });
});

describe("a type of code by itself", () => {
  it("is an import that no model needs", () =>
    expect(
      verdict(pickle(global("cloudpickle.cloudpickle", "_builtin_type"), text("CodeType"), 0x85, "R")),
    ).toBe("malicious"));
});
