import { lstat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { DatasetAdmitResult } from "@countersign/api";
import { type Place, profileFiles } from "@countersign/datasets";
import type { Digest, Manifest } from "@countersign/evidence";
import type { JobContext } from "../jobs/worker.js";
import { locationOf } from "./consumer.js";
import { historyOf, sayingsOf } from "./history.js";
import type { DatasetParts } from "./parts.js";
import { describeVersion } from "./record.js";

export interface Admission {
  name: string;
  /** A directory, or the one file that is the dataset. */
  path: string;
  licence?: string;
  origin?: string;
  mlflowDigests: string[];
  place: Place;
  /** Whether a copy of the bytes stays here, wherever else they are. */
  keep: boolean;
  /** Nobody else can write to `path`, so that keeping needs no copy. */
  own: boolean;
  derivedFrom?: Digest;
}

type Progress = Pick<JobContext, "principal" | "signal" | "progress">;

/** Hashes, scans and records a dataset, keeps its bytes if asked to, and states what it holds. */
export async function admitDataset(
  parts: DatasetParts,
  admission: Admission,
  { principal, signal, progress }: Progress,
): Promise<DatasetAdmitResult> {
  const { name, path, licence, origin } = admission;
  const { settings } = await historyOf(parts.workspace, name);
  const declared = {
    ...(licence === undefined ? {} : { licence }),
    ...(origin === undefined ? {} : { origin }),
  };
  const admitted = await parts.workspace.admit(
    { name, kind: "Dataset", path, submitter: principal, ...declared },
    { signal, onProgress: progress },
  );
  const { artifact, manifest, scan, decision } = admitted;
  const directory = (await lstat(path)).isDirectory() ? path : dirname(path);
  const isRemoved = (await sayingsOf(parts.workspace, artifact, name)).removed !== undefined;
  // What is malicious or had to go is on record, and its bytes stay out.
  const keep = admission.keep && scan.verdict !== "malicious" && !isRemoved;
  const place = admission.place.kind === "kept" && !keep ? DROPPED : admission.place;
  if (keep) {
    progress("keep", 0, manifest.files.length);
    await parts.files.keep(directory, manifest, admission.own);
  }
  progress("profile", 0, 1);
  const { personal, personalColumns: columns } = settings;
  const { mlflowDigests: computed = [], ...profile } = await profileFiles(located(directory, manifest), {
    privacy: { personal, columns },
    signal,
  });
  const mlflowDigests = [...new Set([...admission.mlflowDigests, ...computed])];
  const from = admission.derivedFrom === undefined ? {} : { derivedFrom: admission.derivedFrom };
  await describeVersion(parts.workspace, artifact, name, {
    ...(isRemoved ? {} : { profile }),
    place,
    mlflowDigests,
    ...from,
  });
  await parts.runner.caughtUp();
  progress("profile", 1, 1);
  const { length } = manifest.files;
  const bytes = manifest.files.reduce((sum, { size }) => sum + size, 0);
  const where = { kind: place.kind, location: locationOf(place) };
  return {
    name,
    artifact,
    files: length,
    bytes,
    profile,
    place: where,
    mlflowDigests,
    decision,
  } as DatasetAdmitResult;
}

const DROPPED: Place = { kind: "dropped" };

const located = (directory: string, { files }: Manifest): { name: string; path: string }[] =>
  files.map(({ name }) => ({ name, path: join(directory, ...name.split("/")) }));

/** What a single file that was uploaded is called: the manifest names it by its own name, not by its directory. */
export async function onlyFile(directory: string, files: readonly string[]): Promise<string> {
  const [only, ...others] = files;
  return only !== undefined && others.length === 0 && basename(only) === only
    ? join(directory, only)
    : directory;
}
