import type { ApplyAnswer, ApplyResult } from "@countersign/api";
import type { Document } from "@countersign/inventory";
import { type Located, readDocuments } from "../documents.js";
import { type Inventory, requireInventory } from "../place/inventory.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { createProgress } from "../terminal/progress.js";
import { drawApplied, drawDrift } from "../views/apply.js";

export interface ApplyOptions {
  file: string[];
  dryRun?: boolean;
  prune?: boolean;
}

const AT_ONCE = 200;

export async function apply(session: Session, options: ApplyOptions): Promise<number> {
  const dryRun = options.dryRun === true;
  const answer = await put(session, options, dryRun);
  present(session.output, answer, () => drawApplied(session, answer, dryRun));
  return 0;
}

/** Exits 1 when the server says something else than the files. */
export async function diff(session: Session, options: ApplyOptions): Promise<number> {
  const answer = await put(session, options, true);
  present(session.output, answer, () => drawDrift(session, answer));
  return answer.results.some(drifted) ? 1 : 0;
}

export const drifted = ({ action, declared }: ApplyResult): boolean => action !== "unchanged" || declared > 0;

async function put(session: Session, options: ApplyOptions, dryRun: boolean): Promise<ApplyAnswer> {
  const inventory = requireInventory(session);
  const located = await readDocuments(session, options.file);
  const progress = createProgress(session.io, session.output.live);
  try {
    const answer: ApplyAnswer = { results: [], cycles: [] };
    for (let at = 0; at < located.length; at += AT_ONCE) {
      const part = located.slice(at, at + AT_ONCE).map(({ document }) => document);
      const { results, cycles } = await inventory.applyAll(part, dryRun);
      answer.results.push(...results);
      answer.cycles.push(...cycles);
      progress.update("documents", answer.results.length, located.length, "entries");
    }
    if (options.prune === true) answer.results.push(...(await prune(session, inventory, located, dryRun)));
    return {
      results: answer.results.map((result) => withoutKnown(result, located)),
      cycles: unique(answer.cycles),
    };
  } finally {
    progress.finish();
  }
}

/** What a later part of the same files describes does not lead nowhere. */
function withoutKnown(result: ApplyResult, located: readonly Located[]): ApplyResult {
  if (result.action === "deleted" || result.dangling.length === 0) return result;
  const here = new Set(located.map(({ document }) => `${document.kind}:${document.metadata.name}`));
  return { ...result, dangling: result.dangling.filter(({ kind, name }) => !here.has(`${kind}:${name}`)) };
}

const unique = (cycles: string[][]): string[][] => [
  ...new Map(cycles.map((cycle) => [cycle.join(" "), cycle])).values(),
];

/** Documents that the server has and the files do not. */
async function prune(
  session: Session,
  inventory: Inventory,
  located: readonly Located[],
  dryRun: boolean,
): Promise<ApplyResult[]> {
  const here = new Set(located.map(({ document }) => `${document.kind}:${document.metadata.name}`));
  const { client } = inventory;
  const call = { signal: session.io.signal };
  const surplus: Document[] = [];
  for await (const document of inventory.documents()) {
    if (!here.has(`${document.kind}:${document.metadata.name}`)) surplus.push(document);
  }
  const gone: ApplyResult[] = [];
  for (const { kind, metadata } of surplus) {
    const { name } = metadata;
    const told: ApplyResult = { kind, name, action: "deleted", changes: [], dangling: [], declared: 0 };
    gone.push(dryRun ? told : await client.assets.remove(kind, name, call));
  }
  return gone;
}
