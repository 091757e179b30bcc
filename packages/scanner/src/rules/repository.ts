import { ASK } from "./remedies.js";
import type { Rule } from "./rule.js";

export type RepositoryRuleId =
  | "template-escape"
  | "template-suspicious"
  | "config-remote-code"
  | "config-instantiate"
  | "config-hub-code"
  | "requirements-source"
  | "yaml-object"
  | "markup-entity"
  | "markup-part"
  | "dependency-command"
  | "handler-acts"
  | "mar-malformed"
  | "markup-script"
  | "markup-code"
  | "markup-expansion"
  | "pmml-class"
  | "pmml-platform-class"
  | "python-dangerous"
  | "python-suspicious"
  | "python-bytecode";

export const REPOSITORY_RULES: Readonly<Record<RepositoryRuleId, Rule>> = {
  "template-escape": {
    title: "The chat template breaks out of its sandbox",
    severity: "critical",
    outcome: "malicious",
    consequence: "Applying the template runs code in programs that render it without a sandbox.",
    remedy: ASK,
    references: ["CVE-2024-34359", "CVE-2026-5760"],
  },
  "template-suspicious": {
    title: "The chat template does what templates need not do",
    severity: "medium",
    outcome: "suspicious",
    consequence: "The template may reach Python objects when it is rendered.",
    remedy: "Read the template, or replace it by the one of the original model.",
    references: ["CVE-2024-34359"],
  },
  "config-remote-code": {
    title: "The configuration names code to import",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Loading with trust_remote_code runs Python files that come with the model.",
    remedy: "Read those files, or load without trust_remote_code.",
    references: ["MITRE ATLAS AML.T0011"],
  },
  "config-instantiate": {
    title: "The configuration calls a function",
    severity: "critical",
    outcome: "malicious",
    consequence: "Loading the model calls the function that the configuration names, with its arguments.",
    remedy: ASK,
    references: ["CVE-2025-23304"],
  },
  "config-hub-code": {
    title: "The configuration fetches code although the caller forbids it",
    severity: "critical",
    outcome: "malicious",
    consequence:
      "Loading, even without trust_remote_code, downloads and imports code of the named repository.",
    remedy: ASK,
    references: ["CVE-2026-4372", "CVE-2026-5241"],
  },
  "yaml-object": {
    title: "The YAML makes Python objects",
    severity: "critical",
    outcome: "malicious",
    consequence: "Loading with an unsafe loader calls the functions that the tags name.",
    remedy: ASK,
    references: ["CWE-502"],
  },
  "markup-entity": {
    title: "The XML reads other files or addresses",
    severity: "high",
    outcome: "malicious",
    consequence: "Parsing with a careless parser reads the files or addresses that it names.",
    remedy: ASK,
    references: ["CWE-611"],
  },
  "markup-part": {
    title: "The XML takes in another file beside it",
    severity: "low",
    outcome: "suspicious",
    consequence: "Parsing with a careless parser makes the other file a part of the document.",
    remedy: "Scan the other file as well, or ask for a document that is whole.",
    references: ["CWE-611"],
  },
  "markup-script": {
    title: "The markup carries a script",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Evaluators that run extensions run the script.",
    remedy: ASK,
    references: [],
  },
  "python-dangerous": {
    title: "Python code beside the model reaches the system when it is imported",
    severity: "high",
    outcome: "malicious",
    consequence: "Importing the file, or loading with trust_remote_code, runs these lines.",
    remedy: "Do not import the file.",
    references: ["MITRE ATLAS AML.T0011"],
  },
  "python-suspicious": {
    title: "Python code beside the model can reach the system",
    severity: "low",
    outcome: "note",
    consequence: "Functions in this file may act when they are called.",
    remedy: "Read the file before you import it.",
    references: [],
  },
  "requirements-source": {
    title: "Packages are installed from elsewhere than the index",
    severity: "low",
    outcome: "note",
    consequence: "Installing the list runs the set-up code of packages from the named places.",
    remedy: "Check that the places are those that you expect, and pin what comes from there by its hash.",
    references: ["CWE-829"],
  },
  "python-bytecode": {
    title: "Compiled Python code",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Importing it runs code that nobody can read.",
    remedy: "Ask for the source.",
    references: [],
  },
  "markup-code": {
    title: "The markup names or carries code that starts something",
    severity: "critical",
    outcome: "malicious",
    consequence: "Evaluators that run extensions, and readers that make objects of XML, run what it says.",
    remedy: ASK,
    references: ["CWE-94", "CWE-502"],
  },
  "markup-expansion": {
    title: "The XML grows without bounds",
    severity: "high",
    outcome: "malicious",
    consequence: "Parsing fills memory, as entities are replaced by entities.",
    remedy: ASK,
    references: ["CWE-776"],
  },
  "pmml-class": {
    title: "The PMML calls a class of Java",
    severity: "low",
    outcome: "note",
    consequence:
      "Evaluators that look functions up by class name make an instance of the class, if they have it.",
    remedy: "Evaluate the model only where that class is the one that you expect.",
    references: ["CWE-470"],
  },
  "pmml-platform-class": {
    title: "The PMML calls a class of the Java platform",
    severity: "medium",
    outcome: "suspicious",
    consequence:
      "Evaluators that look functions up by class name make an instance of the class, which is no function.",
    remedy: ASK,
    references: ["CWE-470"],
  },
  "dependency-command": {
    title: "A list of packages carries a shell command",
    severity: "critical",
    outcome: "malicious",
    consequence: "Servers that put the list into a command line run it when they install the model.",
    remedy: ASK,
    references: ["CVE-2025-15379", "CWE-78"],
  },
  "handler-acts": {
    title: "The handler starts programs",
    severity: "high",
    outcome: "malicious",
    consequence: "The server that loads the archive calls the handler, and with it these lines.",
    remedy: "Do not serve the archive unless you have read its handler.",
    references: ["MITRE ATLAS AML.T0011", "CWE-94"],
  },
  "mar-malformed": {
    title: "The model archive has no readable manifest",
    severity: "medium",
    outcome: "incomplete",
    consequence: "What the server would run could not be told.",
    remedy: ASK,
    references: [],
  },
};
