import { availableParallelism, tmpdir } from "node:os";
import { type KnownBad, markKnownBad } from "../content/known-bad.js";
import type { Use } from "../content/licence/uses.js";
import { describeModel } from "../content/model.js";
import { DEFAULT_LIMITS, type Limits } from "../core/limits.js";
import { type FileReport, type ScanReport, worstVerdict } from "../core/report.js";
import { RULES_VERSION } from "../rules/rules.js";
import { HEAP_MEGABYTES, takeChild } from "./ahead.js";
import { type Candidate, type Choice, listFiles } from "./files.js";
import { hashFile } from "./hash.js";
import type { Done, FileState, Job } from "./messages.js";
import { Pool } from "./pool.js";
import { asChanged, unscanned } from "./unscanned.js";

export interface ScanOptions extends Omit<Choice, "signal"> {
  /** Child processes at once. */
  workers?: number;
  limits?: Partial<Limits>;
  /** Digests of files, and of members of archives, that somebody knows to be bad. */
  knownBad?: KnownBad;
  /** What the model is to be used for, to be held against its licence. */
  use?: Use;
  /** Milliseconds that one file may take; by default two minutes and a second for each 4 MB. */
  timeMs?: number;
  /** Where large unpacked members go while they are examined; the system's temporary directory. */
  spillDirectory?: string;
  onProgress?: (progress: { files: number; done: number; path: string }) => void;
  signal?: AbortSignal;
}

const MAX_MEMBERS = 100_000;
const HASH_BELOW = 8 * 1024 * 1024;
const BATCH_FILES = 64;
const BATCH_BYTES = 8 * 1024 * 1024;
const TIME_MS = 120_000;
/** Slower than any decompressor is. */
const BYTES_PER_MS = 4_000;

/** Scans a file or a directory in child processes with limits. A crash or timeout is that file's `incomplete`. */
export async function scanPath(path: string, options: ScanOptions = {}): Promise<ScanReport> {
  // It gets ready while the files are listed.
  const first = takeChild();
  const candidates = await listFiles(path, options).catch((error: unknown) => {
    first.kill("SIGKILL");
    throw error;
  });
  const reports: (FileReport | undefined)[] = candidates.map(blocked);
  const states = new Map<number, FileState>();
  let finished = reports.filter(Boolean).length;
  const finish = (index: number, report: FileReport): void => {
    reports[index] = report;
    options.onProgress?.({ files: candidates.length, done: ++finished, path: report.path });
  };
  const onDone = ({ index, report, state }: Done): void => {
    if (state) states.set(index, state);
    finish(index, report);
  };
  const jobs = candidates.map(({ name, absolute, directory }, index) => ({
    index,
    name,
    absolute,
    ...(directory !== undefined && { directory }),
  }));
  const open = jobs.filter(({ index }) => reports[index] === undefined);
  const pool = new Pool(
    batches(open, candidates),
    {
      workers: options.workers ?? Math.min(4, availableParallelism()),
      timeMs: (batch) => options.timeMs ?? TIME_MS + bytesOf(batch, candidates) / BYTES_PER_MS,
      first,
      heapMegabytes: HEAP_MEGABYTES,
      batch: {
        limits: {
          ...DEFAULT_LIMITS,
          ...(options.knownBad && { memberDigests: MAX_MEMBERS }),
          ...options.limits,
        },
        hashBelow: HASH_BELOW,
        spillDirectory: options.spillDirectory ?? tmpdir(),
      },
      signal: options.signal,
    },
    onDone,
    (job, failure) =>
      finish(job.index, unscanned(job.name, failure, FAILURES[failure], candidates[job.index]?.size)),
  );
  const large = open.filter(({ index }) => (candidates[index]?.size ?? 0) >= HASH_BELOW);
  const [hashes] = await Promise.all([hashAll(large, options.signal), pool.run()]);
  const files = reports.map((report, index) =>
    complete(report, jobs[index], hashes.get(index), states.get(index)),
  );
  const verdict = worstVerdict(files.map((file) => file.verdict));
  const scanner = { name: "countersign" as const, rules: RULES_VERSION };
  const report = describeModel({ files, verdict, scanner }, { use: options.use });
  return options.knownBad ? markKnownBad(report, options.knownBad) : report;
}

const FAILURES = {
  "scan-crashed": "The scanning process ended while it read this file.",
  "scan-timeout": "The scan of this file took too long.",
};

function blocked({ name, problem, size }: Candidate): FileReport | undefined {
  if (problem === undefined) return undefined;
  const message =
    problem === "symlink-skipped"
      ? "The link leads out of the scanned directory."
      : "This is no readable file.";
  return unscanned(name, problem, message, size);
}

/** Small files travel together; a large one alone. */
function batches(jobs: readonly Job[], candidates: readonly Candidate[]): Job[][] {
  const result: Job[][] = [];
  let current: Job[] = [];
  let bytes = 0;
  for (const job of jobs) {
    const size = candidates[job.index]?.size ?? 0;
    if (current.length > 0 && (current.length >= BATCH_FILES || bytes + size > BATCH_BYTES)) {
      result.push(current);
      current = [];
      bytes = 0;
    }
    current.push(job);
    bytes += size;
  }
  if (current.length > 0) result.push(current);
  return result;
}

function bytesOf(jobs: readonly Job[], candidates: readonly Candidate[]): number {
  return jobs.reduce((sum, { index }) => sum + (candidates[index]?.size ?? 0), 0);
}

type Hash = Awaited<ReturnType<typeof hashFile>>;

async function hashAll(jobs: readonly Job[], signal: AbortSignal | undefined): Promise<Map<number, Hash>> {
  const hashes = new Map<number, Hash>();
  for (const { index, absolute } of jobs) {
    try {
      hashes.set(index, await hashFile(absolute, signal));
    } catch {
      signal?.throwIfAborted();
      hashes.set(index, undefined);
    }
  }
  return hashes;
}

/** Joins what the child saw with the digest; when the two saw different files, the file changed. */
function complete(
  report: FileReport | undefined,
  job: Job | undefined,
  hash: Hash,
  state: FileState | undefined,
): FileReport {
  const name = job?.name ?? "";
  if (!report) return unscanned(name, "scan-crashed", FAILURES["scan-crashed"]);
  if (report.sha256 !== "" || (report.format === "unknown" && report.size === 0)) return report;
  if (!state) return hash ? { ...report, sha256: hash.sha256 } : report;
  const same =
    hash &&
    hash.state.size === state.size &&
    hash.state.mtimeMs === state.mtimeMs &&
    hash.state.ino === state.ino;
  return same ? { ...report, sha256: hash.sha256 } : asChanged(report);
}
