import type { AssetKind } from "@countersign/api";

export const KINDS: readonly AssetKind[] = [
  "Model",
  "Dataset",
  "System",
  "Endpoint",
  "Service",
  "Vendor",
  "Run",
  "Code",
  "Prompt",
  "Image",
  "Hardware",
];

export const kindOf = (text: string | null): AssetKind | undefined => KINDS.find((kind) => kind === text);
