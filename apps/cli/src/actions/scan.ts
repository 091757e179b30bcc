import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { CountersignError } from "@countersign/evidence";
import {
  applyBaseline,
  type Baseline,
  parseBaseline,
  type ScanReport,
  scanPath,
  toCycloneDx,
  toJunit,
  toSarif,
  worstVerdict,
} from "@countersign/scanner";
import { isRemote } from "../remote/list.js";
import { scanRemote } from "../remote/scan-remote.js";
import type { Session } from "../session.js";
import { createProgress, type Progress } from "../terminal/progress.js";
import { safe } from "../terminal/safe.js";
import { drawScan } from "../views/scan.js";

interface Options {
  workers?: number;
  baseline?: string;
}

/** What stands for standard input in place of a path. */
const STDIN = "-";

export async function scan(session: Session, options: Options, paths: string[]): Promise<number> {
  const baseline = options.baseline === undefined ? undefined : await readBaseline(session, options.baseline);
  const found = await scanAll(session, options, paths);
  const report = baseline === undefined ? found : applyBaseline(found, baseline, session.io.clock());
  present(session, report);
  return report.verdict === "clean" ? 0 : 1;
}

function present(session: Session, report: ScanReport): void {
  const { output } = session;
  if (output.format === "table") drawScan(session, report);
  else if (output.format === "junit") output.raw(toJunit(report));
  else if (output.format === "cyclonedx") output.document(toCycloneDx(report));
  else output.document(output.format === "sarif" ? toSarif(report) : report);
}

async function readBaseline({ io }: Session, path: string): Promise<Baseline> {
  const text = await readFile(resolve(io.cwd, path), "utf8").catch((cause: Error) => {
    throw new CountersignError("file-unreadable", `The baseline cannot be read: ${cause.message}.`, {
      cause,
    });
  });
  const baseline = parseBaseline(text);
  if (baseline.ok) return baseline.baseline;
  throw new CountersignError("usage", `The baseline ${path} is malformed: ${baseline.reason}.`);
}

async function scanAll(session: Session, { workers }: Options, paths: string[]): Promise<ScanReport> {
  const progress = createProgress(session.io, session.output.live);
  const scanOne = (path: string): Promise<ScanReport> =>
    scanPath(resolve(session.io.cwd, path), {
      signal: session.io.signal,
      ...(workers === undefined ? {} : { workers }),
      onProgress: ({ done, files }) => progress.update("scanning", done, files, "files"),
    });
  const scanAt = (path: string): Promise<ScanReport> => {
    if (path === STDIN) return scanStdin(session, scanOne);
    return isRemote(path) ? scanAddress(session, path, progress) : scanOne(path);
  };
  try {
    const reports: ScanReport[] = [];
    for (const path of paths) {
      const report = await scanAt(path);
      reports.push(paths.length === 1 ? report : below(path, report));
    }
    return merge(reports);
  } finally {
    progress.finish();
  }
}

async function scanAddress(
  { io, output }: Session,
  address: string,
  progress: Progress,
): Promise<ScanReport> {
  const { env, clock, signal } = io;
  const found = await scanRemote(address, { env, clock, signal, fetch }, (done, files) =>
    progress.update("scanning", done, files, "files"),
  );
  output.note(safe`read ${found.fetched} of ${found.size} bytes over the network`);
  return found.report;
}

/** Standard input, set aside in a file first: formats are read from their end as well. */
async function scanStdin(
  { io }: Session,
  scanOne: (path: string) => Promise<ScanReport>,
): Promise<ScanReport> {
  const directory = await mkdtemp(join(tmpdir(), "countersign-stdin-"));
  try {
    const path = join(directory, "stdin");
    await pipeline(io.stdin, createWriteStream(path, { mode: 0o600 }), { signal: io.signal });
    return await scanOne(path);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

// With one PATH, names are relative to it; with several, they say below which one.
function below(path: string, report: ScanReport): ScanReport {
  if (path === STDIN) return report;
  const prefix = path.endsWith("/") ? path : `${path}/`;
  const alone = report.files.length === 1 && path.endsWith(report.files[0]?.path ?? "\0");
  const files = report.files.map((file) => ({ ...file, path: alone ? path : `${prefix}${file.path}` }));
  return { ...report, files };
}

function merge(reports: readonly ScanReport[]): ScanReport {
  const [first] = reports;
  if (!first) throw new CountersignError("usage", "name at least one file or directory");
  const verdict = worstVerdict(reports.map(({ verdict: one }) => one));
  return { ...first, files: reports.flatMap(({ files }) => files), verdict };
}
