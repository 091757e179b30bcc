import { MLFLOW_DIGEST, type PinnedObject, parseSource, type S3 } from "@countersign/datasets";
import { assetName } from "@countersign/facts";
import type { Workspace } from "@countersign/workspace";
import type { DataRoots, Fingerprints } from "./fingerprint.js";
import { sameBytes } from "./fingerprint.js";
import { artifactsOf, type History, historyOf, type Sayings, sayingsOf, type Version } from "./history.js";

/** What a run says that it reads. */
export interface RunInput {
  name: string;
  /** As the client computed it: for MLflow, eight hex digits over the first rows. */
  digest: string;
  source: string;
  sourceType: string;
  run?: string;
  principal?: string;
}

export type Judgement =
  | { outcome: "known"; artifact: string }
  | { outcome: "unknown" }
  | { outcome: "refused"; reason: string; remedy: string };

export interface JudgeParts {
  workspace: Workspace;
  roots: DataRoots;
  fingerprints: Fingerprints;
  storage: S3 | undefined;
  /** States that `digest` is one of MLflow's names for these bytes. */
  learn(version: Version, name: string, digest: string): Promise<void>;
}

/** The environment that a run trains in, until runs say another. */
const TRAINING = "dev";
const TRAINER = "service";

const refuse = (reason: string, remedy: string): Judgement => ({ outcome: "refused", reason, remedy });

/** The train gate: whether a run may read what it says it reads. Reads the log, and the data where it is; not the database. */
export async function judge(parts: JudgeParts, input: RunInput): Promise<Judgement> {
  const history = await historyOf(parts.workspace, input.name);
  if (history.versions.length === 0 && history.document === undefined) return { outcome: "unknown" };
  const here = await lookAtSource(parts, history, input);
  if (here.state === "changed") return changed(history, input, here.seen);
  if (here.state === "same") {
    const judgement = await judgeVersion(parts, history, here.version, input);
    if (judgement.outcome === "known") await learnDigest(parts, history, here.version, input.digest);
    return judgement;
  }
  const judgement = await judgeDigest(parts, history, input);
  if (judgement !== undefined) return judgement;
  if (history.settings.train.unknownDigest === "record") return { outcome: "unknown" };
  return notAdmitted(history, input);
}

type Sight = { state: "unseen" } | { state: "same"; version: Version } | { state: "changed"; seen: string };

/** Where this server can read the source itself, its bytes decide: MLflow's digest leaves out most rows of a large table. */
async function lookAtSource(parts: JudgeParts, history: History, input: RunInput): Promise<Sight> {
  const source = parseSource(input.source);
  if (source.kind === "s3") return lookAtObjects(parts, history, source);
  if (source.kind !== "path") return { state: "unseen" };
  const path = await parts.roots.inside(source.path);
  if (path === undefined) return { state: "unseen" };
  const seen = await parts.fingerprints.manifest(path);
  const version = artifactsOf(history).find(({ manifest }) => sameBytes(manifest, seen));
  const first = seen.files[0]?.digest ?? "none";
  return version === undefined ? { state: "changed", seen: first } : { state: "same", version };
}

/** Objects are not read again: as long as the storage says by ETag and size that they are those that were hashed, they are. */
async function lookAtObjects(
  { workspace, storage }: JudgeParts,
  history: History,
  { bucket, key }: { bucket: string; key: string },
): Promise<Sight> {
  if (storage === undefined) return { state: "unseen" };
  const objects = await storage.list(bucket, key);
  let pinned = false;
  for (const version of artifactsOf(history)) {
    const { statements } = await sayingsOf(workspace, version.artifact, history.name);
    for (const { said } of statements) {
      if (said.place?.kind !== "s3" || said.place.uri !== `s3://${bucket}/${key}`) continue;
      pinned = true;
      if (sameObjects(said.place.objects, objects)) return { state: "same", version };
    }
  }
  return pinned ? { state: "changed", seen: `objects at s3://${bucket}/${key}` } : { state: "unseen" };
}

function sameObjects(one: readonly PinnedObject[], other: readonly PinnedObject[]): boolean {
  const seen = new Map(other.map((object) => [object.key, object]));
  return (
    one.length === other.length &&
    one.every(({ key, etag, size }) => seen.get(key)?.etag === etag && seen.get(key)?.size === size)
  );
}

/** MLflow's digest may name several versions: a run that may read one of them is not refused for another. */
async function judgeDigest(
  parts: JudgeParts,
  history: History,
  input: RunInput,
): Promise<Judgement | undefined> {
  let refused: Judgement | undefined;
  for (const version of await findByDigest(parts.workspace, history, input.digest)) {
    const judgement = await judgeVersion(parts, history, version, input);
    if (judgement.outcome === "known") return judgement;
    refused ??= judgement;
  }
  return refused;
}

