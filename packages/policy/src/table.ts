import { LineCounter, parseDocument } from "yaml";
import { invalid } from "./files.js";
import type { FactsInput, GateRequest, Outcome } from "./types.js";

interface Expectation {
  outcome: Outcome;
  /** Ids of every reason given, in any order. */
  policies?: string[];
  approvers?: string[];
  approvalsNeeded?: number;
}

export interface TableCase {
  file: string;
  line: number;
  name: string;
  request: GateRequest;
  expect: Expectation;
}

type Fields = Record<string, unknown>;

const MOST_ALIASES = 100;
const OUTCOMES: readonly Outcome[] = ["allow", "deny", "pending"];

/** What a case does not say is taken from this: a clean, signed and declared model that nobody has approved. */
export const FACTS: FactsInput = {
  artifact: { digest: `sha256:${"0".repeat(64)}`, name: "example", files: 1, formats: ["onnx"] },
  scan: {
    present: true,
    verdict: "clean",
    filesUnscanned: 0,
    expired: false,
    producers: ["countersign"],
    findings: [],
    worst: "",
  },
  signature: { present: true, signers: ["author"] },
  declaration: { licence: "apache-2.0", origin: "in-house", tags: {} },
  authors: ["author"],
  approvals: [],
  negatives: [],
};
export const REQUEST: GateRequest = {
  gate: "promote",
  environment: "dev",
  region: "",
  principal: "author",
  facts: FACTS,
  eligibleApprovers: [
    { principal: "author", role: "" },
    { principal: "reviewer", role: "" },
  ],
};

/** Reads one `*.test.yaml`. Throws `policy-invalid` with file and line when it is not such a table. */
export function readTable(file: string, text: string): TableCase[] {
  const { root, lineOf } = parseYaml(file, text);
  const top = fieldsOf(root, ["given", "cases"], file, 1);
  const given = merge(REQUEST, top.given ?? {}, "given", (message) => invalid(file, message, 1));
  if (!Array.isArray(top.cases) || top.cases.length === 0) throw invalid(file, "there are no cases", 1);
  return top.cases.map((value: unknown, i) => {
    const line = lineOf(i);
    const { name, expect, ...said } = fieldsOf(
      value,
      ["name", "expect", ...Object.keys(REQUEST)],
      file,
      line,
    );
    if (typeof name !== "string" || name === "") throw invalid(file, "the case has no name", line);
    const request = merge(given, said, "case", (message) => invalid(file, message, line));
    return { file, line, name, request: request as GateRequest, expect: readExpectation(expect, file, line) };
  });
}

function parseYaml(file: string, text: string): { root: unknown; lineOf: (i: number) => number } {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
    const problem = document.errors[0] ?? document.warnings[0];
    if (problem) throw invalid(file, problem.message, lines.linePos(problem.pos[0]).line);
    // The alias count is what stops a few lines from unfolding into gigabytes.
    const root: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
    const lineOf = (i: number): number => {
      const node = document.getIn(["cases", i], true) as { range?: [number] } | undefined;
      return node?.range ? lines.linePos(node.range[0]).line : 1;
    };
    return { root, lineOf };
  } catch (cause) {
    if (cause instanceof Error && cause.name === "CountersignError") throw cause;
    throw invalid(file, "this is not a table of policy tests", undefined, cause);
  }
}

function fieldsOf(value: unknown, known: string[], file: string, line: number): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid(file, "this must be a map", line);
  const other = Object.keys(value).find((key) => !known.includes(key));
  if (other !== undefined)
    throw invalid(file, `${other} is unknown here; there are ${known.join(", ")}`, line);
  return value as Fields;
}

function readExpectation(value: unknown, file: string, line: number): Expectation {
  const fields = typeof value === "string" ? { outcome: value } : value;
  const known = fieldsOf(fields, ["outcome", "policies", "approvers", "approvalsNeeded"], file, line);
  const outcome = OUTCOMES.find((one) => one === known.outcome);
  if (!outcome) throw invalid(file, "expect must say allow, deny or pending", line);
  const { policies, approvers, approvalsNeeded } = known;
  if (![policies, approvers].every((names) => names === undefined || isNames(names))) {
    throw invalid(file, "policies and approvers must be lists of names", line);
  }
  if (approvalsNeeded !== undefined && typeof approvalsNeeded !== "number") {
    throw invalid(file, "approvalsNeeded must be a number", line);
  }
  return { ...known, outcome };
}

const isNames = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((name) => typeof name === "string");

/** `base` with what `said` says instead; a member that `base` does not have is refused, tags excepted. */
function merge(base: unknown, said: unknown, at: string, fail: (message: string) => Error): unknown {
  if (typeof base !== "object" || base === null || Array.isArray(base)) return said;
  if (typeof said !== "object" || said === null || Array.isArray(said)) throw fail(`${at} must be a map`);
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(said)) {
    const free = at.endsWith(".tags");
    if (!free && !merged.has(key))
      throw fail(`${at}.${key} is unknown; there are ${[...merged.keys()].join(", ")}`);
    merged.set(key, free ? value : merge(merged.get(key), value, `${at}.${key}`, fail));
  }
  return Object.fromEntries(merged);
}
