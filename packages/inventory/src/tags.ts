import type { Document } from "./document.js";

/** What a document says of each of its versions, as declarations say it and policies read it. */
export interface TagStatements {
  licence?: string;
  origin?: string;
  tags: Record<string, string>;
}

const LISTED = 4_096;

/**
 * The declaration that a document amounts to. Lists are joined with commas in alphabetical order, so that the same tags are
 * the same text.
 */
export function tagStatements(document: Document): TagStatements {
  const { owner, tags = {} } = document.metadata;
  const { licence, residency, ...plain } = tags;
  const { origin, vendor } = document.spec as { origin?: string; vendor?: string };
  const said: Record<string, string | boolean | undefined> = {
    owner,
    ...plain,
    residency: residency && [...residency].sort().join(","),
    vendor: vendor?.replace(/^Vendor:/, ""),
  };
  const texts = Object.entries(said).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value).slice(0, LISTED)]],
  );
  const from = origin ?? vendor?.replace(/^Vendor:/, "");
  return {
    ...(licence === undefined ? {} : { licence }),
    ...(from === undefined ? {} : { origin: from }),
    tags: Object.fromEntries(texts.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
