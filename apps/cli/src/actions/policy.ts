import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { loadPolicies, runPolicyTests, STARTER_POLICIES } from "@countersign/policy";
import { layoutOf } from "@countersign/workspace";
import { workspaceDirectory } from "../place/directory.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { safe } from "../terminal/safe.js";
import { bold, dim, green, red, yellow } from "../terminal/style.js";
import { writeTable } from "../terminal/table.js";

function directoryOf(session: Session, given: string | undefined): string {
  if (given !== undefined) return resolve(session.io.cwd, given);
  const own = layoutOf(workspaceDirectory(session)).policies;
  return existsSync(own) ? own : STARTER_POLICIES;
}

export async function listPolicies(session: Session, _options: object, given?: string): Promise<number> {
  const directory = directoryOf(session, given);
  const set = loadPolicies(directory);
  const rules = [...set.policies.values()].map(({ id, effect, reason, remedy, file, line }) => ({
    id,
    effect,
    reason,
    remedy,
    file,
    line,
  }));
  present(session.output, { directory, digest: set.digest, rules }, () => {
    writeTable(
      session.io,
      ["policy", "effect", "reason"],
      rules.map(({ id, effect, reason }) => [id, effect, reason]),
    );
    session.output.line(safe`\n${rules.length} policies in ${directory}\n  digest  ${set.digest}`);
  });
  return 0;
}

export async function checkPolicies(session: Session, _options: object, given?: string): Promise<number> {
  const directory = directoryOf(session, given);
  const { digest, policies } = loadPolicies(directory);
  present(session.output, { ok: true, directory, digest, policies: policies.size }, () =>
    session.output.line(safe`${green("ok")}  ${policies.size} policies fit the schema ${dim(digest)}`),
  );
  return 0;
}

export async function testPolicies(session: Session, _options: object, given?: string): Promise<number> {
  const report = runPolicyTests(directoryOf(session, given));
  present(session.output, report, () => {
    for (const { ok, file, line, name, expected, actual } of report.results) {
      session.output.line(safe`${ok ? green("ok") : red("FAIL")}  ${name} ${dim(`${file}:${line}`)}`);
      if (ok) continue;
      session.output.line(safe`  expected  ${expected}`);
      session.output.line(safe`  but was   ${actual}`);
    }
    for (const id of report.neverFired) session.output.line(safe`${yellow("untested")}  ${id}`);
    const failed = report.results.filter(({ ok }) => !ok).length;
    session.output.line(safe`\n${bold(`${report.results.length - failed} passed, ${failed} failed`)}`);
    if (failed > 0)
      session.output.line(
        safe`  fix: change the policy, or the expectation in the table, and run this again`,
      );
  });
  return report.ok ? 0 : 1;
}
