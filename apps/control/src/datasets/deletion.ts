import { link, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DatasetDeletionResult } from "@countersign/api";
import {
  differenceOf,
  PROFILE_LIMITS,
  type Profile,
  type Rewritten,
  runTask,
  tableFiles,
} from "@countersign/datasets";
import { CountersignError, type Digest } from "@countersign/evidence";
import type { JobContext } from "../jobs/worker.js";
import { admitDataset } from "./admit.js";
import { artifactsOf, type History, historyOf, sayingsOf, unknownDataset, type Version } from "./history.js";
import type { DatasetParts } from "./parts.js";
import { finishRemoval, isUnfinished, removeVersion } from "./removal.js";

interface Request {
  name: string;
  reference: string;
  /** A directory of the job's own. */
  place: string;
}

interface Findings {
  affected: { version: Version; rows: number }[];
  /** Removed before, by work that was interrupted, and without rows of this person. */
  unfinished: Version[];
  notHere: Digest[];
  notSearched: { artifact: Digest; reason: string }[];
}

/**
 * Deletes a person's rows: the current version is written again without them, and every version here that has them loses its
 * bytes. Versions that are elsewhere are named, not searched.
 */
export async function deleteSubject(
  parts: DatasetParts,
  { name, reference, place }: Request,
  context: JobContext,
): Promise<DatasetDeletionResult> {
  const history = await historyOf(parts.workspace, name);
  const column = requireColumn(history);
  const hash = parts.subjects.hash(name, reference);
  const findings = await search(parts, history, { column, reference, place }, context);
  const { current } = history;
  const own = findings.affected.find(({ version }) => version.artifact === current?.artifact);
  const replacedBy =
    own === undefined ? undefined : await writeAgain(parts, name, own.version, place, context);
  let rows = 0;
  for (const { version, rows: gone } of findings.affected) {
    context.signal.throwIfAborted();
    const to = version.artifact === own?.version.artifact && replacedBy !== undefined ? { replacedBy } : {};
    const removal = {
      reason: "subject" as const,
      reference: hash,
      rows: gone,
      principal: context.principal,
      ...to,
    };
    await removeVersion(parts, name, version, removal);
    rows += gone;
  }
  for (const version of findings.unfinished) await finishRemoval(parts, name, version);
  return {
    name,
    reference: hash,
    rows,
    removed: findings.affected.map(({ version }) => version.artifact),
    current: replacedBy ?? current?.artifact ?? null,
    notHere: findings.notHere,
    notSearched: findings.notSearched,
  };
}

function requireColumn(history: History): string {
  const { name, settings, current } = history;
  if (current === undefined) throw unknownDataset(name);
  if (settings.subjectColumn !== undefined) return settings.subjectColumn;
  throw new CountersignError(
    "conflict",
    `The Dataset document of ${name} does not say which column refers to a person: set spec.subjectColumn and apply it.`,
    { detail: { remedy: `countersign get Dataset ${name}` } },
  );
}

interface Search {
  column: string;
  reference: string;
  place: string;
}

async function search(
  parts: DatasetParts,
  history: History,
  search: Search,
  context: JobContext,
): Promise<Findings> {
  const findings: Findings = { affected: [], unfinished: [], notHere: [], notSearched: [] };
  const versions = artifactsOf(history);
  for (const [done, version] of versions.entries()) {
    context.progress("search", done, versions.length);
    const sayings = await sayingsOf(parts.workspace, version.artifact, history.name);
    const isRemoved = sayings.removed !== undefined;
    if (isRemoved && !(await isUnfinished(parts, version, sayings))) continue;
    const files = await parts.files.layOut(version.manifest);
    if (files === undefined) {
      if (isRemoved) findings.unfinished.push(version);
      else findings.notHere.push(version.artifact);
      continue;
    }
    const profile = sayings.statements.findLast(({ said }) => said.profile !== undefined)?.said.profile;
    const found = await rewriteVersion(
      files,
      { ...search, place: join(search.place, version.artifact.slice(7)), profile },
      context,
    );
    if (found.ok && found.rows > 0) findings.affected.push({ version, rows: found.rows });
    else if (isRemoved) findings.unfinished.push(version);
    else if (!found.ok) findings.notSearched.push({ artifact: version.artifact, reason: found.reason });
  }
  return findings;
}

type Found = { ok: true; rows: number } | { ok: false; reason: string };

/** Writes the changed files of a version into `place`, by their place in the list of tables, and links the rest beside them. */
async function rewriteVersion(
  files: { name: string; path: string }[],
  { column, reference, place, profile }: Search & { profile: Profile | undefined },
  { signal }: JobContext,
): Promise<Found> {
  const tables = tableFiles(files);
  const output = join(place, "changed");
  const laid = join(place, "files");
  await rm(place, { recursive: true, force: true });
  await mkdir(output, { recursive: true, mode: 0o700 });
  const task = { kind: "rewrite" as const, files: tables, column, reference, output, limits: PROFILE_LIMITS };
  const reply = tables.length === 0 ? { ok: true as const, result: [] } : await runTask(task, signal);
  if (!reply.ok) return { ok: false, reason: reply.reason };
  const difference = profile && differenceOf(profile, reply.result, column);
  if (difference !== undefined) return { ok: false, reason: difference };
  const changed = new Map(reply.result.map((file: Rewritten) => [file.name, file.path]));
  for (const { name, path } of files) {
    const target = join(laid, ...name.split("/"));
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await link(changed.get(name) ?? path, target);
  }
  const rows = reply.result.reduce((sum, { removed }) => sum + removed, 0);
  return { ok: true, rows };
}

async function writeAgain(
  parts: DatasetParts,
  name: string,
  version: Version,
  place: string,
  context: JobContext,
): Promise<Digest> {
  const directory = join(place, version.artifact.slice(7), "files");
  const [only, ...others] = version.manifest.files;
  const single = only !== undefined && others.length === 0 && !only.name.includes("/");
  const result = await admitDataset(
    parts,
    {
      name,
      path: single ? join(directory, only.name) : directory,
      mlflowDigests: [],
      place: { kind: "kept" },
      keep: true,
      own: true,
      derivedFrom: version.artifact,
    },
    context,
  );
  return result.artifact;
}
