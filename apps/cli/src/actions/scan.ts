import { CountersignError } from "@countersign/evidence/errors";
import { DEFAULT_LIMITS, type ScanReport, toCycloneDx, toJunit, toSarif } from "@countersign/scanner";
import { accept, readBaseline, writeDraft } from "../scanning/baseline.js";
import { type ScanChoices, scanAll } from "../scanning/scan-all.js";
import type { Session } from "../session.js";
import { drawScan } from "../views/scan.js";

interface Options extends ScanChoices {
  baseline?: string;
  writeBaseline?: string;
}

export async function scan(session: Session, options: Options, paths: string[]): Promise<number> {
  const { baseline, writeBaseline } = options;
  checkLimits(options.limit ?? {});
  // Read first: a long scan should not end in a missing file.
  const accepted = baseline === undefined ? undefined : await readBaseline(session, baseline);
  const found = await scanAll(session, options, paths);
  const report =
    accepted === undefined || baseline === undefined ? found : accept(session, accepted, found, baseline);
  if (writeBaseline !== undefined) await writeDraft(session, writeBaseline, report);
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

function checkLimits(limits: object): void {
  const unknown = Object.keys(limits).find((name) => !Object.hasOwn(DEFAULT_LIMITS, name));
  if (unknown === undefined) return;
  const known = Object.keys(DEFAULT_LIMITS).join(", ");
  throw new CountersignError("usage", `There is no limit ${JSON.stringify(unknown)}. Limits are: ${known}.`);
}
