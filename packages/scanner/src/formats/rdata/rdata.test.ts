import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FileReport } from "../../core/report.js";
import { scanBytes } from "../../core/scan-bytes.js";

// Written by R 4.2 with saveRDS: what each holds is said beside it.
const SAVED = {
  // local({ delayedAssign("x", system("id")); environment() })
  promise:
    "H4sIAAAAAAAAA4vgYmBgYGZgYWJiYGYFMhlYQ0PcdC2ADBYGCPgLxP+AWBiIZaFsJMzCBKQZgao5QXQFUABoDON/IOcPELMhSbIVVxaXpOYCWSAtAkgyTJkpmAbTDgMArux1W/QAAAA=",
  // local({ k <- 3; function(a) { a + k } })
  closure:
    "H4sIAAAAAAAAA4vgYmBgYGZgYWJiYGYFMhlYQ0PcdC0YGFiYgRwWBgj4C8T/gFgYiGWhbCpiFiYgzQi0jRNEZwMJPhDDgYMBBsgyKBFI/IZKsiFLVAMJJnRBbYgg838IzfQfZiwAU8MhvCMBAAA=",
  // the same, compiled to byte code
  compiled:
    "H4sIAAAAAAAAA4vgYmBgYGZgYWJiYGYFMhlYQ0PcdC0YGFiYgRwWBgj4C8T/gFgYiGWhbCpiFiYgzQi0jRNEZwMJPhDDgYMBBsgyKBFI/IZKigIxSJIXiEHG8gCxCFgxhAbJ6YCDAiIGCgs2qF4GZEOroYpBEl+gklgVaiMpBBn8H5XP9B/JazCaEaqOESr/GSoHdDUz2OUNMEsgmAmKmREYJQhYk3MSi4uBDAEkQYHUioKi1OLizPy8Ys+8lNQKkOUASIt6VQgCAAA=",
  // function(a) system(a)
  acting:
    "H4sIAAAAAAAAA4vgYmBgYGZgYWJiYGYFMhlYQ0PcdC0YGFiYgZy/QJoJSDMysDBwguhEIPEbiP8BMRuSBFtxZXFJai6QBVTO+B+kAgB2W95hWgAAAA==",
  // list(1, "a", TRUE, NULL, 1i, raw(3), quote(a + b), new.env(), as.Date("2020-01-01"))
  mixed:
    "H4sIAAAAAAAAA4vgYmBgYGZgYWJiYGYFMhlYQ0PcdC2ADGEg5gRiPiBmtP/AAAMCID4DC1iOMRFIcIEFIPgfEPND2WCApFECbBMYsCGboQ0kmNANRRFIgprMAjXpL5QPcqIslD0AmBkcNA4XrzZAnMWC7GjW5JzE4mK08GJxSSxJBWkGAKbQ47d3AQAA",
  // an S4 object
  s4: "H4sIAAAAAAAAA4vgYmBgYGZgYWJiYGYFMhlYQ0PcdC0YGJklGYCiQAFGBhYGThCdCCT4QAz7DwxQgKKANTknsbiYgYFJAFlXAJoq9oLE5OzE9FQgE1kdl557Tn5SYo5rXhmQ9w+EAcyOyWmbAAAA",
} as const;

const unpacked = (name: keyof typeof SAVED): Buffer => gunzipSync(Buffer.from(SAVED[name], "base64"));
const scan = (bytes: Uint8Array): FileReport => scanBytes(bytes, "model.rds");
const rules = (bytes: Uint8Array): string[] => scan(bytes).findings.map(({ rule }) => rule);

/** The same values in R's ASCII form, which R reads as well. */
const ASCII_PROMISE =
  "A\n3\n262657\n197888\n5\nUTF-8\n5\n252\n6\n1\n262153\n6\nsystem\n2\n16\n1\n262153\n2\nid\n254\n";

describe("R data", () => {
  it.each(["closure", "compiled", "mixed", "s4"] as const)("takes a %s value for clean", (name) => {
    expect(scan(unpacked(name))).toMatchObject({ format: "rdata", verdict: "clean", findings: [] });
  });

  it("reads through gzip, as R does", () =>
    expect(scan(Buffer.from(SAVED.mixed, "base64"))).toMatchObject({
      format: "gzip+rdata",
      verdict: "clean",
    }));

  it("refuses a promise that runs something when it is touched", () => {
    const report = scan(unpacked("promise"));
    expect(report.verdict).toBe("malicious");
    expect(report.findings[0]?.message).toContain("system");
    expect(rules(Buffer.from(ASCII_PROMISE))).toEqual(["rdata-promise"]);
  });

  it("reports a promise that calls something unknown", () => {
    const other = Buffer.from(unpacked("promise").toString("latin1").replace("system", "sysfoo"), "latin1");
    expect(rules(other)).toEqual(["rdata-lazy"]);
  });

  it("reports a stored function that reaches the system", () =>
    expect(rules(unpacked("acting"))).toEqual(["rdata-function"]));

  it("says so when it breaks off", () => {
    const whole = unpacked("mixed");
    for (let length = 14; length < whole.length; length += 7) {
      expect(scan(whole.subarray(0, length)).verdict).toBe("incomplete");
    }
  });

  it("never crashes on what is not R's", () => {
    const samples = Object.keys(SAVED) as (keyof typeof SAVED)[];
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        (name, changes) => {
          const bytes = unpacked(name);
          for (const [at, value] of changes) if (at + 14 < bytes.length) bytes[at + 14] = value;
          expect(rules(bytes)).not.toContain("parser-failed");
        },
      ),
      { numRuns: 500 },
    );
  });
});
