import { CountersignError, parseJson } from "@countersign/evidence";
import { nameOf, type Problem, readDocument, sentence } from "./check.js";
import type { Document } from "./document.js";
import { LIMITS, type Limits, tooComplex } from "./limits.js";
import { invalid, parseYaml, type YamlValue } from "./yaml.js";

export interface ParseOptions {
  limits?: Partial<Limits>;
  /** Name of the file, for messages. */
  source?: string;
  /** Leave out documents of other programs, such as Kubernetes manifests, instead of refusing them. */
  skipForeign?: boolean;
}

/** Reads documents from YAML (one or several) or JSON (one, a list, or `{ items: [...] }`). */
export function parseDocuments(text: string, options: ParseOptions = {}): Document[] {
  const limits = { ...LIMITS, ...options.limits };
  const values = located(options.source, () => read(text, limits));
  if (values.length > limits.documents) throw tooComplex(`There are more than ${limits.documents} documents`);
  const ours = options.skipForeign === true ? values.filter(({ value }) => isOurs(value)) : values;
  const documents = ours.map((value) => checked(value, options.source));
  checkUnique(documents);
  return documents;
}

/** Refuses two documents of one kind and name: which of them counts would be a matter of luck. */
export function checkUnique(documents: readonly Document[]): void {
  const seen = new Set<string>();
  for (const { kind, metadata } of documents) {
    const key = `${kind}:${metadata.name}`;
    if (seen.has(key)) throw invalid(`${kind} ${metadata.name} is described twice. Leave one of the two.`);
    seen.add(key);
  }
}

function read(text: string, limits: Limits): YamlValue[] {
  if (text.length > limits.characters)
    throw tooComplex(`The text is longer than ${limits.characters} characters`);
  const json = /^\s*[[{]/.test(text) ? tryJson(text, limits) : undefined;
  const found = json === undefined ? parseYaml(text, limits) : [{ value: json, lineOf: () => 0 }];
  return found.flatMap(({ value, lineOf }) =>
    listed(value).map((one) => ({ value: one, lineOf: one === value ? lineOf : () => 0 })),
  );
}

function tryJson(text: string, limits: Limits): unknown {
  try {
    return parseJson(text, { maxDepth: limits.depth });
  } catch (error) {
    // A YAML text may begin like this too. Twice the same member is refused either way.
    if (error instanceof CountersignError) return undefined;
    throw error;
  }
}

function isOurs(value: unknown): boolean {
  const { apiVersion } = (value ?? {}) as { apiVersion?: unknown };
  return typeof apiVersion === "string" && apiVersion.startsWith("countersign.dev/");
}

function listed(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  const { items, kind } = value as { items?: unknown; kind?: unknown };
  return Array.isArray(items) && (kind === undefined || kind === "List") ? items : [value];
}

function checked({ value, lineOf }: YamlValue, source: string | undefined): Document {
  const [document, problems] = readDocument(value);
  if (document !== undefined) return document;
  const placed = problems.map((problem) => ({ ...problem, reason: withLine(problem, lineOf) }));
  throw invalid(`${source === undefined ? "" : `${source}: `}${sentence(nameOf(value), placed)}`);
}

function withLine({ path, reason }: Problem, lineOf: YamlValue["lineOf"]): string {
  const line = lineOf(path);
  return line === 0 ? reason : `line ${line}: ${reason}`;
}

function located<T>(source: string | undefined, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (source === undefined || !(error instanceof CountersignError)) throw error;
    throw new CountersignError(error.code, `${source}: ${error.message}`, { cause: error });
  }
}
