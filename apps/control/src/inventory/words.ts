import type { AssetFilter } from "@countersign/api";
import type { Document } from "@countersign/inventory";
import { tagStatements } from "@countersign/inventory";

const WORDS = 400;
const LETTERS = 64;

/** The words of a text as they are searched for: lower case, split where anything but letters and digits stands. */
export function wordsOf(text: string): string[] {
  // `creditRisk` is found by either of its words.
  const split = text.replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1 $2");
  const found = `${text} ${split}`.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...new Set(found.map((word) => word.slice(0, LETTERS)))];
}

interface Named {
  kind: string;
  name: string;
  document: Document | null;
}

/**
 * What an asset is found by: words, and facets such as `kind:model` that no word can look like. One index serves any
 * combination of the two.
 */
export function lexemesOf({ kind, name, document }: Named): string[] {
  const facets = [`kind:${kind.toLowerCase()}`, `declared:${document !== null}`];
  if (document === null) return [...wordsOf(name), ...facets];
  const { title, owner, labels = {}, description = "", tags = {} } = document.metadata;
  const said = tagStatements(document);
  const values = Object.entries({ ...said.tags, licence: said.licence, residency: tags.residency });
  for (const [tag, value] of values) {
    for (const one of [value].flat()) if (one !== undefined) facets.push(tagFacet(tag, one));
  }
  if (said.tags.owner !== undefined) facets.push(ownerFacet(said.tags.owner));
  const texts = [name, title, owner, ...Object.entries(labels).flat(), ...Object.values(said.tags)];
  const words = [...texts, description].flatMap((text) => (text === undefined ? [] : wordsOf(text)));
  return [...new Set([...words.slice(0, WORDS), ...facets])];
}

const tagFacet = (tag: string, value: string): string => `tag:${tag}=${value}`.toLowerCase().slice(0, 300);
const ownerFacet = (owner: string): string => `owner:${owner}`.toLowerCase().slice(0, 300);

/** One thing that is asked for: the beginning of a word, or a facet. */
export interface Term {
  lexeme: string;
  prefix: boolean;
}

/** What a filter asks for, all of it at once; empty where it asks for everything. */
export function termsOf({ query = "", kind, tag = "", owner, declared }: AssetFilter): Term[] {
  const facets = [
    ...(kind === undefined ? [] : [`kind:${kind.toLowerCase()}`]),
    ...(owner === undefined ? [] : [ownerFacet(owner)]),
    ...(declared === undefined ? [] : [`declared:${declared}`]),
    ...tag.split(",").flatMap((one) => {
      const at = one.indexOf("=");
      return one.trim() === "" ? [] : [tagFacet(one.slice(0, at).trim(), one.slice(at + 1).trim())];
    }),
  ];
  return [
    ...typedWords(query).map((lexeme) => ({ lexeme, prefix: true })),
    ...facets.map((lexeme) => ({ lexeme, prefix: false })),
  ];
}

/** The terms as PostgreSQL's tsquery. */
export const tsquery = (terms: readonly Term[]): string =>
  terms.map(({ lexeme, prefix }) => `${quoted(lexeme)}${prefix ? ":*" : ""}`).join(" & ");

/** As typed, not split at capitals: who types `creditR` means the beginning of one word. */
function typedWords(text: string): string[] {
  const found = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...new Set(found.map((word) => word.slice(0, LETTERS)))].slice(0, 16);
}

// PostgreSQL takes no NUL, and no asset has one.
const quoted = (lexeme: string): string =>
  `'${lexeme.replaceAll("\0", "").replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
