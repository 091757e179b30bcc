import type { DatasetAccess, DatasetVersion } from "@countersign/api";
import { dueAt } from "@countersign/datasets";
import type { Workspace } from "@countersign/workspace";
import { locationOf } from "./consumer.js";
import { artifactsOf, type History, type Sayings, sayingsOf, type Version } from "./history.js";

/** A version as the API shows it. */
export function versionView(history: History, version: Version, sayings: Sayings): DatasetVersion {
  const { artifact, index, at, principal, cause, manifest } = version;
  const described = sayings.statements.findLast(({ said }) => said.profile !== undefined)?.said;
  const placed = sayings.statements.findLast(({ said }) => said.place !== undefined)?.said.place;
  const place = sayings.removed === undefined ? placed : undefined;
  return {
    artifact,
    index,
    at,
    principal,
    cause,
    current: history.current?.artifact === artifact,
    files: manifest.files.length,
    bytes: manifest.files.reduce((sum, { size }) => sum + size, 0),
    rows: described?.rows ?? null,
    contained: sayings.contained,
    removed: sayings.removed?.reason ?? null,
    mlflowDigests: sayings.mlflowDigests,
    place: { kind: place?.kind ?? "dropped", location: locationOf(place) },
    derivedFrom: (described?.derivedFrom ?? null) as DatasetVersion["derivedFrom"],
    due:
      sayings.removed === undefined ? (dueAt(history.settings, firstSeen(history, version)) ?? null) : null,
  };
}

/** Making a version current again does not make it younger. */
const firstSeen = ({ versions }: History, { artifact }: Version): number =>
  versions.find((version) => version.artifact === artifact)?.at ?? 0;

export async function versionViews(workspace: Workspace, history: History): Promise<DatasetVersion[]> {
  const versions = artifactsOf(history);
  return Promise.all(
    versions.map(async (version) =>
      versionView(history, version, await sayingsOf(workspace, version.artifact, history.name)),
    ),
  );
}

/** What the log says was done to a dataset, newest first. */
export async function changesOf(workspace: Workspace, history: History): Promise<DatasetAccess[]> {
  const admitted = history.versions.map(
    ({ artifact, at, principal, cause, index }): DatasetAccess => ({
      at,
      kind: cause,
      artifact,
      principal,
      run: null,
      via: "log",
      outcome: "known",
      detail: `entry ${index}`,
    }),
  );
  const removed: DatasetAccess[] = [];
  for (const { artifact } of artifactsOf(history)) {
    for (const { at, index, said } of (await sayingsOf(workspace, artifact, history.name)).statements) {
      if (said.removal === undefined) continue;
      const { principal, reason, rows } = said.removal;
      const detail = `entry ${index}: ${reason === "subject" ? `${rows} rows of one data subject` : "its retention is over"}`;
      removed.push({
        at,
        kind: "removed",
        artifact,
        principal,
        run: null,
        via: "log",
        outcome: "known",
        detail,
      });
    }
  }
  return [...admitted, ...removed].sort((a, b) => b.at - a.at);
}
