import type { Rule } from "./rule.js";

const AML = "MITRE ATLAS AML.T0011.000";
const CWE = "CWE-502";
const ASK = "Do not load the file. Ask its publisher for safetensors or another format that holds only data.";
const REMOVE = "Do not load the file, and treat machines that loaded it as compromised.";

export type PickleRuleId =
  | "pickle-dangerous-call"
  | "pickle-dangerous-import"
  | "pickle-unproven-call"
  | "pickle-unproven-import"
  | "pickle-unproven-class"
  | "pickle-unlisted-class"
  | "pickle-unknown-class"
  | "pickle-unknown-call"
  | "pickle-active-call"
  | "pickle-dynamic-call"
  | "pickle-unresolved-call"
  | "pickle-unresolved-name"
  | "pickle-state-hook"
  | "pickle-global-mutation"
  | "pickle-item-confusion"
  | "pickle-extension"
  | "pickle-demand"
  | "pickle-frame"
  | "pickle-malformed"
  | "pickle-broken"
  | "pickle-dangerous-code"
  | "pickle-running-code"
  | "pickle-broken-code"
  | "pickle-unclear-code"
  | "pickle-carried-code"
  | "hidden-pickle"
  | "loader-disagreement";

export const PICKLE_RULES: Readonly<Record<PickleRuleId, Rule>> = {
  "pickle-dangerous-call": {
    title: "Pickle calls a dangerous function",
    severity: "critical",
    outcome: "malicious",
    consequence: "Loading the file runs what the call says, with the rights of the loading process.",
    remedy: REMOVE,
    references: [AML, CWE, "CVE-2025-1716", "CVE-2025-10157"],
  },
  "pickle-dangerous-import": {
    title: "Pickle imports a dangerous function",
    severity: "high",
    outcome: "malicious",
    consequence:
      "The loaded object holds a function that reaches code, files or the network, ready to be called.",
    remedy: ASK,
    references: [AML, CWE],
  },
  "pickle-unproven-call": {
    title: "Pickle calls a function that is not proven harmless",
    severity: "high",
    outcome: "malicious",
    consequence: "Loading runs a function of Python or of a framework that no saved model needs to call.",
    remedy: ASK,
    references: [AML, CWE, "arXiv:2508.19774"],
  },
  "pickle-unproven-import": {
    title: "Pickle imports a part of Python that models do not need",
    severity: "medium",
    outcome: "suspicious",
    consequence: "The loaded object holds a function of the standard library that may be called later.",
    remedy: "Find out why the model holds this function, or ask for a format that holds only data.",
    references: [CWE],
  },
  "pickle-unproven-class": {
    title: "Pickle makes an instance of a class that models do not need",
    severity: "medium",
    outcome: "suspicious",
    consequence:
      "Loading makes the instance and gives it the file's state; its methods may act on that state.",
    remedy: "Find out why the model holds this object, or ask for a format that holds only data.",
    references: [CWE],
  },
  "pickle-unlisted-class": {
    title: "Pickle calls a framework class that is on no allow list",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Loading runs the constructor of a class of a known framework with plain data.",
    remedy: "Find out why the model holds this object, or ask for a format that holds only data.",
    references: [CWE],
  },
  "pickle-unknown-class": {
    title: "Pickle holds objects of a package that the scanner does not know",
    severity: "low",
    outcome: "note",
    consequence:
      "Loading imports that package from the loading machine and gives its classes the file's data.",
    remedy: "Load the file only where the package is the one that you expect.",
    references: [CWE],
  },
  "pickle-unknown-call": {
    title: "Pickle calls something of an unknown package",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Loading runs a function or constructor of a package that the scanner does not know.",
    remedy: "Read what that function does, or ask for a format that holds only data.",
    references: [AML, CWE],
  },
  "pickle-active-call": {
    title: "Pickle calls an unknown function that acts",
    severity: "high",
    outcome: "malicious",
    consequence:
      "Loading runs a function whose name or arguments say that it runs, loads, fetches or writes something.",
    remedy: ASK,
    references: [AML, CWE],
  },
  "pickle-dynamic-call": {
    title: "Pickle calls what it computed",
    severity: "high",
    outcome: "malicious",
    consequence: "What runs is decided while loading, which hides it from inspection.",
    remedy: ASK,
    references: [AML, CWE],
  },
  "pickle-unresolved-call": {
    title: "Pickle calls a value that the file does not name",
    severity: "high",
    outcome: "malicious",
    consequence: "What runs depends on the loading program or on the unpickler's own faults.",
    remedy: ASK,
    references: [AML, CWE],
  },
  "pickle-unresolved-name": {
    title: "Pickle computes a name to import or read",
    severity: "high",
    outcome: "malicious",
    consequence: "What is imported is decided while loading, which hides it from inspection.",
    remedy: ASK,
    references: [AML, CWE],
  },
  "pickle-state-hook": {
    title: "Pickle plants a method that later opcodes call",
    severity: "critical",
    outcome: "malicious",
    consequence: "Setting the object's state calls a function that the file chose, without a visible call.",
    remedy: REMOVE,
    references: [AML, CWE],
  },
  "pickle-global-mutation": {
    title: "Pickle changes an imported object",
    severity: "critical",
    outcome: "malicious",
    consequence: "Loading replaces parts of modules or functions that the whole process uses.",
    remedy: REMOVE,
    references: [AML, CWE],
  },
  "pickle-item-confusion": {
    title: "Pickle sets items of a tensor",
    severity: "high",
    outcome: "malicious",
    consequence: "Restricted unpicklers write to memory that they take for a dictionary.",
    remedy: ASK,
    references: ["CVE-2026-24747", CWE],
  },
  "pickle-extension": {
    title: "Pickle uses the extension registry",
    severity: "medium",
    outcome: "suspicious",
    consequence: "What the code stands for depends on what the loading program registered.",
    remedy: ASK,
    references: [CWE],
  },
  "pickle-demand": {
    title: "Pickle asks for more memory or time than a machine has",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Loading ends the process for want of memory, or does not end.",
    remedy: ASK,
    references: ["CWE-400", "CWE-789"],
  },
  "pickle-frame": {
    title: "Pickle frames do not fit the opcodes",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Unpicklers and scanners read different opcodes from the same bytes.",
    remedy: ASK,
    references: ["cpython#154848"],
  },
  "pickle-malformed": {
    title: "Pickle breaks the rules of the format",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Loading fails at this point; what came before has run by then.",
    remedy: ASK,
    references: [CWE],
  },
  "pickle-broken": {
    title: "Pickle ends before its end",
    severity: "medium",
    outcome: "incomplete",
    consequence: "Loading fails at this point; what came before has run by then.",
    remedy: "Fetch the file again; if it is still broken, do not use it.",
    references: ["nullifAI"],
  },
  "pickle-dangerous-code": {
    title: "Pickle carries code that reaches the system",
    severity: "high",
    outcome: "malicious",
    consequence:
      "Loading makes a function of the file's own bytecode; calling it, as using the model does, acts.",
    remedy: ASK,
    references: [AML, CWE, "CWE-94"],
  },
  "pickle-running-code": {
    title: "Pickle runs code that it carries",
    severity: "critical",
    outcome: "malicious",
    consequence: "Loading runs bytecode of the file that is not proven harmless.",
    remedy: REMOVE,
    references: [AML, CWE, "CWE-94"],
  },
  "pickle-broken-code": {
    title: "Pickle carries bytecode that no compiler writes",
    severity: "high",
    outcome: "malicious",
    consequence:
      "Python does not check bytecode: running it reads and writes beside its memory, which is a way to take over the process.",
    remedy: ASK,
    references: [AML, CWE, "CWE-125", "CWE-787"],
  },
  "pickle-unclear-code": {
    title: "Pickle carries code that a person has to read",
    severity: "medium",
    outcome: "suspicious",
    consequence:
      "Using the model runs bytecode of the file that talks to other machines, writes files, or cannot be followed.",
    remedy: "Read the function's source, or ask for a format that holds only data.",
    references: [CWE, "CWE-94"],
  },
  "pickle-carried-code": {
    title: "Pickle carries code",
    severity: "low",
    outcome: "note",
    consequence:
      "Loading makes functions of the file's own bytecode. They run when the model is used, not before.",
    remedy: "Use the model only if you trust whoever wrote its functions.",
    references: [CWE],
  },
  "hidden-pickle": {
    title: "A dangerous pickle hides in other bytes",
    severity: "medium",
    outcome: "suspicious",
    consequence:
      "Nothing, if only the declared format is read; code runs if the bytes are handed to an unpickler.",
    remedy: ASK,
    references: [AML, CWE],
  },
  "loader-disagreement": {
    title: "Loaders read different things from the same bytes",
    severity: "high",
    outcome: "malicious",
    consequence: "One loader sees data where another runs code.",
    remedy: ASK,
    references: [AML, CWE],
  },
};