/**
 * The versions that a digest names, newest first: by the SHA-256 of the version or of its only file, which no claim of a
 * client outweighs, else by the digests of MLflow's that were named for them.
 */
async function findByDigest(workspace: Workspace, history: History, digest: string): Promise<Version[]> {
  const versions = artifactsOf(history);
  const long = /^(sha256:)?[0-9a-f]{64}$/.test(digest) ? `sha256:${digest.slice(-64)}` : undefined;
  const exact = versions.filter(({ artifact, manifest: { files } }) => {
    return long !== undefined && (artifact === long || (files.length === 1 && files[0]?.digest === long));
  });
  if (exact.length > 0) return exact;
  const found: Version[] = [];
  for (const version of versions) {
    const { mlflowDigests } = await sayingsOf(workspace, version.artifact, history.name);
    if (mlflowDigests.includes(digest)) found.push(version);
  }
  return found;
}

async function judgeVersion(
  { workspace }: JudgeParts,
  history: History,
  version: Version,
  input: RunInput,
): Promise<Judgement> {
  const { name, current, settings } = history;
  const sayings = await sayingsOf(workspace, version.artifact, name);
  const barred = barredBy(history, version, sayings);
  if (barred !== undefined) return barred;
  if (settings.train.versions === "current" && current?.artifact !== version.artifact) {
    return refuse(
      `${name} is to be read in its current version ${current?.artifact}; the run reads ${version.artifact}.`,
      `countersign dataset show ${name}`,
    );
  }
  const decision = await workspace.gate({
    gate: "train",
    subject: version.artifact,
    name: assetName("Dataset", name),
    environment: TRAINING,
    principal: input.principal ?? TRAINER,
  });
  if (decision.outcome === "allow") return { outcome: "known", artifact: version.artifact };
  const reasons = decision.reasons.map(({ reason }) => reason).join(" ");
  const remedy = decision.reasons.map((each) => each.remedy).find((text) => text !== "");
  return refuse(reasons, remedy ?? `countersign dataset show ${name}`);
}

/** Why nobody may train on a version, whatever policy says. */
export function barredBy(history: History, version: Version, sayings: Sayings): Judgement | undefined {
  const { name, current } = history;
  const better = current === undefined || current.artifact === version.artifact ? "DIGEST" : current.artifact;
  if (sayings.contained) {
    return refuse(
      `This version of ${name} (${version.artifact}) is contained: it was found to be bad.`,
      `countersign dataset rollback ${name} --to ${better}`,
    );
  }
  if (sayings.removed === undefined) return undefined;
  const why =
    sayings.removed.reason === "subject" ? "a person's rows were deleted from it" : "its retention is over";
  return refuse(
    `This version of ${name} (${version.artifact}) may no longer be used: ${why}.`,
    `countersign dataset show ${name}`,
  );
}

/** A digest that names a version already, this one or another, is not learnt: what a client claims moves no name. */
async function learnDigest(
  parts: JudgeParts,
  history: History,
  version: Version,
  digest: string,
): Promise<void> {
  if (!MLFLOW_DIGEST.test(digest)) return;
  const named = await findByDigest(parts.workspace, history, digest);
  if (named.length === 0) await parts.learn(version, history.name, digest);
}

function changed({ name, current }: History, input: RunInput, seen: string): Judgement {
  const was =
    current === undefined ? "no version of it is admitted" : `it was admitted as ${current.artifact}`;
  return refuse(
    `The dataset ${name} no longer has the digest that it was admitted with: ${was}, and its source now holds other bytes (${seen}).`,
    admitCommand(name, parseSource(input.source)),
  );
}

function notAdmitted({ name, current }: History, input: RunInput): Judgement {
  const what = current === undefined ? "of which no version is admitted" : "which no admitted version has";
  return refuse(
    `The run reads the dataset ${name} with digest ${JSON.stringify(input.digest)}, ${what}.`,
    `${admitCommand(name, parseSource(input.source))} --mlflow-digest ${word(input.digest)}`,
  );
}

function admitCommand(name: string, source: ReturnType<typeof parseSource>): string {
  const path =
    source.kind === "path"
      ? source.path
      : source.kind === "s3"
        ? `s3://${source.bucket}/${source.key}`
        : "PATH";
  return `countersign dataset admit ${word(path)} --name ${name}`;
}

/** A client's text goes into a command that a person may paste: quoted unless it is plain. */
function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
