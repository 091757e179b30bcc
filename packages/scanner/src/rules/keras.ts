import { ASK } from "./remedies.js";
import type { Rule } from "./rule.js";

export type KerasRuleId =
  | "keras-lambda"
  | "keras-unsafe-object"
  | "keras-custom-object"
  | "keras-file-access"
  | "keras-config-malformed";

export const KERAS_RULES: Readonly<Record<KerasRuleId, Rule>> = {
  "keras-lambda": {
    title: "A Keras layer carries Python code",
    severity: "critical",
    outcome: "malicious",
    consequence: "Loading the model runs code that the file carries.",
    remedy: ASK,
    references: ["CVE-2024-3660", "CVE-2025-9905", "CVE-2025-9906"],
  },
  "keras-unsafe-object": {
    title: "The Keras configuration names something that is no layer",
    severity: "critical",
    outcome: "malicious",
    consequence: "Loading the model imports and calls what the configuration names.",
    remedy: ASK,
    references: ["CVE-2025-1550", "CVE-2025-8747", "CVE-2025-49655", "CVE-2026-1462"],
  },
  "keras-custom-object": {
    title: "The Keras model needs a class of its own",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Loading works only where the class is registered, and runs its code.",
    remedy: "Register only classes that you have read.",
    references: [],
  },
  "keras-file-access": {
    title: "A Keras layer reads a file while it is loaded",
    severity: "high",
    outcome: "malicious",
    consequence: "Loading reads any file, or fetches any address, that the configuration names.",
    remedy: ASK,
    references: ["CVE-2025-12058"],
  },
  "keras-config-malformed": {
    title: "A Keras configuration cannot be parsed",
    severity: "medium",
    outcome: "incomplete",
    consequence: "Layers that the configuration names were not examined.",
    remedy: ASK,
    references: [],
  },
};
