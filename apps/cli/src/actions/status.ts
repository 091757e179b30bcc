import type { DecisionRecord, VersionSummary } from "@countersign/api";
import { atPlace } from "../place/open.js";
import type { LogState } from "../place/place.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { counted } from "../terminal/progress.js";
import { safe } from "../terminal/safe.js";
import { bold, dim, verdict, yellow } from "../terminal/style.js";
import { writeTable } from "../terminal/table.js";

interface Status {
  place: string;
  versions: VersionSummary[];
  log: LogState;
}

export async function status(session: Session): Promise<number> {
  const found = await atPlace(session, false, async (place): Promise<Status> => {
    const [versions, log] = await Promise.all([place.versions(), place.log.state()]);
    const { origin, vkey, size, witnesses = [] } = log;
    return { place: place.label, versions, log: { origin, vkey, size, witnesses } };
  });
  present(session.output, found, () => draw(session, found));
  return 0;
}

function draw(session: Session, { place, versions, log }: Status): void {
  const { output } = session;
  output.line(safe`${bold("at")}    ${place}`);
  output.line(safe`${bold("log")}   ${log.origin}, ${counted(log.size, "entry", "entries")}`);
  output.line(safe`${bold("key")}   ${log.vkey} ${dim("(pin it: countersign log verify --log-vkey ...)")}`);
  for (const { name, cosigned } of log.witnesses ?? []) {
    output.line(safe`${bold("seen")}  by ${name}: ${cosigned ? "cosigned" : yellow("not cosigned")}`);
  }
  output.line(safe``);
  if (versions.length === 0) {
    output.line(safe`nothing is admitted yet: countersign admit PATH --name NAME`);
    return;
  }
  const rows = versions.map((version) => [version.name, ...standing(version), version.artifact]);
  writeTable(session.io, ["name", "stands", "promoted to", "why", "artifact"], rows);
}

function standing({ decisions, environments }: VersionSummary) {
  const [newest] = [...decisions].sort((a, b) => b.index - a.index);
  const where = environments.join(", ") || "-";
  return newest ? [verdict(newest.outcome), where, why(newest)] : [verdict("none"), where, ""];
}

function why({ outcome, gate, environment, reasons, approvers }: DecisionRecord): string {
  const about = `${gate} in ${environment}`;
  if (outcome === "pending") return `${about} waits for ${approvers.join(" or ") || "an approver"}`;
  return outcome === "allow" ? about : `${about}: ${reasons.map(({ policy }) => policy).join(", ")}`;
}
