import { ASK } from "./remedies.js";
import type { Rule } from "./rule.js";

export type ArchiveRuleId =
  | "archive-bomb"
  | "archive-duplicate"
  | "archive-disagreement"
  | "archive-checksum"
  | "archive-encrypted"
  | "archive-unsupported"
  | "archive-broken"
  | "archive-hidden-data"
  | "archive-path-escape"
  | "archive-link"
  | "archive-unreferenced"
  | "blob-digest"
  | "image-software";

export const ARCHIVE_RULES: Readonly<Record<ArchiveRuleId, Rule>> = {
  "archive-bomb": {
    title: "The archive unpacks to far more than it should",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Loading fills memory or disk.",
    remedy: ASK,
    references: ["CWE-409"],
  },
  "archive-duplicate": {
    title: "One name stands for several members",
    severity: "high",
    outcome: "malicious",
    consequence: "Loaders take different members: torch the first, Python's zipfile the last.",
    remedy: ASK,
    references: ["CWE-436"],
  },
  "archive-disagreement": {
    title: "Local headers and central directory disagree",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Loaders that read one and scanners that read the other see different members.",
    remedy: ASK,
    references: ["CWE-436", "CVE-2025-1944", "CVE-2025-1945"],
  },
  "archive-checksum": {
    title: "A member's checksum is wrong",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Scanners give up where a loader, which does not check, reads on.",
    remedy: "Fetch the file again; if it is still wrong, do not use it.",
    references: ["CVE-2025-10156"],
  },
  "archive-encrypted": {
    title: "A member is encrypted",
    severity: "medium",
    outcome: "incomplete",
    consequence: "The member was not examined.",
    remedy: "Unpack the archive with its password and scan the content.",
    references: [],
  },
  "archive-unsupported": {
    title: "A member uses a method that the scanner cannot unpack",
    severity: "medium",
    outcome: "incomplete",
    consequence: "The member was not examined.",
    remedy: "Unpack the archive and scan the content.",
    references: [],
  },
  "archive-broken": {
    title: "The archive cannot be read to its end",
    severity: "medium",
    outcome: "incomplete",
    consequence: "Members behind the broken place were not examined.",
    remedy: "Fetch the file again; if it is still broken, do not use it.",
    references: [],
  },
  "archive-hidden-data": {
    title: "Bytes lie between or before the members",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Another loader may read them as something else.",
    remedy: ASK,
    references: ["CWE-436"],
  },
  "archive-path-escape": {
    title: "A member's path leads out of the directory",
    severity: "high",
    outcome: "malicious",
    consequence: "Unpacking writes files anywhere.",
    remedy: ASK,
    references: ["CWE-22"],
  },
  "archive-link": {
    title: "A member is a link that leads out of the directory",
    severity: "high",
    outcome: "malicious",
    consequence: "Unpacking reads or writes files anywhere.",
    remedy: ASK,
    references: ["CWE-59"],
  },
  "archive-unreferenced": {
    title: "A member belongs to no tensor",
    severity: "low",
    outcome: "note",
    consequence: "Nothing; the loader does not read it.",
    remedy: "Ask why the file carries it.",
    references: [],
  },
  "blob-digest": {
    title: "A blob is not what its name says",
    severity: "high",
    outcome: "suspicious",
    consequence:
      "Whoever asks the store for the digest in the name gets other bytes, unless the tool checks again.",
    remedy: "Fetch the blob again from its registry.",
    references: ["CWE-354"],
  },
  "image-software": {
    title: "The software of a container image was not examined",
    severity: "info",
    outcome: "note",
    consequence:
      "Programs, libraries and system files come with the image; models outside them were examined.",
    remedy: "Scan the image with a scanner of container images too.",
    references: [],
  },
};
