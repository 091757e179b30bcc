import { evaluate } from "./evaluate.js";
import { invalid, readFiles } from "./files.js";
import { loadPolicies, type PolicySet } from "./load.js";
import { readTable, type TableCase } from "./table.js";
import type { Decision } from "./types.js";

export interface PolicyTestResult {
  file: string;
  line: number;
  name: string;
  ok: boolean;
  expected: string;
  actual: string;
}

export interface PolicyTestReport {
  ok: boolean;
  results: PolicyTestResult[];
  /** `@id`s of policies that determined no decision in any case, and so are not tested. */
  neverFired: string[];
  policyDigest: string;
}

/** Runs every `*.test.yaml` of a directory against its policies, or those of another directory. */
export function runPolicyTests(
  directory: string,
  policies: string | PolicySet = directory,
): PolicyTestReport {
  const set = typeof policies === "string" ? loadPolicies(policies) : policies;
  const tables = readFiles(directory, ".test.yaml");
  const cases = Object.entries(tables).flatMap(([file, text]) => readTable(file, text));
  // A run that tests nothing must not look like one that passed.
  if (cases.length === 0) throw invalid(directory, "there are no *.test.yaml files");
  const fired = new Set<string>();
  const results = cases.map((one) => {
    const decision = evaluate(set, one.request);
    for (const id of decision.determining) fired.add(id);
    for (const { policy } of decision.reasons) fired.add(policy);
    return judge(one, decision);
  });
  return {
    ok: results.every((result) => result.ok),
    results,
    neverFired: [...set.policies.keys()].filter((id) => !fired.has(id)).sort(),
    policyDigest: set.digest,
  };
}

function judge({ file, line, name, expect }: TableCase, decision: Decision): PolicyTestResult {
  const ids = decision.reasons.map(({ policy }) => policy);
  const parts: [string, string | undefined, string][] = [
    ["", expect.outcome, decision.outcome],
    [" because of ", names(expect.policies), names(ids) ?? ""],
    [", approvers ", names(expect.approvers), names(decision.approvers) ?? ""],
    [", approvals needed ", expect.approvalsNeeded?.toString(), String(decision.approvalsNeeded)],
  ];
  const said = parts.filter(([, expected]) => expected !== undefined);
  const ok = said.every(([, expected, actual]) => expected === actual);
  // When only the outcome was expected and it is another, the reasons help more than the word.
  const shown = ok || said.length > 1 ? said : parts.slice(0, 2);
  return {
    file,
    line,
    name,
    ok,
    expected: said.map(([label, expected]) => `${label}${expected}`).join(""),
    actual: shown.map(([label, , actual]) => `${label}${actual}`).join(""),
  };
}

function names(ids: string[] | undefined): string | undefined {
  return ids && `[${[...new Set(ids)].sort().join(", ")}]`;
}
