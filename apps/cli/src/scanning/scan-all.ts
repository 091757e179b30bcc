import { createWriteStream, existsSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { CountersignError } from "@countersign/evidence/errors";
import {
  isPattern,
  type Limits,
  type ScanReport,
  scanPath,
  splitPattern,
  worstVerdict,
} from "@countersign/scanner";
import { isRemote } from "../remote/schemes.js";
import type { Session } from "../session.js";
import { createProgress, type Progress } from "../terminal/progress.js";
import { safe } from "../terminal/safe.js";
import { type Content, type ContentChoices, REMOTE_LIMITS, readContent, withContent } from "./content.js";

export interface ScanChoices extends ContentChoices {
  workers?: number;
  exclude?: string[];
  followLinks?: boolean;
  /** Seconds for one file. */
  timeout?: number;
  limit?: Partial<Limits>;
}

/** What stands for standard input in place of a path. */
const STDIN = "-";

interface Scanning {
  session: Session;
  choices: ScanChoices;
  content: Content;
  progress: Progress;
}

/** Scans everything that is named, one after the other. With one path, names are relative to it; with several, they say below which one. */
export async function scanAll(session: Session, choices: ScanChoices, paths: string[]): Promise<ScanReport> {
  const content = await readContent(session, choices);
  const progress = createProgress(session.io, session.output.live);
  const scanning = { session, choices, content, progress };
  try {
    const reports: ScanReport[] = [];
    for (const path of paths) reports.push(await scanNamed(scanning, path, paths.length === 1));
    return merge(reports);
  } finally {
    progress.finish();
  }
}

async function scanNamed(scanning: Scanning, path: string, only: boolean): Promise<ScanReport> {
  const { session } = scanning;
  if (path === STDIN) return scanStdin(scanning);
  if (isRemote(path)) {
    const report = await scanAddress(scanning, path);
    return only ? report : below(path, report, path.split("/").at(-1) === report.files[0]?.path);
  }
  const absolute = resolve(session.io.cwd, path);
  if (isPattern(path) && !existsSync(absolute)) return scanPattern(scanning, path);
  const report = await scanLocal(scanning, absolute);
  if (report.files.length === 0) throw nothing(path);
  return only && session.output.format !== "sarif"
    ? report
    : below(placeOf(session, path), report, statSync(absolute).isFile());
}

/** A code-scanning page shows files by their names below the directory where the command ran. */
function placeOf({ io, output }: Session, path: string): string {
  if (output.format !== "sarif") return path;
  const absolute = resolve(io.cwd, path);
  const inside = relative(io.cwd, absolute);
  return inside === ".." || inside.startsWith("../") ? absolute : inside || ".";
}

async function scanPattern(scanning: Scanning, pattern: string): Promise<ScanReport> {
  const { session } = scanning;
  const { base, below: include } = splitPattern(pattern);
  const root = resolve(session.io.cwd, base);
  if (!existsSync(root)) throw nothing(pattern);
  const report = await scanLocal(scanning, root, include);
  if (report.files.length === 0) throw nothing(pattern);
  return below(placeOf(session, base), report);
}

const nothing = (path: string): CountersignError =>
  new CountersignError("path-not-found", `There is no file to scan at ${JSON.stringify(path)}.`);

function scanLocal(
  { session, choices, content, progress }: Scanning,
  path: string,
  include?: string,
): Promise<ScanReport> {
  const { workers, exclude, followLinks, timeout, limit } = choices;
  return scanPath(path, {
    signal: session.io.signal,
    ...(workers === undefined ? {} : { workers }),
    ...(include === undefined ? {} : { include }),
    ...(exclude === undefined ? {} : { exclude }),
    ...(followLinks === undefined ? {} : { followLinks }),
    ...(timeout === undefined ? {} : { timeMs: timeout * 1000 }),
    ...content,
    limits: { ...content.limits, ...limit },
    onProgress: ({ done, files }) => progress.update("scanning", done, files, "files"),
  });
}

async function scanAddress(
  { session, choices, content, progress }: Scanning,
  address: string,
): Promise<ScanReport> {
  const { env, clock, signal } = session.io;
  const { exclude, timeout, limit } = choices;
  // Loaded when wanted: a scan of files here need not wait for what talks to networks.
  const { scanRemote } = await import("../remote/scan-remote.js");
  const found = await scanRemote(
    address,
    { env, clock, signal, fetch },
    {
      ...(exclude === undefined ? {} : { exclude }),
      ...(timeout === undefined ? {} : { timeMs: timeout * 1000 }),
      limits: { ...REMOTE_LIMITS, ...content.limits, ...limit },
      onProgress: (done, files) => progress.update("scanning", done, files, "files"),
    },
  );
  session.output.note(safe`read ${found.fetched} of ${found.size} bytes over the network`);
  return withContent(found.report, content);
}

/** Standard input, set aside in a file first: formats are read from their end as well. */
async function scanStdin(scanning: Scanning): Promise<ScanReport> {
  const { io } = scanning.session;
  if (io.stdin.isTTY === true) {
    throw new CountersignError("usage", "Nothing is piped in: - stands for standard input.");
  }
  const directory = await mkdtemp(join(tmpdir(), "countersign-stdin-"));
  try {
    const path = join(directory, "stdin");
    await pipeline(io.stdin, createWriteStream(path, { mode: 0o600 }), { signal: io.signal });
    return await scanLocal(scanning, path);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Names files below the path that was given; a path that is itself a file is the name. */
function below(path: string, report: ScanReport, isFile = false): ScanReport {
  if (path === ".") return report;
  const prefix = path.endsWith("/") ? path : `${path}/`;
  const files = report.files.map((file) => ({ ...file, path: isFile ? path : `${prefix}${file.path}` }));
  return { ...report, files };
}

function merge(reports: readonly ScanReport[]): ScanReport {
  const [first] = reports;
  if (!first) throw new CountersignError("usage", "name at least one file or directory");
  const verdict = worstVerdict(reports.map(({ verdict: one }) => one));
  if (reports.length === 1) return first;
  // Several paths are several models.
  const { model: _, ...rest } = first;
  return { ...rest, files: reports.flatMap(({ files }) => files), verdict };
}
