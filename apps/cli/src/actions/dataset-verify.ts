import { resolve } from "node:path";
import type { Client, DatasetVersion } from "@countersign/api";
import { type BuiltManifest, buildManifest } from "@countersign/evidence";
import { clientOf } from "../place/server.js";
import { shellWord } from "../place/subject.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { createProgress } from "../terminal/progress.js";
import { safe } from "../terminal/safe.js";
import { bold, green, red, yellow } from "../terminal/style.js";

/** Compares files with what is on record. Files that are no longer those admitted exit 1. */
export async function datasetVerify(
  session: Session,
  _options: object,
  name: string,
  given: string,
): Promise<number> {
  const client = clientOf(session);
  const { signal } = session.io;
  const progress = createProgress(session.io, session.output.live);
  const built = await buildManifest(resolve(session.io.cwd, given), {
    signal,
    onProgress: ({ bytesDone, bytes }) => progress.update("hashing", bytesDone, bytes),
  }).finally(() => progress.finish());
  const { versions, current } = await client.datasets.get(name, { signal });
  const version = await find(client, name, versions, built, signal);
  const ok = version !== undefined && !version.contained && version.removed === null;
  const result = { ok, name, digest: version?.artifact ?? built.digest, current, version: version ?? null };
  present(session.output, result, () => draw(session, { name, given, built, version, current }));
  return ok ? 0 : 1;
}

/** A dataset of one file is the same file under any name. */
async function find(
  client: Client,
  name: string,
  versions: DatasetVersion[],
  { digest, manifest }: BuiltManifest,
  signal: AbortSignal,
): Promise<DatasetVersion | undefined> {
  const exact = versions.find(({ artifact }) => artifact === digest);
  const [only, ...others] = manifest.files;
  if (exact !== undefined || only === undefined || others.length > 0) return exact;
  for (const version of versions) {
    if (version.files !== 1 || version.bytes !== only.size) continue;
    const detail = await client.datasets.version(name, version.artifact, { signal });
    if (detail.manifest.files[0]?.digest === only.digest) return version;
  }
  return undefined;
}

interface Found {
  name: string;
  given: string;
  built: BuiltManifest;
  version: DatasetVersion | undefined;
  current: string | null;
}

function draw({ output }: Session, { name, given, built, version, current }: Found): void {
  if (version === undefined) {
    output.line(safe`${red("no")}  the files at ${given} are no admitted version of ${bold(name)}`);
    output.line(safe`  they are   ${built.digest}`);
    output.line(safe`  current is ${current ?? "nothing"}`);
    output.line(
      safe`  ${bold("fix:")} countersign dataset admit ${shellWord(given)} --name ${shellWord(name)}`,
    );
    return;
  }
  if (version.contained || version.removed !== null) {
    const why = version.contained ? "contained: it was found to be bad" : "no longer to be used";
    output.line(safe`${red("no")}  this version of ${bold(name)} is ${why}`);
    output.line(safe`  ${version.artifact}`);
    output.line(safe`  ${bold("fix:")} countersign dataset show ${shellWord(name)}`);
    return;
  }
  output.line(
    safe`${green("ok")}  the files are ${version.current ? "the current" : "an older"} version of ${bold(name)}`,
  );
  output.line(safe`  ${version.artifact}`);
  if (!version.current) output.line(safe`  ${yellow("current:")} ${current ?? "none"}`);
}
