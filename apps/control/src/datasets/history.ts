import {
  type DatasetPredicate,
  type DatasetSettings,
  readPredicate,
  settingsOf,
} from "@countersign/datasets";
import { CountersignError, type Digest, type Manifest, manifestDigest } from "@countersign/evidence";
import {
  type AssetPredicate,
  assetKey,
  assetName,
  type Judged,
  type ManifestPredicate,
} from "@countersign/facts";
import type { Workspace } from "@countersign/workspace";

type Cause = "admitted" | "rolled-back" | "rewritten";

/** One state of a dataset, at the place in the log where it became current. */
export interface Version {
  artifact: Digest;
  index: number;
  at: number;
  principal: string;
  cause: Cause;
  manifest: Manifest;
}

/** What the log says of a dataset, read from it alone: a changed row in the database changes nothing here. */
export interface History {
  name: string;
  /** Its document in the inventory. */
  document: object | undefined;
  settings: DatasetSettings;
  /** In log order; an artifact that became current again stands twice. */
  versions: Version[];
  current: Version | undefined;
}

/** What was said about one artifact as a dataset. */
export interface Sayings {
  statements: { index: number; at: number; said: DatasetPredicate }[];
  contained: boolean;
  /** Why its bytes are no longer here. */
  removed: DatasetPredicate["removal"];
  mlflowDigests: string[];
}

/** A manifest as this room states it: the fields beyond `ManifestPredicate` say why. */
export type DatasetManifest = ManifestPredicate & { cause?: Cause };

export async function historyOf(workspace: Workspace, name: string): Promise<History> {
  const asset = assetName("Dataset", name);
  const key = assetKey(workspace.id, asset);
  const [manifests, assets] = await Promise.all([
    workspace.about(key, "manifest"),
    workspace.about(key, "asset"),
  ]);
  const document = newestDocument(assets, name);
  const versions = manifests.flatMap((item) => versionOf(item, asset));
  requireNewest(manifests, asset);
  return { name, document, settings: settingsOf(document), versions, current: versions.at(-1) };
}

function versionOf(item: Judged, asset: string): Version[] {
  const { entry, status, statement } = item;
  if (status !== "held" || !statement?.subject.some(({ name }) => name === asset)) return [];
  const { manifest, submitter, cause = "admitted" } = statement.predicate as DatasetManifest;
  const artifact = manifestDigest(manifest);
  if (artifact !== entry.subjects[0]) return [];
  return [{ artifact, index: entry.index, at: entry.at, principal: submitter, cause, manifest }];
}

/** Falling back to an older version would let whoever deletes one object choose what is trained on. */
function requireNewest(manifests: Judged[], asset: string): void {
  const newest = manifests.at(-1);
  if (newest?.status !== "missing") return;
  throw new CountersignError(
    "object-missing",
    `The manifest of the newest version of ${asset} (entry ${newest.entry.index}) is missing.`,
  );
}

function newestDocument(assets: Judged[], name: string): object | undefined {
  const newest = assets.findLast(({ status }) => status === "held" || status === "missing");
  if (newest?.status !== "held") return undefined;
  const said = newest.statement?.predicate as AssetPredicate | undefined;
  return said?.kind === "Dataset" && said.name === name && said.document !== null ? said.document : undefined;
}

export async function sayingsOf(workspace: Workspace, artifact: Digest, name: string): Promise<Sayings> {
  const [profiles, containments] = await Promise.all([
    workspace.about(artifact, "profile"),
    workspace.about(artifact, "containment"),
  ]);
  const statements = profiles.flatMap(({ entry, status, statement }) => {
    const said = status === "held" ? readPredicate(statement?.predicate) : undefined;
    return said?.dataset === name ? [{ index: entry.index, at: entry.at, said }] : [];
  });
  return {
    statements,
    contained: containments.some(({ status }) => status === "held" || status === "missing"),
    removed: statements.findLast(({ said }) => said.removal !== undefined)?.said.removal,
    mlflowDigests: [...new Set(statements.flatMap(({ said }) => said.mlflowDigests ?? []))],
  };
}

/** Each artifact once, newest first. */
export function artifactsOf({ versions }: History): Version[] {
  const seen = new Map<Digest, Version>();
  for (const version of [...versions].reverse())
    if (!seen.has(version.artifact)) seen.set(version.artifact, version);
  return [...seen.values()];
}

export function unknownDataset(name: string): CountersignError {
  return new CountersignError("not-found", `No version of the dataset ${name} is on record.`, {
    detail: { remedy: `countersign dataset admit PATH --name ${name}` },
  });
}
