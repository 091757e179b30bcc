import type { Digest } from "@countersign/evidence";
import { CountersignError } from "@countersign/evidence";
import type { AssetKind, Judged, PromotionPredicate, ScanPredicate } from "@countersign/facts";
import { parseAssetName } from "@countersign/facts";
import type { ScanReport } from "@countersign/scanner";
import { decisionRecord } from "./decision.js";
import type { Gatekeeper } from "./gatekeeper.js";
import { factsInput } from "./inputs.js";
import type { Projection } from "./projection.js";
import type { Record } from "./record.js";
import type { DecisionRecord, EntryView, Promotion, VersionDetail, VersionSummary } from "./types.js";

interface Parts {
  record: Record;
  gatekeeper: Gatekeeper;
  projection: Projection;
}

/** Versions of assets of one kind, newest first; one line per asset name and artifact. */
export async function versions(
  parts: Parts,
  kind: AssetKind,
  limit: number,
  before: number,
): Promise<VersionSummary[]> {
  const { record, projection } = parts;
  const indexes = await projection.list(record.workspace, ["manifest"], before, limit);
  const found = new Map<string, VersionSummary>();
  for (const index of indexes) {
    const artifact = await artifactAt(parts, index);
    if (artifact === undefined) continue;
    const held = await parts.gatekeeper.hold(artifact);
    for (const name of held.names.filter((each) => parseAssetName(each).kind === kind)) {
      const key = `${artifact} ${name}`;
      if (!found.has(key)) found.set(key, summaryOf(artifact, name, held.entries));
    }
  }
  return [...found.values()];
}

// The list comes from a store that nobody has to trust: what it names is read from the log.
async function artifactAt({ record }: Parts, index: number): Promise<Digest | undefined> {
  if (index >= record.log.size) return undefined;
  const entry = await record.entry(index);
  return entry.predicate === "manifest" ? entry.subjects[0] : undefined;
}

export async function version(parts: Parts, subject: string): Promise<VersionDetail> {
  const { artifact, name: asked } = await parts.gatekeeper.resolve(subject);
  const held = await parts.gatekeeper.hold(artifact);
  const name = asked ?? held.names[0] ?? "";
  if (held.entries.length === 0) {
    throw new CountersignError(
      "not-found",
      `Nothing is on record about ${artifact}. Run \`countersign admit\` first.`,
    );
  }
  return {
    ...summaryOf(artifact, name, held.entries),
    manifest: held.manifest ?? null,
    facts: factsInput(held, name),
    scan: newestScan(held.entries),
    entries: held.entries.map(entryView),
  };
}

function summaryOf(artifact: Digest, name: string, entries: Judged[]): VersionSummary {
  const named = entries.filter(
    ({ entry, statement }) =>
      entry.predicate === "manifest" &&
      (name === "" || statement?.subject.some((subject) => subject.name === name)),
  );
  const first = named.at(-1)?.entry ?? entries[0]?.entry;
  return {
    name,
    artifact,
    index: first?.index ?? -1,
    at: first?.at ?? 0,
    decisions: newestDecisions(entries),
    environments: [...new Set(promotionsIn(entries).map(({ environment }) => environment))],
  };
}

/** The newest decision for each gate and environment, newest first. */
function newestDecisions(entries: Judged[]): DecisionRecord[] {
  const newest = new Map<string, DecisionRecord>();
  for (const { entry, status, statement } of entries) {
    if (entry.predicate !== "decision" || status !== "held" || statement === undefined) continue;
    const record = decisionRecord(entry, statement);
    newest.set(`${record.gate} ${record.environment}`, record);
  }
  return [...newest.values()].sort((a, b) => b.index - a.index);
}

function promotionsIn(entries: Judged[]): Promotion[] {
  return entries.flatMap(({ entry, status, statement }) => {
    if (entry.predicate !== "promotion" || status !== "held" || statement === undefined) return [];
    const { name, environment, decision } = statement.predicate as PromotionPredicate;
    return [
      {
        artifact: entry.subjects[0] as Digest,
        name,
        environment,
        decision,
        index: entry.index,
        at: entry.at,
      },
    ];
  });
}

function newestScan(entries: Judged[]): ScanReport | null {
  const scan = entries.findLast(
    ({ entry, statement, status }) =>
      entry.predicate === "scan" && statement !== undefined && (status === "held" || status === "expired"),
  );
  if (scan?.statement === undefined) return null;
  const { scanner, verdict, files } = scan.statement.predicate as ScanPredicate;
  return { scanner, verdict, files } as unknown as ScanReport;
}

export function entryView({ entry, status, reason, principal, by }: Judged): EntryView {
  const { index, at, predicate, outcome, envelope, signer, raw } = entry;
  return {
    index,
    at,
    predicate,
    outcome,
    envelope,
    signer,
    principal,
    status,
    reason,
    ...(by === undefined ? {} : { by }),
    leaf: Buffer.from(raw).toString("base64"),
  };
}

/** Decisions or promotions, newest first, below log index `before`. */
export async function decisions(parts: Parts, limit: number, before: number): Promise<DecisionRecord[]> {
  const indexes = await parts.projection.list(parts.record.workspace, ["decision"], before, limit);
  const found: DecisionRecord[] = [];
  for (const index of indexes.filter((at) => at < parts.record.log.size)) {
    const decision = await parts.gatekeeper.decision(await parts.record.entry(index));
    if (decision !== undefined) found.push(decision);
  }
  return found;
}

export async function promotions(parts: Parts, limit: number, before: number): Promise<Promotion[]> {
  const indexes = await parts.projection.list(parts.record.workspace, ["promotion"], before, limit);
  const found: Promotion[] = [];
  for (const index of indexes.filter((at) => at < parts.record.log.size)) {
    const entry = await parts.record.entry(index);
    const held = await parts.gatekeeper.hold(entry.subjects[0] as Digest);
    found.push(...promotionsIn(held.entries).filter((promotion) => promotion.index === index));
  }
  return found;
}
