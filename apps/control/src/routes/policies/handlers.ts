import type { PolicyRule, routes } from "@countersign/api";
import type { Handler } from "../../http/mount.js";

export const policies: Handler<typeof routes.policies> = async ({ services }) => {
  const { digest, policies: set } = services.workspace.policies;
  const all = [...set.values()];
  const names = [...new Set(all.map(({ file }) => file))].sort();
  const rules: PolicyRule[] = all.map(({ id, file, effect, reason, remedy }) => ({
    id,
    file,
    effect,
    reason,
    remedy,
  }));
  const files = names.map((name) => ({ name, text: textOf(all.filter(({ file }) => file === name)) }));
  return { digest, files, rules };
};

function textOf(policies: { source: string; line: number }[]): string {
  return policies
    .sort((a, b) => a.line - b.line)
    .map(({ source }) => source)
    .join("\n\n");
}
