import { resolve } from "node:path";
import { CountersignError } from "@countersign/evidence";
import { type ScanReport, scanPath, toSarif, worstVerdict } from "@countersign/scanner";
import type { Session } from "../session.js";
import { createProgress } from "../terminal/progress.js";
import { drawScan } from "../views/scan.js";

interface Options {
  workers?: number;
}

export async function scan(session: Session, options: Options, paths: string[]): Promise<number> {
  const report = await scanAll(session, options, paths);
  if (session.output.format === "sarif") session.output.document(toSarif(report));
  else if (session.output.format === "json") session.output.document(report);
  else drawScan(session, report);
  return report.verdict === "clean" ? 0 : 1;
}

async function scanAll(session: Session, { workers }: Options, paths: string[]): Promise<ScanReport> {
  const progress = createProgress(session.io, session.output.live);
  try {
    const reports: ScanReport[] = [];
    for (const path of paths) {
      const report = await scanPath(resolve(session.io.cwd, path), {
        signal: session.io.signal,
        ...(workers === undefined ? {} : { workers }),
        onProgress: ({ done, files }) => progress.update("scanning", done, files, "files"),
      });
      reports.push(paths.length === 1 ? report : below(path, report));
    }
    return merge(reports);
  } finally {
    progress.finish();
  }
}

// With one PATH, names are relative to it; with several, they say below which one.
function below(path: string, report: ScanReport): ScanReport {
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
