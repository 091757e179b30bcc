import fc from "fast-check";
import { expect, it } from "vitest";
import { byCodePoint } from "./order.js";

it("orders as UTF-8 bytes do", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
      expect(Math.sign(byCodePoint(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
  expect(byCodePoint("\ufb01.bin", "\u{1f600}.bin")).toBeLessThan(0);
});
