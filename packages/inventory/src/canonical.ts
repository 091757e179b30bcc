import { canonicalJson, type Digest, sha256 } from "@countersign/evidence";
import { stringify } from "yaml";
import type { Document } from "./document.js";
import { documentSchema } from "./schema/schemas.js";

/** The document with its fields in the schema's order, and the user's own keys in alphabetical order. */
export function canonicalDocument(document: Document): Document {
  return ordered(document, documentSchema(document.kind)) as Document;
}

/** Two documents that say the same have the same digest, whatever order they say it in. */
export function documentDigest(document: Document): Digest {
  return sha256(canonicalJson(document));
}

/** The document as YAML, the same for every document that says the same. */
export function printDocument(document: Document): string {
  return stringify(canonicalDocument(document), {
    schema: "core",
    // Readers of YAML 1.1 take `no` and `1_000` for something else: these get quotes.
    compat: "yaml-1.1",
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}

function ordered(value: unknown, schema: unknown): unknown {
  const { properties = {}, items } = (schema ?? {}) as {
    properties?: Record<string, unknown>;
    items?: unknown;
  };
  if (Array.isArray(value)) return value.map((item) => ordered(item, items));
  if (value === null || typeof value !== "object") return value;
  const members = value as Record<string, unknown>;
  const names = Object.keys(properties).filter((name) => members[name] !== undefined);
  const own = Object.keys(members).filter((name) => !Object.hasOwn(properties, name));
  const all = [...names, ...own.filter((name) => members[name] !== undefined).sort()];
  return Object.fromEntries(all.map((name) => [name, ordered(members[name], properties[name])]));
}
