import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CountersignError } from "./errors.js";
import { canonicalJson, parseJson } from "./json.js";

const text = (value: unknown): string => Buffer.from(canonicalJson(value)).toString("utf8");
const double = (hex: string): number => Buffer.from(hex, "hex").readDoubleBE();

describe("canonicalJson: the vectors of RFC 8785", () => {
  // Appendix B.
  it.each([
    ["0000000000000000", "0"],
    ["8000000000000000", "0"],
    ["0000000000000001", "5e-324"],
    ["8000000000000001", "-5e-324"],
    ["7fefffffffffffff", "1.7976931348623157e+308"],
    ["ffefffffffffffff", "-1.7976931348623157e+308"],
    ["4340000000000000", "9007199254740992"],
    ["c340000000000000", "-9007199254740992"],
    ["4430000000000000", "295147905179352830000"],
    ["44b52d02c7e14af5", "9.999999999999997e+22"],
    ["44b52d02c7e14af6", "1e+23"],
    ["44b52d02c7e14af7", "1.0000000000000001e+23"],
    ["444b1ae4d6e2ef4e", "999999999999999700000"],
    ["444b1ae4d6e2ef4f", "999999999999999900000"],
    ["444b1ae4d6e2ef50", "1e+21"],
    ["3eb0c6f7a0b5ed8c", "9.999999999999997e-7"],
    ["3eb0c6f7a0b5ed8d", "0.000001"],
    ["41b3de4355555553", "333333333.3333332"],
    ["41b3de4355555554", "333333333.33333325"],
    ["41b3de4355555555", "333333333.3333333"],
    ["41b3de4355555556", "333333333.3333334"],
    ["41b3de4355555557", "333333333.33333343"],
    ["becbf647612f3696", "-0.0000033333333333333333"],
    ["43143ff3c1cb0959", "1424953923781206.2"],
  ])("prints the double %s as %s", (hex, expected) => {
    expect(text(double(hex))).toBe(expected);
  });

  it("refuses what is no number (appendix B)", () => {
    expect(() => text(double("7fffffffffffffff"))).toThrow(CountersignError);
    expect(() => text(double("7ff0000000000000"))).toThrow(CountersignError);
  });

  it("prints the sample of §3.2.2 and §3.2.4", () => {
    const source = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`;
    const expected = String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`;
    expect(text(JSON.parse(source))).toBe(expected);
  });

  it("sorts names by UTF-16 unit (§3.2.3)", () => {
    const names = ["\u20ac", "\r", "\ufb33", "1", "\ud83d\ude00", "\u0080", "\u00f6"];
    const value = Object.fromEntries(names.map((name) => [name, 0]));
    expect(Object.keys(JSON.parse(text(value)) as object).filter((name) => name !== "1")).toEqual([
      "\r",
      "\u0080",
      "\u00f6",
      "\u20ac",
      "\ud83d\ude00",
      "\ufb33",
    ]);
    expect(text(value)).toMatch(/^\{"\\r":0,"1":0,/);
  });
});

describe("canonicalJson", () => {
  it("comes back as the same value, and is its own canonical form", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const bytes = canonicalJson(value);
        // Refused as a member's name, below.
        fc.pre(!Buffer.from(bytes).includes("__proto__"));
        expect(canonicalJson(parseJson(bytes))).toEqual(bytes);
        expect(JSON.parse(Buffer.from(bytes).toString())).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("does not depend on the order of members", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(turned)).toEqual(canonicalJson(value));
      }),
    );
  });

  it("leaves undefined members out", () => {
    expect(text({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  it.each([
    ["NaN", Number.NaN],
    ["infinity", [Number.POSITIVE_INFINITY]],
    ["a lone surrogate", "\ud800"],
    ["a lone surrogate in a name", { "\udc00": 1 }],
    ["a cycle", cycle],
    ["undefined", undefined],
    ["undefined in a list", [undefined]],
    ["a hole", new Array(2)],
    ["a function", { a: () => 1 }],
    ["a symbol", [Symbol("a")]],
    ["a bigint", 1n],
    ["a date", new Date(0)],
    ["bytes", new Uint8Array(2)],
    ["a map", new Map()],
    ["its own way to be printed", { toJSON: () => 1 }],
  ])("refuses %s", (_, value) => {
    expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ code: "json-unrepresentable" }));
  });
});

describe("parseJson", () => {
  it.each([
    ["nothing", ""],
    ["garbage", "{garbage}"],
    ["a truncated object", '{"a": [1, "x'],
    ["a doubled name", '{"a":1,"b":{},"a":1}'],
    ["a doubled name, once escaped", '{"a":1,"\\u0061":2}'],
    ["a doubled name within", '[{"x":{"a":1 , "a" : 2}}]'],
    ["__proto__", '{"__proto__":{}}'],
    ["a byte order mark", "\ufeff{}"],
    ["two values", "{} {}"],
    ["a bad escape in a name", '{"\\x":1}'],
    ["a trailing comma", "[1,]"],
    ["too deep a nesting", `${"[".repeat(65)}${"]".repeat(65)}`],
    ["very deep garbage", "[".repeat(1_000_000)],
  ])("refuses %s", (_, source) => {
    expect(() => parseJson(source)).toThrow(expect.objectContaining({ code: "json-malformed" }));
    expect(() => parseJson(Buffer.from(source))).toThrow(expect.objectContaining({ code: "json-malformed" }));
  });

  it("refuses what is not UTF-8, and what is too large", () => {
    expect(() => parseJson(Buffer.from([0x22, 0xff, 0x22]))).toThrow(CountersignError);
    expect(() => parseJson('"12345"', { maxBytes: 6 })).toThrow(CountersignError);
    expect(parseJson('"1234"', { maxBytes: 6 })).toBe("1234");
  });

  it("accepts one name in several objects, and strings that look like structure", () => {
    const source = '[{"a":"{\\"a\\":["},{"a":"\\\\"},{"a":"]}","b":{"a":1}}]';
    expect(parseJson(source)).toEqual(JSON.parse(source));
  });

  it("agrees with JSON.parse on whatever JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 4 }), (value, indent) => {
        const source = JSON.stringify(value, null, indent);
        fc.pre(!source.includes("__proto__"));
        expect(parseJson(source)).toEqual(JSON.parse(source));
      }),
    );
  });

  it("never throws anything but its own error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          parseJson(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(CountersignError);
        }
      }),
    );
  });
});
