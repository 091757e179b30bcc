import type { AssetSupplier } from "@countersign/api";
import type { Tone } from "./tone.js";

const STATES: Record<string, { tone: Tone; word: string }> = {
  clear: { tone: "ok", word: "Not sanctioned" },
  "under-review": { tone: "wait", word: "Under review" },
  listed: { tone: "bad", word: "Sanctioned" },
  unknown: { tone: "quiet", word: "Sanctions unknown" },
};

export const sanction = ({ status }: AssetSupplier["sanctions"]): { tone: Tone; word: string } =>
  STATES[status] ?? { tone: "quiet", word: status };
