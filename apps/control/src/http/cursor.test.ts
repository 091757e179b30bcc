import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeCursor, encodeCursor } from "./cursor.js";

test("a cursor is read by the list that gave it, and by no other", () => {
  expect(decodeCursor("versions", encodeCursor("versions", 42))).toBe(42);
  expect(decodeCursor("versions", undefined)).toBeUndefined();
  expect(() => decodeCursor("jobs", encodeCursor("versions", 42))).toThrow(/cursor/);
});

test("garbage is a bad request, whatever it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(() => decodeCursor("versions", text)).toThrow(expect.objectContaining({ code: "bad-request" }));
    }),
  );
});
