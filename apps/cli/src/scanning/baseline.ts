import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { CountersignError, fileFault } from "@countersign/evidence/errors";
import {
  type Acceptance,
  applyBaseline,
  draftBaseline,
  idleAcceptances,
  parseBaseline,
  type ScanReport,
} from "@countersign/scanner";
import type { Session } from "../session.js";
import { counted } from "../terminal/progress.js";
import { safe } from "../terminal/safe.js";

/** Sets aside what was accepted, and says which acceptances are over or of no use. */
export function accept(session: Session, text: string, found: ScanReport, path: string): ScanReport {
  const read = parseBaseline(text);
  if (!read.ok) throw new CountersignError("usage", `The baseline ${path} is malformed: ${read.reason}.`);
  const now = session.io.clock();
  const { expired, unused } = idleAcceptances(found, read.baseline, now);
  for (const { rule, owner, expires } of expired) {
    session.output.warn(
      safe`countersign: what ${owner} accepted ended on ${new Date(expires).toISOString().slice(0, 10)} (${rule})`,
    );
  }
  if (unused.length > 0) session.output.note(safe`${path}: ${told(unused)}`);
  return applyBaseline(found, read.baseline, now);
}

const told = (unused: readonly Acceptance[]): string =>
  `${counted(unused.length, "entry", "entries")} fit nothing that was scanned`;

export function readBaseline({ io }: Session, path: string): Promise<string> {
  return readFile(resolve(io.cwd, path), "utf8").catch((cause: Error) => {
    throw new CountersignError("file-unreadable", `The baseline cannot be read: ${cause.message}.`, {
      cause,
    });
  });
}

const ACCEPTED_FOR = 90 * 24 * 60 * 60 * 1000;

/** Writes a baseline to start from, beside nothing that is there already. */
export async function writeDraft({ io, output }: Session, path: string, report: ScanReport): Promise<void> {
  const expires = new Date(io.clock() + ACCEPTED_FOR).toISOString().slice(0, 10);
  const text = `${JSON.stringify(draftBaseline(report, expires), null, 2)}\n`;
  await writeFile(resolve(io.cwd, path), text, { flag: "wx" }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "EEXIST") throw fileFault(path, cause);
    throw new CountersignError("usage", `${JSON.stringify(path)} is there already: name a new file.`, {
      cause,
    });
  });
  output.note(safe`wrote ${path}: fill in owner and reason of each entry, then scan with --baseline ${path}`);
}
