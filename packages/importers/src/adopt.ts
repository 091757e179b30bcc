import type { Document } from "@countersign/inventory";
import { SOURCE_LABEL } from "./document.js";

export interface Adopted {
  document: Document;
  /** What the source says otherwise than the inventory, where the inventory's word stays. */
  notes: string[];
}

/**
 * What an imported document becomes where the inventory has one of that name already: what people declared stays, what
 * the source adds is added. Importing the same thing twice changes nothing the second time.
 */
export function adopt(existing: Document, imported: Document): Adopted {
  const notes: string[] = [];
  const ours = existing.metadata.labels?.[SOURCE_LABEL] === imported.metadata.labels?.[SOURCE_LABEL];
  const metadata: Document["metadata"] = { ...imported.metadata, ...existing.metadata };
  const labels = { ...existing.metadata.labels, ...imported.metadata.labels };
  // A document that people wrote stays theirs.
  if (!ours) restoreSource(labels, existing);
  if (Object.keys(labels).length > 0)
    metadata.labels = Object.fromEntries(Object.entries(labels).slice(0, 64));
  const tags = { ...imported.metadata.tags, ...existing.metadata.tags };
  if (Object.keys(tags).length > 0) metadata.tags = tags;
  const licence = imported.metadata.tags?.licence;
  if (licence !== undefined && tags.licence !== licence) {
    notes.push(
      `${existing.kind} ${metadata.name}: the source says its licence is ${licence}; declared is ${tags.licence}, which stays`,
    );
  }
  const spec = mergeSpec(existing.spec, imported.spec, ours);
  return { document: { ...existing, metadata, spec } as Document, notes };
}

function restoreSource(labels: Record<string, string>, existing: Document): void {
  const before = existing.metadata.labels?.[SOURCE_LABEL];
  if (before === undefined) delete labels[SOURCE_LABEL];
  else labels[SOURCE_LABEL] = before;
}

/** Lists grow; a single value is the source's to change only in a document that came from it. */
function mergeSpec(existing: object, imported: object, ours: boolean): object {
  const merged: Record<string, unknown> = ours ? { ...existing, ...imported } : { ...imported, ...existing };
  for (const [field, wanted] of Object.entries(imported)) {
    const have = (existing as Record<string, unknown>)[field];
    if (isTextList(have) && isTextList(wanted))
      merged[field] = [...new Set([...have, ...wanted])].slice(0, 1_000);
  }
  return merged;
}

const isTextList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");
