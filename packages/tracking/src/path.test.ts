import fc from "fast-check";
import { expect, test } from "vitest";
import { ProtocolError } from "./error.js";
import { parseArtifactPath, parseArtifactPlace } from "./path.js";

const RUN = "0123456789abcdef0123456789abcdef";

test("a path names the run or the model that it belongs to", () => {
  expect(parseArtifactPlace(`1/${RUN}/artifacts/model/MLmodel`)).toEqual({
    root: RUN,
    path: "model/MLmodel",
  });
  expect(parseArtifactPlace(`1/models/m-${RUN}/artifacts`)).toEqual({ root: `m-${RUN}`, path: "" });
  expect(parseArtifactPlace(`team/x/${RUN}/artifacts/artifacts/a`)).toEqual({
    root: RUN,
    path: "artifacts/a",
  });
  for (const path of [
    "sub dir/ü/100%.txt",
    "img%step%25%timestamp%1795249001190%y27a.png",
    "%252",
    "a..b/...c",
  ]) {
    expect(parseArtifactPath(path)).toBe(path);
  }
});

test.each([
  "..",
  "../x",
  "a/../b",
  "a//b",
  "/etc/passwd",
  "./a",
  "a\\..\\b",
  "C:/x",
  "c:x",
  "a\0b",
  "a\nb",
  "%2e%2e/x",
  "a%2Fb",
  "a%5cb",
  "a%00",
  "%252e%252e",
  "%25252e%25252e",
  "x".repeat(256),
  Array(300).fill("abcd").join("/"),
])("refused: %j", (path) => {
  expect(() => parseArtifactPath(path)).toThrow(ProtocolError);
  expect(() => parseArtifactPlace(`1/${RUN}/artifacts/${path}`)).toThrow(ProtocolError);
});

test("what belongs to nothing is refused", () => {
  for (const path of ["", "a", "1/2/artifacts/x", `artifacts/${RUN}/x`, `${RUN}/x`]) {
    expect(() => parseArtifactPlace(path)).toThrow(/belong to a run/);
  }
});

test("whatever is let through stays below its root", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (path) => {
      try {
        const parts = parseArtifactPath(path).split("/");
        expect(parts.some((part) => part === ".." || part === "." || part.includes("\\"))).toBe(false);
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
      }
    }),
  );
});
