import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase64, encodeBase64 } from "./base64.js";

describe("base64", () => {
  it("comes back from either alphabet, padded or not", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const plain = Buffer.from(bytes);
        for (const text of [
          encodeBase64(bytes),
          plain.toString("base64url"),
          encodeBase64(bytes).replace(/=+$/, ""),
        ]) {
          expect(Buffer.from(decodeBase64(text) ?? []).equals(plain)).toBe(true);
        }
      }),
    );
  });

  it.each(["a", "ab=", "abc=d", "a b=", "ab==\n", "A===", "+-aa", "é", "QQ=", "QR=="])(
    "refuses %j",
    (text) => {
      expect(decodeBase64(text)).toBeUndefined();
    },
  );
});
