import type { Command } from "commander";
import { bind, type Shell } from "../session.js";
import { withDirectory, withExamples, withOutput } from "./shared.js";

const DIRECTORY = "directory of .cedar files (default: the workspace's, otherwise the starter set)";

export function addPolicy(program: Command, shell: Shell): void {
  const policy = program.command("policy").summary("list, check and test the policies");
  const list = policy
    .command("list")
    .summary("every policy with its reason and remedy")
    .argument("[dir]", DIRECTORY);
  const check = policy
    .command("check")
    .summary("validate policies against the schema")
    .argument("[dir]", DIRECTORY);
  const test = policy
    .command("test")
    .summary("run the *.test.yaml tables beside the policies; exits 1 when one fails")
    .argument("[dir]", DIRECTORY);
  for (const verb of [list, check, test]) {
    withDirectory(verb);
    withOutput(verb);
  }
  withExamples(list, ["countersign policy list", "what decides here"]);
  withExamples(check, ["countersign policy check ./policies", "before a commit"]);
  withExamples(test, ["countersign policy test ./policies", "in CI"]);
  bind(shell, list, async () => (await import("../actions/policy.js")).listPolicies);
  bind(shell, check, async () => (await import("../actions/policy.js")).checkPolicies);
  bind(shell, test, async () => (await import("../actions/policy.js")).testPolicies);
}
