import type { TSchema } from "typebox";
import type { Problem } from "./check.js";

/** One complaint of the schema validator. */
export interface SchemaError {
  keyword: string;
  schemaPath: string;
  instancePath: string;
  params: object;
  message: string;
}

/** A complaint in words that say what to write; undefined for what another complaint says better. */
export function describeError(schema: TSchema, document: unknown, error: SchemaError): Problem | undefined {
  const path = pointer(error.instancePath);
  const where = path.length === 0 ? "the document" : path.join(".");
  const params = error.params as Record<string, unknown>;
  const at = (name: string): string => (path.length === 0 ? name : `${where}.${name}`);
  // What each choice lacks is said by `anyOf`, once.
  if (error.schemaPath.includes("/anyOf/")) return undefined;
  switch (error.keyword) {
    // Said by `additionalProperties`, which knows the name.
    case "boolean":
      return undefined;
    case "required":
      return { path, reason: `${listOf(params.requiredProperties).map(at).join(", ")} is missing` };
    case "additionalProperties": {
      const names = listOf(params.additionalProperties);
      const known = Object.keys((subschema(schema, error.schemaPath).properties ?? {}) as object);
      const said = names.map((name) => unknownField(at(name), name, known));
      return { path: [...path, ...names.slice(0, 1)], reason: said.join("; ") };
    }
    case "enum":
    case "const": {
      const allowed = params.allowedValues ?? params.allowedValue;
      return { path, reason: `${where} must be ${[allowed].flat().join(", ")}` };
    }
    case "type": {
      const quote =
        typeof valueAt(document, path) !== "string" && params.type === "string" ? ": put it in quotes" : "";
      return { path, reason: `${where} ${error.message}${quote}` };
    }
    case "anyOf":
    case "pattern":
      return { path, reason: `${where} does not fit: ${descriptionOf(schema, error)}` };
    default:
      return { path, reason: `${where} ${error.message}` };
  }
}

function unknownField(where: string, name: string, known: readonly string[]): string {
  const guess = nearest(name, known);
  if (guess !== undefined) return `${where} is not a field; did you mean ${guess}?`;
  return known.length === 0
    ? `${where} is not allowed here`
    : `${where} is not a field; there are ${known.join(", ")}`;
}

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

function descriptionOf(schema: TSchema, { schemaPath }: SchemaError): string {
  const { description, pattern } = subschema(schema, schemaPath);
  return String(description ?? pattern ?? "the schema");
}

function subschema(schema: TSchema, schemaPath: string): Record<string, unknown> {
  return (valueAt(schema, pointer(schemaPath.replace(/^#/, ""))) ?? {}) as Record<string, unknown>;
}

/** The names in a JSON pointer (RFC 6901). */
function pointer(text: string): string[] {
  const names = text.split("/").slice(1);
  return names.map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
}

export function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const name of path) {
    if (at === null || typeof at !== "object" || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}

/** The word of `known` that was probably meant: at most two letters away. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > 64) return undefined;
  const near = known.map((one) => ({ one, away: distance(word.toLowerCase(), one.toLowerCase()) }));
  near.sort((a, b) => a.away - b.away);
  const [best] = near;
  return best !== undefined && best.away <= 2 ? best.one : undefined;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
