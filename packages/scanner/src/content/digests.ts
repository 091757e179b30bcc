import { createHash } from "node:crypto";
import type { Part, Scan } from "../core/scan.js";
import type { Source } from "../core/source.js";

const CHUNK = 1024 * 1024;

/** Takes the digest of a member when a list of known bad ones is there to look it up in. */
export function digestMember(scan: Scan, part: Part): void {
  const { members } = scan.gathered;
  if (part.member === "" || members.length >= scan.budget.limits.memberDigests) return;
  if (members.some(({ member }) => member === part.member)) return;
  members.push({ member: part.member, sha256: digestOf(part.source) });
}

function digestOf(source: Source): string {
  const hash = createHash("sha256");
  for (let at = 0; at < source.size; at += CHUNK) hash.update(source.read(at, CHUNK));
  return hash.digest("hex");
}
