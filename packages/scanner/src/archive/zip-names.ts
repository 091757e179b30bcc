import type { Part, Scan } from "../core/scan.js";
import type { Source } from "../core/source.js";
import { Paths } from "./links.js";
import { show } from "./paths.js";
import type { Entry } from "./zip.js";
import type { Member } from "./zip-scan.js";

/** Reports names that mean different members to different readers, and names that are dangerous to unpack. */
export function reportNames(scan: Scan, part: Part, entries: readonly Entry[]): void {
  const seen = new Map<string, Entry>();
  for (const entry of entries) {
    reportName(scan, part, entry);
    for (const name of entry.alias === undefined ? [entry.name] : [entry.name, entry.alias]) {
      const key = sameness(name);
      const earlier = seen.get(key);
      if (earlier && earlier.header !== entry.header) reportDuplicate(scan, part, name, entry, earlier);
      seen.set(key, entry);
    }
  }
}

/** Names that some system takes for one. Torch finds its own members whatever the case (miniz without a flag). */
function sameness(name: string): string {
  const whole = name.split("\0", 1)[0] ?? "";
  const plain = whole
    .replaceAll("\\", "/")
    .replace(/\/{2,}/g, "/")
    .replace(/^(\.\/)+/, "");
  return /(^|\/)data\.pkl$/i.test(plain) ? plain.toLowerCase() : plain;
}

function reportDuplicate(scan: Scan, part: Part, name: string, entry: Entry, earlier: Entry): void {
  const same = earlier.crc === entry.crc && earlier.size === entry.size && earlier.packed === entry.packed;
  const rule = same ? "archive-disagreement" : "archive-duplicate";
  const message = `The name ${show(name)} stands for ${same ? "two equal" : "two different"} members.`;
  scan.report(rule, part, message, { offset: entry.header, cause: `duplicate ${name}` });
}

function reportName(scan: Scan, part: Part, { name, alias, header }: Entry): void {
  if (name.includes("\0")) {
    const message = `The name ${show(name)} ends at a zero byte for some readers.`;
    scan.report("archive-disagreement", part, message, { offset: header, cause: name });
  }
  // Another name is there for letters that the first cannot write.
  if (alias !== undefined && /^[\x20-\x7e]*$/.test(alias)) {
    const message = `The member ${show(name)} is called ${show(alias)} by some readers.`;
    scan.report("archive-disagreement", part, message, { offset: header, cause: name });
  }
}

/** Members that share packed bytes: bombs do so (CVE-2024-0450), and archives that mean to be read in two ways. */
export function reportOverlap(scan: Scan, part: Part, entries: readonly Entry[]): void {
  const sorted = [...entries].sort((a, b) => a.header - b.header || a.packed - b.packed);
  let end = 0;
  let last: Entry | undefined;
  for (const entry of sorted) {
    if (last && entry.header > last.header && entry.header < end) {
      const message = `The members ${show(last.name)} and ${show(entry.name)} share bytes.`;
      scan.report("archive-bomb", part, message, { offset: entry.header, cause: "overlap" });
      return;
    }
    const next = entry.data + entry.packed;
    if (next <= end && last) continue;
    end = next;
    last = entry;
  }
}

const MAX_TARGET = 4096;

/** Whether the member is a symbolic link, by the Unix mode that archivers keep in the directory. */
function isLink({ external, size }: Entry): boolean {
  return ((external >>> 16) & 0o170000) === 0o120000 && size <= MAX_TARGET;
}

/** Reports members that would be written outside the directory. */
export function reportPaths(scan: Scan, zip: { part: Part; members: readonly Member[]; open: Open }): void {
  const paths = new Paths(scan, zip.part);
  for (const member of zip.members) {
    const { entry, name } = member;
    paths.member(name, entry.header);
    if (entry.alias !== undefined) paths.member(entry.alias, entry.header);
    if (!isLink(entry)) continue;
    const target = zip.open(member)?.read(0, MAX_TARGET).toString("utf8") ?? "";
    paths.symbolic(name, target, entry.header);
  }
  paths.finish();
}

type Open = (member: Member) => Source | undefined;
