import { describe, expect, it } from "vitest";
import { scanBytes } from "../core/scan-bytes.js";
import { bytes, u32 } from "../testing/assemble.js";

const verdict = (...parts: (string | number | Uint8Array)[]): string =>
  scanBytes(bytes(0x80, 4, ...parts, "."), "m.pkl").verdict;
/** LONG1 of 2 to the power of `8 * bytes - 8`. */
const power = (count: number): Uint8Array => bytes(0x8a, count + 1, Buffer.alloc(count - 1), 1, 0);
const text = (value: string): Uint8Array => bytes(0x8c, value.length, value);
const call = (module: string, name: string, ...args: (string | Uint8Array)[]): Uint8Array =>
  bytes("c", module, "\n", name, "\n(", ...args, "tR");

describe("what a pickle asks for", () => {
  it.each([
    ["bytearray(2**40)", call("builtins", "bytearray", power(6))],
    ["pow(256, 2**32)", call("builtins", "pow", power(2), power(5))],
    ["operator.lshift(256, 2**32)", call("operator", "lshift", power(2), power(5))],
    ["operator.mul('A', 2**40)", call("operator", "mul", text("A"), power(6))],
    ["list(range(2**40))", call("builtins", "list", call("builtins", "range", power(6)))],
    [
      "sum(range(0, 2**48, 256))",
      call("builtins", "sum", call("builtins", "range", "K\0", power(7), power(2))),
    ],
    ["numpy.zeros(2**40)", call("numpy", "zeros", power(6))],
    ["numpy.ones((2**32, 2**32))", call("numpy", "ones", bytes("(", power(5), power(5), "t"))],
    ["a memo index of 2**31 - 1", bytes("Nr", u32(0x7fffffff))],
  ])("is told when it is %s", (_, parts) => expect(verdict(parts)).toBe("suspicious"));

  it.each([
    ["bytearray(256)", call("builtins", "bytearray", power(2))],
    ["pow(3, 2**32, 7)", call("builtins", "pow", "K\x03", power(5), "K\x07")],
    ["pow(1.5, 2)", call("builtins", "pow", bytes("G", Buffer.alloc(8)), "K\x02")],
    ["operator.mul(2**40, 2**40)", call("operator", "mul", power(6), power(6))],
    ["range(2**40)", call("builtins", "range", power(6))],
    ["list(range(256))", call("builtins", "list", call("builtins", "range", power(2)))],
    ["a memo index of 70,000", bytes("Nr", u32(70_000))],
  ])("is not when it is %s", (_, parts) => expect(verdict(parts)).toBe("clean"));
});
