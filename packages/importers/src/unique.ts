import type { Document } from "@countersign/inventory";
import { adopt } from "./adopt.js";

/** The same documents with each asset once: what is said of it in several places is put together. */
export function uniqueDocuments(documents: readonly Document[]): Document[] {
  const found = new Map<string, Document>();
  for (const document of documents) {
    const key = `${document.kind}:${document.metadata.name}`;
    const earlier = found.get(key);
    found.set(key, earlier === undefined ? document : adopt(earlier, document).document);
  }
  return [...found.values()];
}
