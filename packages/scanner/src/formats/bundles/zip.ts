import { checkStored, isEmpty, type Member, openZip, type ZipContent } from "../../archive/zip-scan.js";
import type { Part, Scan } from "../../core/scan.js";
import { scanTorchZip, torchRoot } from "../arrays/torch-zip.js";
import { checkMar, MAR_MANIFEST } from "./mar.js";

/** A zip file: torch's and others' containers by their members, else every member for itself. */
export function scanZip(scan: Scan, part: Part): string {
  const zip = openZip(scan, part);
  const root = torchRoot(zip);
  if (root !== undefined) return scanTorchZip(scan, part, zip, root);
  for (const member of zip.members) scan.scoped(() => examineMember(scan, member, zip));
  const format = nameFormat(zip);
  if (format === "mar") checkMar(scan, part, zip);
  return format;
}

function examineMember(scan: Scan, member: Member, zip: ZipContent): string {
  if (member.name.endsWith("/") && isEmpty(member.entry)) return "directory";
  const source = zip.open(member);
  if (!source) return "unknown";
  checkStored(scan, member, source);
  return scan.examine({ ...member.part, source });
}

function nameFormat(zip: ZipContent): string {
  const names = new Set(zip.members.map(({ name }) => name));
  if (names.has("config.json") && (names.has("model.weights.h5") || names.has("metadata.json")))
    return "keras";
  if (zip.members.length > 0 && zip.members.every(({ name }) => name.endsWith(".npy"))) return "npz";
  if (names.has(MAR_MANIFEST)) return "mar";
  if (names.has("schema.json")) return "skops";
  return "zip";
}
