import { ASK } from "./remedies.js";
import type { Rule } from "./rule.js";

export type ArrayRuleId =
  | "safetensors-malformed"
  | "trailing-data"
  | "numpy-malformed"
  | "numpy-object"
  | "torch-storage-mismatch"
  | "hdf5-malformed"
  | "hdf5-external";

export const ARRAY_RULES: Readonly<Record<ArrayRuleId, Rule>> = {
  "safetensors-malformed": {
    title: "The safetensors header breaks the format's rules",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Loaders refuse the file or read tensors from the wrong bytes.",
    remedy: ASK,
    references: ["safetensors format"],
  },
  "trailing-data": {
    title: "Bytes follow the end of the model",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Another loader may read them as something else.",
    remedy: ASK,
    references: [],
  },
  "numpy-malformed": {
    title: "The array file breaks the format's rules",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Loaders refuse the file or read something else than its header says.",
    remedy: ASK,
    references: ["CVE-2019-6446"],
  },
  "numpy-object": {
    title: "The array holds Python objects",
    severity: "low",
    outcome: "note",
    consequence: "Loading with allow_pickle=True unpickles the array's content, which was scanned.",
    remedy: "Store numbers, not objects.",
    references: ["CVE-2019-6446"],
  },
  "torch-storage-mismatch": {
    title: "A tensor claims more bytes than the file holds",
    severity: "high",
    outcome: "malicious",
    consequence: "Loaders that trust the claim read or write beyond their memory.",
    remedy: ASK,
    references: ["CVE-2026-24747"],
  },
  "hdf5-malformed": {
    title: "The HDF5 file cannot be parsed",
    severity: "medium",
    outcome: "incomplete",
    consequence: "Parts of the file were not examined.",
    remedy: ASK,
    references: [],
  },
  "hdf5-external": {
    title: "The HDF5 file points to other files",
    severity: "high",
    outcome: "malicious",
    consequence: "Loading reads any file that it names and makes it part of the model.",
    remedy: ASK,
    references: ["CVE-2026-1669", "CWE-73"],
  },
};
