import type { Label, ModelGate } from "./gate.js";
import type { VersionRow } from "./rows.js";

/** What a version stands for now, which may be less than what its rows say. */
export interface Effect {
  stage: string;
  aliases: string[];
  /** Why something is withheld; "" when nothing is. */
  message: string;
}

/**
 * Every answer that names aliases and stages goes through here: a client that reads them from a list and loads by number
 * would otherwise get what the alias itself no longer gives.
 */
export async function effectOf(
  gateOf: () => Promise<ModelGate>,
  version: VersionRow,
  aliases: readonly string[],
): Promise<Effect> {
  const guarded = version.stage === "Staging" || version.stage === "Production";
  const labels: Label[] = [
    ...(guarded ? [{ kind: "stage" as const, text: version.stage }] : []),
    ...aliases.map((text) => ({ kind: "alias" as const, text })),
  ];
  if (labels.length === 0) return { stage: version.stage, aliases: [], message: "" };
  const gate = await gateOf();
  const refused = new Map<Label, string>();
  const byEnvironment = new Map<string, Awaited<ReturnType<ModelGate["standing"]>>>();
  for (const label of labels) {
    const environment = gate.environment(label);
    const standing = byEnvironment.get(environment) ?? (await gate.standing(version, label));
    byEnvironment.set(environment, standing);
    if (!standing.allowed) refused.set(label, standing.message);
  }
  const kept = labels.filter((label) => !refused.has(label));
  const stage = guarded && !kept.some(({ kind }) => kind === "stage") ? "None" : version.stage;
  return {
    stage,
    aliases: kept.filter(({ kind }) => kind === "alias").map(({ text }) => text),
    message: [...new Set(refused.values())].join(" "),
  };
}
