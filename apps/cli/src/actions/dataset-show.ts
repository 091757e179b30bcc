import type { DatasetDetail, DatasetSummary, DatasetVersion, DatasetVersionDetail } from "@countersign/api";
import { CountersignError, isDigest } from "@countersign/evidence";
import { clientOf } from "../place/server.js";
import { shellWord } from "../place/subject.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { counted, formatBytes } from "../terminal/progress.js";
import { type Safe, safe } from "../terminal/safe.js";
import { bold, dim, red } from "../terminal/style.js";
import { writeTable } from "../terminal/table.js";
import { drawProfile } from "../views/dataset.js";

export async function datasetList(session: Session, _options: object, query?: string): Promise<number> {
  const client = clientOf(session);
  const items: DatasetSummary[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: DatasetSummary[]; nextCursor: string | null } = await client.datasets.list(
      { limit: 200, ...(query === undefined ? {} : { query }), ...(cursor === null ? {} : { cursor }) },
      { signal: session.io.signal },
    );
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  present(session.output, { items }, () => {
    if (items.length === 0) return session.output.line(safe`no dataset is on record`);
    const rows = items.map(({ name, rows, versions, at, current }) => [
      name,
      rows ?? "",
      versions,
      day(at),
      current ?? "",
    ]);
    writeTable(session.io, ["dataset", "rows", "versions", "since", "current version"], rows);
  });
  return 0;
}

export async function datasetShow(
  session: Session,
  _options: object,
  name: string,
  digest?: string,
): Promise<number> {
  const client = clientOf(session);
  const call = { signal: session.io.signal };
  if (digest === undefined) {
    const detail = await client.datasets.get(name, call);
    present(session.output, detail, () => drawDataset(session, detail));
    return 0;
  }
  const wanted = digest === "current" ? (await client.datasets.get(name, call)).current : digest;
  if (wanted === null || !isDigest(wanted)) {
    throw new CountersignError("usage", `${digest} names no version`, {
      detail: { remedy: `countersign dataset show ${shellWord(name)}` },
    });
  }
  const version = await client.datasets.version(name, wanted, call);
  present(session.output, version, () => drawVersion(session, version));
  return 0;
}

function drawDataset(session: Session, { name, versions, accesses, declared }: DatasetDetail): void {
  const { io, output } = session;
  output.line(
    safe`${bold(name)}  ${counted(versions.length, "version")}${declared ? "" : ", not in the inventory"}`,
  );
  const rows = versions.map((version) => [
    day(version.at),
    version.rows ?? "",
    formatBytes(version.bytes),
    stateOf(version),
    version.artifact,
  ]);
  if (rows.length > 0) writeTable(io, ["admitted", "rows", "size", "state", "version"], rows);
  if (accesses.length === 0) return;
  output.line(safe`\n${bold("Who read or changed it, newest first")}`);
  const lines = accesses
    .slice(0, 50)
    .map(({ at, kind, principal, run, outcome, detail }) => [
      new Date(at).toISOString(),
      outcome === "refused" ? red("refused") : outcome === "unknown" ? `${kind}, undeclared` : kind,
      principal,
      run === null ? "" : `run ${run}`,
      detail,
    ]);
  writeTable(io, ["when", "what", "who", "run", "detail"], lines);
}

function drawVersion(session: Session, version: DatasetVersionDetail): void {
  const { output } = session;
  output.line(safe`${bold(version.name)}  ${version.artifact}`);
  output.line(safe`  ${stateOf(version)}, admitted ${day(version.at)} by ${version.principal}`);
  if (version.place.location !== "") output.line(safe`  at ${version.place.location}`);
  if (version.derivedFrom !== null) output.line(safe`  made from ${version.derivedFrom}`);
  if (version.mlflowDigests.length > 0)
    output.line(safe`  MLflow calls it ${version.mlflowDigests.join(", ")}`);
  if (version.profile === null) output.line(safe`  ${dim("nothing is known of its content")}`);
  else drawProfile(session, version.profile);
}

function stateOf({ contained, removed, current, due }: DatasetVersion): Safe {
  if (contained) return red("contained");
  if (removed !== null) return safe`removed (${removed === "subject" ? "a person's rows" : "retention"})`;
  const until = due === null ? "" : `, due ${day(due)}`;
  return current ? safe`${bold("current")}${until}` : safe`older${until}`;
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
