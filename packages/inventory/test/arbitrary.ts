import { ASSET_KINDS } from "@countersign/facts";
import fc from "fast-check";
import { type Document, readDocument, schemaOf } from "../src/index.js";

interface Schema {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  pattern?: string;
  required?: string[];
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  items?: Schema;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxItems?: number;
}

const name = fc
  .tuple(
    fc.constantFrom("a", "Z", "7", "é", "模", "ſ"),
    fc.string({ unit: fc.constantFrom(..."ab7._@/+-é模"), maxLength: 12 }),
  )
  .map((parts) => parts.join(""));

// What YAML readers of any age may take for something else, and what needs quotes, escapes or blocks.
const text = fc.oneof(
  fc.constantFrom(
    "no",
    "yes",
    "on",
    "~",
    "null",
    "NaN",
    ".inf",
    "1e3",
    "0x1f",
    "012",
    "1_000",
    "12:30:45",
    "2026-01-01",
    "true",
    "- x",
    "? y",
    "a: b",
    "# c",
    "'",
    '"',
    "%d",
    "@at",
    "`tick",
    "!tag",
    "&a",
    "*a",
    "|",
    ">",
    "{}",
    "[]",
    "<<",
    "=",
    " lead",
    "trail ",
    "a\nb",
    "a\n\n\nb\n",
    "\n",
    "a\tb",
    "\ttab",
    "---",
    "...",
    "key: value\nother: x",
    "x\n  y\n z",
    "😀",
    "\u00a0nbsp",
    "a\r\nb",
  ),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
);

/** Values that fit a schema, except where its keywords need more thought than a test of printing does. */
function fitting(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.type === "boolean") return fc.boolean();
  if (schema.type === "integer")
    return fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 1_000 });
  if (schema.type === "array") {
    const item = fitting(schema.items ?? {});
    return fc.uniqueArray(item, {
      maxLength: Math.min(4, schema.maxItems ?? 4),
      selector: (value) => JSON.stringify(value),
    });
  }
  if (schema.type === "object") return objectOf(schema);
  return stringOf(schema);
}

function objectOf({ properties, patternProperties, required = [] }: Schema): fc.Arbitrary<unknown> {
  if (patternProperties !== undefined) {
    const [pattern = "", value = {}] = Object.entries(patternProperties)[0] ?? [];
    return fc.dictionary(fc.stringMatching(new RegExp(pattern)), fitting(value), { maxKeys: 4 });
  }
  const members = Object.entries(properties ?? {}).map(([key, value]) => [key, fitting(value)] as const);
  return fc.record(Object.fromEntries(members), { requiredKeys: required as never[] });
}

function stringOf({ pattern }: Schema): fc.Arbitrary<string> {
  if (pattern === undefined) return text;
  if (!pattern.includes("\\p{L}")) return fc.stringMatching(new RegExp(pattern));
  const [, kinds = "", optional] = /^\^\(([A-Za-z|]+):\)(\?)?/.exec(pattern) ?? [];
  if (kinds === "") {
    const any = /^\^\(([A-Za-z|]+)\):/.exec(pattern)?.[1]?.split("|");
    return any === undefined ? name : fc.tuple(fc.constantFrom(...any), name).map((parts) => parts.join(":"));
  }
  const prefix = optional === undefined ? fc.constant(`${kinds}:`) : fc.constantFrom("", `${kinds}:`);
  return fc.tuple(prefix, name).map((parts) => parts.join(""));
}

/** Documents of every kind. */
export const documents: fc.Arbitrary<Document> = fc
  .constantFrom(...ASSET_KINDS)
  .chain((kind) => fitting(schemaOf(kind) as Schema))
  .map((value) => readDocument(value)[0])
  .filter((document): document is Document => document !== undefined);
