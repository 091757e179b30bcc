import { AssetKind as Listed } from "@countersign/api";
import { type AssetKind, assetName, parseAssetName } from "@countersign/facts";
import { expect, expectTypeOf, it } from "vitest";

// The API's schema runs in browsers and cannot import the facts, so both list the kinds.
it("lists the same kinds of assets in the API and in the facts", () => {
  // The compiler holds the two lists together; the run below shows that names of each kind are read back.
  expectTypeOf<Listed>().toEqualTypeOf<AssetKind>();
  const kinds: readonly AssetKind[] = Listed.enum;
  expect(kinds.length).toBeGreaterThan(10);
  for (const kind of kinds) expect(parseAssetName(assetName(kind, "x"))).toEqual({ kind, name: "x" });
});
