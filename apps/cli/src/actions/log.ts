import { resolve } from "node:path";
import { parseDigest } from "@countersign/evidence";
import { atPlace } from "../place/open.js";
import type { LogLine } from "../place/place.js";
import { shellWord } from "../place/subject.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { counted } from "../terminal/progress.js";
import { safe } from "../terminal/safe.js";
import { bold, dim, green, red, verdict } from "../terminal/style.js";
import { writeWhole } from "./whole.js";

interface RangeOptions {
  from: number;
  to?: number;
}

export async function listEntries(session: Session, { from, to }: RangeOptions): Promise<number> {
  const { output } = session;
  const kept: LogLine[] = [];
  await atPlace(session, false, async (place) => {
    for await (const { index, at, predicate, outcome, envelope, subjects } of place.log.entries(from, to)) {
      session.io.signal.throwIfAborted();
      if (output.format === "json") kept.push({ index, at, predicate, outcome, envelope, subjects });
      else drawLine(session, { index, at, predicate, outcome, envelope, subjects });
    }
  });
  if (output.format === "json") output.document({ entries: kept });
  return 0;
}

// Line by line, not as a table: a log may be long, and the first lines should not wait for the last.
function drawLine(session: Session, { index, at, predicate, outcome, envelope }: LogLine): void {
  const time = new Date(at).toISOString();
  session.output.line(
    safe`${String(index).padStart(6)}  ${dim(time)}  ${predicate.padEnd(11)}  ${verdict(outcome)}${" ".repeat(Math.max(0, 8 - outcome.length))}  ${envelope}`,
  );
}

export async function printCheckpoint(session: Session): Promise<number> {
  const checkpoint = await atPlace(session, false, (place) => place.log.checkpoint());
  if (session.output.format === "json") session.output.document({ checkpoint });
  else session.output.raw(checkpoint);
  return 0;
}

export async function printReceipt(session: Session, _options: object, index: number): Promise<number> {
  const receipt = await atPlace(session, false, (place) => place.log.receipt(index));
  if (session.output.format === "json") session.output.document({ index, receipt });
  else session.output.raw(receipt.endsWith("\n") ? receipt : `${receipt}\n`);
  return 0;
}

export async function writeEvidence(
  session: Session,
  { out }: { out: string },
  decision: string,
): Promise<number> {
  const id = parseDigest(decision);
  const { evidence, vkey } = await atPlace(session, false, async (place) => ({
    evidence: await place.log.evidence(id),
    vkey: (await place.log.state()).vkey,
  }));
  const path = resolve(session.io.cwd, out);
  writeWhole(path, `${JSON.stringify(evidence, null, 2)}\n`);
  present(session.output, { decision: id, file: path, vkey }, () => {
    session.output.line(safe`wrote ${path}\nAnyone can check it offline, with nothing of ours but one file:`);
    session.output.line(
      safe`  node verifier/verify.mjs ${shellWord(out)} --log-key '${vkey}' --trust-root-key ROOT.pub`,
    );
  });
  return 0;
}

export async function auditLog(session: Session): Promise<number> {
  const report = await atPlace(session, false, (place) => place.log.audit());
  const good = report.problems.length === 0;
  present(session.output, { ok: good, ...report }, () => {
    const { output } = session;
    const word = good ? green("ok") : red("tampered");
    output.line(
      safe`${word}  ${counted(report.entriesChecked, "entry", "entries")} and ${counted(report.objectsChecked, "object")} checked`,
    );
    output.line(safe`  size  ${report.size}\n  root  ${report.root}`);
    for (const { code, where, reason } of report.problems)
      output.line(safe`  ${red(code)}  ${bold(where)}: ${reason}`);
    if (!good)
      output.line(
        safe`  ${bold("fix:")} restore what was touched: countersign restore --from BACKUP --data DIR`,
      );
  });
  return good ? 0 : 1;
}
