import { ASK } from "./remedies.js";
import type { Rule } from "./rule.js";

export type GeneralRuleId =
  | "limit-reached"
  | "parser-failed"
  | "scan-crashed"
  | "scan-timeout"
  | "file-unreadable"
  | "file-changed"
  | "symlink-skipped"
  | "extension-mismatch"
  | "extension-lie"
  | "external-data"
  | "external-data-escape"
  | "external-data-missing"
  | "embedded-executable";

export const GENERAL_RULES: Readonly<Record<GeneralRuleId, Rule>> = {
  "limit-reached": {
    title: "A limit of the scanner was reached",
    severity: "medium",
    outcome: "incomplete",
    consequence: "What lies beyond the limit was not examined.",
    remedy: "Raise the limit if the file is trusted to be that large, or unpack it and scan the parts.",
    references: [],
  },
  "parser-failed": {
    title: "A part could not be parsed",
    severity: "medium",
    outcome: "incomplete",
    consequence: "The rest of this part was not examined.",
    remedy: "Fetch the file again; if it still fails, do not use it.",
    references: [],
  },
  "scan-crashed": {
    title: "The scanner's process ended while it read this file",
    severity: "medium",
    outcome: "incomplete",
    consequence: "The file was not examined.",
    remedy: "Do not use the file, and report it to us: a file must not be able to do this.",
    references: [],
  },
  "scan-timeout": {
    title: "The time for this file ran out",
    severity: "medium",
    outcome: "incomplete",
    consequence: "The file was not examined to its end.",
    remedy: "Raise the time limit, or unpack the file and scan its parts.",
    references: [],
  },
  "file-unreadable": {
    title: "The file cannot be read",
    severity: "medium",
    outcome: "incomplete",
    consequence: "The file was not examined.",
    remedy: "Make the file readable for the scanner.",
    references: [],
  },
  "file-changed": {
    title: "The file changed while it was read",
    severity: "medium",
    outcome: "incomplete",
    consequence: "What was examined and what will be loaded may differ.",
    remedy: "Scan again when nothing writes to the file.",
    references: ["CWE-367"],
  },
  "symlink-skipped": {
    title: "A symbolic link was not followed",
    severity: "medium",
    outcome: "incomplete",
    consequence: "What the link points to was not examined.",
    remedy: "Replace the link by the file, or follow it (--follow-links) if you trust where it leads.",
    references: ["CWE-59"],
  },
  "extension-mismatch": {
    title: "The name says one format, the content another",
    severity: "low",
    outcome: "note",
    consequence: "Tools that trust the name look at the file in the wrong way.",
    remedy: "Give the file the name of its format.",
    references: ["CVE-2025-10155", "CVE-2025-1889"],
  },
  "extension-lie": {
    title: "A data-only name hides a format that runs code",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Whoever trusts the name loads the file without the care that its content needs.",
    remedy: "Give the file the name of its format, and load it as what it is.",
    references: ["CVE-2025-10155"],
  },
  "external-data": {
    title: "Data is read from another file",
    severity: "info",
    outcome: "note",
    consequence: "The loader opens the named file beside this one.",
    remedy: "Keep the named file with this one and scan both.",
    references: [],
  },
  "external-data-missing": {
    title: "The file with the data is not there",
    severity: "info",
    outcome: "note",
    consequence: "The model cannot be loaded as it is, and whatever takes that name is loaded with it.",
    remedy: "Keep the named file with this one and scan both.",
    references: [],
  },
  "external-data-escape": {
    title: "Data is read from outside the model's directory",
    severity: "high",
    outcome: "malicious",
    consequence: "Loading reads any file that the path names and makes it part of the model.",
    remedy: ASK,
    references: ["CWE-22", "CVE-2022-25882", "CVE-2024-27318", "CVE-2026-27489", "CVE-2025-51480"],
  },
  "embedded-executable": {
    title: "The file carries a native executable",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Code that an attack could start comes with the model.",
    remedy: "Find out why a model needs it, or ask for a copy without it.",
    references: ["MITRE ATLAS AML.T0011"],
  },
};
