import { ASK } from "./remedies.js";
import type { Rule } from "./rule.js";

export type ObjectRuleId =
  | "java-object"
  | "java-class"
  | "msgpack-malformed"
  | "rdata-promise"
  | "rdata-lazy"
  | "rdata-function"
  | "rdata-malformed"
  | "native-library"
  | "skops-unsafe-object"
  | "skops-unproven-function"
  | "skops-unknown-object";

export const OBJECT_RULES: Readonly<Record<ObjectRuleId, Rule>> = {
  "java-object": {
    title: "Serialized Java objects",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Reading them makes objects of any class that the reader has, which can run code.",
    remedy: "Read them only with a filter that allows the classes of the model (JEP 290).",
    references: ["CWE-502"],
  },
  "java-class": {
    title: "Compiled Java code",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Loading the classes runs code that nobody can read.",
    remedy: "Use it only from whom you trust.",
    references: [],
  },
  "msgpack-malformed": {
    title: "The MessagePack file cannot be parsed",
    severity: "medium",
    outcome: "incomplete",
    consequence: "Parts of the file were not examined.",
    remedy: ASK,
    references: [],
  },
  "rdata-promise": {
    title: "The R data runs code when it is touched",
    severity: "critical",
    outcome: "malicious",
    consequence:
      "The first use of the loaded value, even printing it, calls the functions that the file names.",
    remedy: ASK,
    references: ["CVE-2024-27322"],
  },
  "rdata-lazy": {
    title: "The R data holds a value that is not worked out yet",
    severity: "medium",
    outcome: "suspicious",
    consequence: "The first use of the value calls functions.",
    remedy: "Ask for a file whose values are worked out.",
    references: ["CVE-2024-27322"],
  },
  "rdata-function": {
    title: "The R data holds a function that reaches the system",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Calling the function, or a function of the model that uses it, acts on the system.",
    remedy: "Read the function before you use the model.",
    references: [],
  },
  "rdata-malformed": {
    title: "The R data cannot be parsed",
    severity: "medium",
    outcome: "incomplete",
    consequence: "Parts of the file were not examined.",
    remedy: ASK,
    references: [],
  },
  "native-library": {
    title: "A native library",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Loading it runs native code.",
    remedy: "Use it only from whom you trust.",
    references: [],
  },
  "skops-unsafe-object": {
    title: "The skops file makes or calls something dangerous",
    severity: "critical",
    outcome: "malicious",
    consequence:
      "Loading with this type trusted, or with a version before 0.12 in some cases without, runs what the file names.",
    remedy: ASK,
    references: ["CVE-2025-54412", "CVE-2025-54413", "CVE-2024-37065", "CWE-502"],
  },
  "skops-unproven-function": {
    title: "The skops file holds a function that models do not need",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Once it is trusted, the loaded object holds a function of Python that may be called later.",
    remedy: "Do not trust the name unless you know why the model needs it.",
    references: ["CWE-502"],
  },
  "skops-unknown-object": {
    title: "The skops file needs a type of a package that the scanner does not know",
    severity: "low",
    outcome: "note",
    consequence: "Loading asks whether the type is trusted, and then runs its code.",
    remedy: "Trust only types that you have read.",
    references: ["CWE-502"],
  },
};
