import type { Document, Specs, Tags } from "@countersign/inventory";
import { allowedName } from "./names.js";
import { wellFormed } from "./value.js";

const TITLE = 256;
const DESCRIPTION = 8_192;
const LABEL = 256;
const MAX_LABELS = 60;
const LABEL_NAME = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$/;

/** What an importer knows of an asset, in the source's own words. */
export interface Draft<K extends Document["kind"]> {
  /** As the source writes it. */
  name: string;
  title?: string | undefined;
  description?: string | undefined;
  owner?: string | undefined;
  labels?: Labels;
  tags?: Tags;
  spec: Specs[K];
}

export type Labels = Record<string, string | undefined>;

/** Marks a document as an import's, and of which source. */
export const SOURCE_LABEL = "imported-from";

/** A document within the inventory's limits; what does not fit is cut, never refused. */
export function documentOf<K extends Document["kind"]>(
  kind: K,
  source: string,
  draft: Draft<K>,
): Document<K> {
  const name = allowedName(draft.name);
  const title = draft.title ?? (name === draft.name ? undefined : draft.name);
  const metadata: Document["metadata"] = {
    name,
    labels: labelsOf({ [SOURCE_LABEL]: source, ...draft.labels }),
  };
  if (title !== undefined && title !== "") metadata.title = cut(title, TITLE);
  if (draft.description) metadata.description = cut(draft.description, DESCRIPTION);
  if (draft.owner) metadata.owner = cut(draft.owner, 128);
  if (draft.tags && Object.keys(draft.tags).length > 0) metadata.tags = draft.tags;
  return printable({ apiVersion: "countersign.dev/v1", kind, metadata, spec: draft.spec });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the inventory refuses them, so they are replaced
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

function printable<T>(value: T): T {
  if (typeof value === "string") return wellFormed(value).replace(UNPRINTABLE, "\ufffd") as T;
  if (Array.isArray(value)) return value.map(printable) as T;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, printable(member)])) as T;
}

function labelsOf(labels: Labels): Record<string, string> {
  const kept = Object.entries(labels).flatMap(([name, value]) =>
    value === undefined ? [] : [[labelName(name), cut(value, LABEL)] as const],
  );
  return Object.fromEntries(kept.slice(0, MAX_LABELS));
}

/** A label's name from a foreign one: signs become `-`, and a long one is cut. */
function labelName(name: string): string {
  const made = name
    .replace(/[^A-Za-z0-9._/-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 63);
  return LABEL_NAME.test(made) ? made : "unnamed";
}

/** At most `length` UTF-16 units, never half a character, and with a sign where something is missing. */
export function cut(text: string, length: number): string {
  const whole = wellFormed(text);
  if (whole.length <= length) return whole;
  return `${whole.slice(0, length - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** Tags of another system as labels, with their own beginning so that they do not meet ours. */
export function tagLabels(prefix: string, tags: Record<string, string | undefined>, most = 24): Labels {
  const entries = Object.entries(tags).filter(([, value]) => value !== undefined && value !== "");
  return Object.fromEntries(
    entries.slice(0, most).map(([key, value]) => [`${prefix}/${labelName(key)}`, value]),
  );
}

/** What a model was made from: a name, or a list where there are several, as of a merge. */
export function basesOf(names: readonly string[]): string | string[] | undefined {
  const found = references(names).slice(0, 64);
  return found.length > 1 ? found : found[0];
}

/** Names of assets as references, each once. */
export function references(names: readonly string[]): string[] {
  return [...new Set(names.map(allowedName))].slice(0, 1_000);
}
