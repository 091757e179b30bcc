import type { AssetDetail } from "@countersign/api";
import type { ReactNode } from "react";
import { Pill } from "../../shared/ui/pill.js";

/** What is wrong with the document, if anything. */
export function Standing({ asset }: { asset: AssetDetail }): ReactNode {
  if (!asset.declared) {
    return (
      <Pill tone="wait" large>
        Not declared
      </Pill>
    );
  }
  return asset.dangling > 0 ? (
    <Pill tone="wait" large>
      {asset.dangling === 1 ? "1 reference leads nowhere" : `${asset.dangling} references lead nowhere`}
    </Pill>
  ) : (
    <Pill tone="ok" large>
      Declared
    </Pill>
  );
}
