import type { AssetKind } from "@countersign/facts";
import { ASSET_KINDS } from "@countersign/facts";
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import type { Document } from "./document.js";
import { checkSize, LIMITS } from "./limits.js";
import { describeError, nearest, valueAt } from "./problem.js";
import { documentSchema } from "./schema/schemas.js";
import { invalid } from "./yaml.js";

/** What is wrong with a document, and where. */
export interface Problem {
  path: readonly string[];
  reason: string;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === "object" && !Array.isArray(value);

type Validator = ReturnType<typeof Compile<TSchema>>;
const validators = new Map<AssetKind, Validator>();

function validatorOf(kind: AssetKind): Validator {
  const made = validators.get(kind) ?? Compile(documentSchema(kind));
  validators.set(kind, made);
  return made;
}

/** The value as a document, or the fault `document-invalid` that says all that is wrong with it. */
export function checkDocument(value: unknown): Document {
  const [document, problems] = readDocument(value);
  if (document !== undefined) return document;
  throw invalid(sentence(nameOf(value), problems));
}

/** The value as a document, or what is wrong with it. Members that are null count as absent. */
export function readDocument(value: unknown): [document: Document | undefined, problems: Problem[]] {
  checkSize(value, LIMITS);
  const document = withoutNulls(value);
  if (!isObject(document)) return [undefined, [{ path: [], reason: "a document is a map of fields" }]];
  const { kind } = document;
  const known = ASSET_KINDS.find((one) => one === kind);
  if (known === undefined) return [undefined, [unknownKind(kind)]];
  const validator = validatorOf(known);
  const wrong = validator.Check(document) ? [] : schemaProblems(validator, known, document);
  const problems = [...wrong, ...textProblems(document, []), ...periodProblems(document, [])];
  return problems.length === 0 ? [document as unknown as Document, []] : [undefined, problems];
}

function unknownKind(kind: unknown): Problem {
  if (kind === undefined)
    return { path: ["kind"], reason: `kind is missing; it is one of ${ASSET_KINDS.join(", ")}` };
  const guess = nearest(String(kind), ASSET_KINDS);
  const hint = guess === undefined ? `it is one of ${ASSET_KINDS.join(", ")}` : `did you mean ${guess}?`;
  return { path: ["kind"], reason: `there is no kind ${JSON.stringify(kind)}; ${hint}` };
}

function schemaProblems(validator: Validator, kind: AssetKind, document: Record<string, unknown>): Problem[] {
  const seen = new Set<string>();
  return validator.Errors(document).flatMap((error) => {
    const problem = describeError(documentSchema(kind), document, error);
    if (problem === undefined || seen.has(problem.reason)) return [];
    seen.add(problem.reason);
    return [problem];
  });
}

// Control characters, bidirectional controls, line and paragraph separators, the zero-width space and half characters.
const UNPRINTABLE = /(?![\t\n\r])\p{Cc}|[\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Cs}/u;

/** These steer terminals, swap what a reader sees, or end texts early in other programs. */
function textProblems(value: unknown, path: readonly string[]): Problem[] {
  if (typeof value === "string") {
    return UNPRINTABLE.test(value) ? [{ path, reason: `${path.join(".")} holds a control character` }] : [];
  }
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, member]) => [
    ...(UNPRINTABLE.test(name)
      ? [{ path, reason: `a key of ${path.join(".")} holds a control character` }]
      : []),
    ...textProblems(member, [...path, name]),
  ]);
}

function periodProblems(value: unknown, path: readonly string[]): Problem[] {
  if (value === null || typeof value !== "object") return [];
  const { from, until } = value as { from?: unknown; until?: unknown };
  const backwards = typeof from === "string" && typeof until === "string" && until <= from;
  const here = backwards
    ? [{ path, reason: `${path.join(".")} ends (${until}) before it begins (${from})` }]
    : [];
  return [
    ...here,
    ...Object.entries(value).flatMap(([name, member]) => periodProblems(member, [...path, name])),
  ];
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]));
}

const SHOWN = 8;

/** `Model credit-risk: ... ; ... and 3 more`. */
export function sentence(name: string, problems: readonly Problem[]): string {
  const shown = problems.slice(0, SHOWN).map(({ reason }) => reason);
  const more = problems.length > SHOWN ? [`and ${problems.length - SHOWN} more`] : [];
  return `${name}: ${[...shown, ...more].join("; ")}`;
}

/** What to call a value that may be no document. */
export function nameOf(value: unknown): string {
  const kind = valueAt(value, ["kind"]);
  const name = valueAt(value, ["metadata", "name"]);
  if (typeof kind === "string" && typeof name === "string") return `${kind} ${name}`.slice(0, 160);
  return typeof name === "string" ? name.slice(0, 128) : "a document";
}
