import { isRecord } from "@countersign/evidence";

/** What the names that people give to aliases and stages stand for, in lower case. Everything else is dev. */
const KNOWN: Record<string, string> = {
  champion: "production",
  production: "production",
  prod: "production",
  challenger: "staging",
  staging: "staging",
};

/** Every name but dev and staging is as strict as production; policies see it so too. */
export function strictness(environment: string): number {
  const order = ["dev", "staging"].indexOf(environment);
  return order < 0 ? 2 : order;
}

/**
 * The environment at whose gate an alias or stage stands. The attacker may write documents: so a document raises an alias and
 * never lowers it, neither below what its name says nor below what an earlier document said.
 */
export function environmentOf(label: string, documents: readonly unknown[]): string {
  const name = label.toLowerCase();
  let environment = Object.hasOwn(KNOWN, name) ? (KNOWN[name] ?? "dev") : "dev";
  for (const document of documents) {
    // What a document that is gone said may have been anything.
    const wanted = document === undefined ? "production" : aliasIn(document, name);
    if (wanted !== undefined && strictness(wanted) >= strictness(environment)) environment = wanted;
  }
  return environment;
}

function aliasIn(document: unknown, name: string): string | undefined {
  const spec = isRecord(document) ? document.spec : undefined;
  const aliases = isRecord(spec) ? spec.aliases : undefined;
  if (!isRecord(aliases)) return undefined;
  const named = Object.entries(aliases).filter(([alias]) => alias.toLowerCase() === name);
  const environments = named.map(([, environment]) => environment).filter((text) => typeof text === "string");
  return environments.sort((a, b) => strictness(b) - strictness(a))[0];
}
