import type { Digest } from "@countersign/evidence";
import { CountersignError, sha256 } from "@countersign/evidence";
import type { Entry } from "@countersign/facts";
import { Fold, leafHash } from "@countersign/facts";
import type { Projection } from "./projection.js";
import type { Record } from "./record.js";
import type { AuditReport } from "./types.js";

type Problem = AuditReport["problems"][number];

/**
 * Reads everything again and names what was touched: each log entry against the signed checkpoint, each object
 * against its digest, each stored row against the log.
 */
export async function audit(
  record: Record,
  projection: Projection,
  verifyLog: () => Promise<{ root: string; problems: Problem[] }>,
): Promise<AuditReport> {
  const problems: Problem[] = [];
  const entries: Entry[] = [];
  const fold = new Fold();
  const { root, problems: logProblems } = await verifyLog();
  problems.push(...logProblems);
  try {
    for await (const { index, leaf } of record.log.entries(0, record.log.size))
      entries.push(fold.apply(index, leaf));
  } catch (error) {
    problems.push(problemOf(error, `entry ${entries.length}`));
  }
  problems.push(...(await auditObjects(record, entries)));
  problems.push(...(await auditRows(projection, entries)));
  return {
    size: record.log.size,
    root,
    entriesChecked: entries.length,
    objectsChecked: entries.length,
    problems,
  };
}

export function problemOf(error: unknown, where: string): Problem {
  if (!(error instanceof CountersignError)) throw error;
  return { code: error.code, where, reason: error.message };
}

async function auditObjects(record: Record, entries: Entry[]): Promise<Problem[]> {
  const tombs = new Set(
    entries.filter(({ predicate }) => predicate === "tombstone").flatMap(({ subjects }) => subjects),
  );
  const problems: Problem[] = [];
  for (const { index, envelope, predicate } of entries) {
    const bytes = await record.objects.get(envelope);
    const where = `object ${envelope} (${predicate}, entry ${index})`;
    if (bytes === undefined && !tombs.has(envelope)) {
      problems.push({
        code: "object-missing",
        where,
        reason: "The object is gone and no tombstone says why.",
      });
    } else if (bytes !== undefined && sha256(bytes) !== envelope) {
      problems.push({
        code: "object-tampered",
        where,
        reason: "The object's bytes are not those of its digest.",
      });
    }
  }
  return problems;
}

async function auditRows(projection: Projection, entries: Entry[]): Promise<Problem[]> {
  const missing = new Set(
    entries.flatMap(({ index, workspace, subjects }) => subjects.map((of) => rowKey(index, workspace, of))),
  );
  const problems: Problem[] = [];
  for await (const { index, raw, workspace, subject } of projection.rows()) {
    const where = `row ${index} of ${subject} in workspace ${workspace}`;
    const entry = entries[index];
    const belongs =
      entry !== undefined && entry.workspace === workspace && entry.subjects.includes(subject as Digest);
    if (!belongs)
      problems.push({ code: "projection-mismatch", where, reason: "The log has no such entry: inserted." });
    else if (!sameLeaf(raw, entry))
      problems.push({ code: "projection-mismatch", where, reason: "The row differs from the log: altered." });
    if (belongs && !missing.delete(rowKey(index, workspace, subject))) {
      problems.push({ code: "projection-mismatch", where, reason: "The row is there twice." });
    }
  }
  for (const key of missing) {
    problems.push({
      code: "projection-mismatch",
      where: `row ${key}`,
      reason: "The row is missing: deleted.",
    });
  }
  return problems;
}

const rowKey = (index: number, workspace: string, subject: string): string =>
  `${index} of ${subject} in workspace ${workspace}`;
const sameLeaf = (raw: Uint8Array, entry: Entry): boolean => leafHash(raw).equals(leafHash(entry.raw));
