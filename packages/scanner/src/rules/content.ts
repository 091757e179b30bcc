import { ASK } from "./remedies.js";
import type { Rule } from "./rule.js";

export type ContentRuleId =
  | "embedded-secret"
  | "possible-secret"
  | "embedded-address"
  | "download-command"
  | "hidden-executable"
  | "encoded-executable"
  | "known-bad"
  | "licence-conflict"
  | "licence-disagreement"
  | "model-card-incomplete"
  | "weights-not-finite"
  | "weights-broken"
  | "weights-extreme";

export const CONTENT_RULES: Readonly<Record<ContentRuleId, Rule>> = {
  "embedded-secret": {
    title: "A secret is written in the file",
    severity: "high",
    outcome: "suspicious",
    consequence: "Whoever has the file can use the account or key that the secret opens.",
    remedy: "Revoke the secret at its provider, then publish the model without it.",
    references: ["CWE-798", "MITRE ATLAS AML.T0055"],
  },
  "possible-secret": {
    title: "Something like a secret is written in the file",
    severity: "low",
    outcome: "note",
    consequence: "If it is a live secret, whoever has the file can use it.",
    remedy: "Look whether it is a secret; if it is, revoke it and remove it.",
    references: ["CWE-798", "MITRE ATLAS AML.T0055"],
  },
  "embedded-address": {
    title: "An address on the network stands where models need none",
    severity: "info",
    outcome: "note",
    consequence: "Nothing by itself; code that reads the model may connect there.",
    remedy: "Find out what the address is for.",
    references: [],
  },
  "download-command": {
    title: "A command that downloads and runs a program stands in the model",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Whatever hands the text to a shell runs a program from another machine.",
    remedy: ASK,
    references: ["CWE-506", "MITRE ATLAS AML.T0018.002"],
  },
  "hidden-executable": {
    title: "A program is hidden in the model",
    severity: "high",
    outcome: "malicious",
    consequence: "A small loader, in the model or elsewhere, can take the program out and start it.",
    remedy: ASK,
    references: ["CWE-506", "MITRE ATLAS AML.T0018.002", "arXiv:2107.08590"],
  },
  "encoded-executable": {
    title: "A native program is hidden in a text",
    severity: "medium",
    outcome: "suspicious",
    consequence: "A line of code is enough to write the program to disk and start it.",
    remedy: ASK,
    references: ["CWE-506", "MITRE ATLAS AML.T0018.002"],
  },
  "known-bad": {
    title: "The bytes are on your list of known bad ones",
    severity: "critical",
    outcome: "malicious",
    consequence: "What the list says of these bytes.",
    remedy: "Do not use the file. Whoever keeps the list knows why.",
    references: ["MITRE ATLAS AML.T0010"],
  },
  "licence-conflict": {
    title: "The licence does not allow the use that was named",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Using the model in that way breaks its licence.",
    remedy: "Get another licence from the publisher, or take another model.",
    references: [],
  },
  "licence-disagreement": {
    title: "The model names different licences in different places",
    severity: "low",
    outcome: "note",
    consequence: "Nobody can say which licence holds.",
    remedy: "Ask the publisher which licence holds, and treat the strictest as the one that does.",
    references: [],
  },
  "model-card-incomplete": {
    title: "The model card leaves out what users need to know",
    severity: "info",
    outcome: "note",
    consequence: "Nobody can say what the model is meant for, or what it was trained on.",
    remedy: "Add the missing sections, or ask the publisher for them.",
    references: [],
  },
  "weights-not-finite": {
    title: "A tensor holds values that are no numbers",
    severity: "info",
    outcome: "note",
    consequence: "Computing with it may give no result. Masks hold infinities on purpose.",
    remedy: "Test the model before you use it.",
    references: [],
  },
  "weights-broken": {
    title: "The weights are not numbers",
    severity: "medium",
    outcome: "suspicious",
    consequence: "The model computes nothing useful; the bytes may not be weights at all.",
    remedy: ASK,
    references: ["MITRE ATLAS AML.T0018"],
  },
  "weights-extreme": {
    title: "A tensor's values are unlike those of trained weights",
    severity: "info",
    outcome: "note",
    consequence: "The model may fail, or behave in ways that tests do not show.",
    remedy: "Compare the tensor with that of the original model.",
    references: ["MITRE ATLAS AML.T0018"],
  },
};
