import { CountersignError } from "@countersign/evidence";
import { ASSET_KINDS, type AssetKind } from "@countersign/facts";

/** A kind as people type it: in any case, also in the plural. */
export function kindOf(text: string): AssetKind {
  const typed = text.toLowerCase();
  const found = ASSET_KINDS.find((kind) => {
    const one = kind.toLowerCase();
    return typed === one || typed === `${one}s`;
  });
  if (found !== undefined) return found;
  throw new CountersignError("usage", `there is no kind ${text}; there are ${ASSET_KINDS.join(", ")}`, {
    detail: { remedy: "countersign get model" },
  });
}
