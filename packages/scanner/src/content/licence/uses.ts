/** What a model is to be used for. */
export type Use = "commercial" | "research" | "internal";
export const USES: readonly Use[] = ["commercial", "research", "internal"];

/** Licences that allow no use for gain, by what their own texts say. */
const NON_COMMERCIAL =
  /^CC-BY-NC|^LicenseRef-(?:Mistral-Research|Mistral-Non-Production|Qwen-Research|Stability-Non-Commercial|Flux-1-Dev-Non-Commercial|Exaone-NC|Nvidia-Source-Code-NC|Apple-AMLR|Microsoft-Research|FAIR-Noncommercial-Research|Intel-Research|DeepFloyd-IF)$/i;
const NAMED_NON_COMMERCIAL = /^LicenseRef-.*(?:non-?commercial|\bnc\b|research-only)/i;

/** Why the licence does not allow the use, or undefined where nothing is known against it. */
export function forbids(licence: string, use: Use): string | undefined {
  if (use === "research") return undefined;
  if (!NON_COMMERCIAL.test(licence) && !NAMED_NON_COMMERCIAL.test(licence)) return undefined;
  return use === "commercial"
    ? "allows no commercial use"
    : "allows no use for gain, which use inside a company is as a rule";
}
