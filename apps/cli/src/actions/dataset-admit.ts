import { openAsBlob } from "node:fs";
import { lstat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import {
  type Client,
  createClient,
  type DatasetAdmitResult,
  type Job,
  type UploadFile,
} from "@countersign/api";
import { buildManifest, CountersignError } from "@countersign/evidence";
import { countingFetch } from "../place/counting.js";
import { serverAddress } from "../place/open.js";
import { clientOf } from "../place/server.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { counted, createProgress, formatBytes, type Progress } from "../terminal/progress.js";
import { safe } from "../terminal/safe.js";
import { bold } from "../terminal/style.js";
import { drawProfile } from "../views/dataset.js";
import { decisionExit, drawDecision } from "../views/decision.js";

interface Options {
  name?: string;
  licence?: string;
  origin?: string;
  mlflowDigest?: string[];
  inPlace?: boolean;
  keep?: boolean;
}

export async function datasetAdmit(session: Session, options: Options, given: string): Promise<number> {
  const client = clientOf(session);
  const progress = createProgress(session.io, session.output.live);
  const elsewhere = given.startsWith("s3://") || options.inPlace === true;
  const result = await (elsewhere ? refer(client, options, given) : send(session, options, given, progress))
    .then((job) => finish(session, client, job, progress))
    .finally(() => progress.finish());
  present(session.output, result, () => draw(session, result));
  return decisionExit(result.decision);
}

/** Sends what lies at a path, and waits until it is admitted. */
export async function admitDataset(
  session: Session,
  options: Options,
  path: string,
  progress: Progress,
): Promise<DatasetAdmitResult> {
  return finish(session, clientOf(session), await send(session, options, path, progress), progress);
}

const declared = ({ licence, origin, mlflowDigest }: Options) => ({
  ...(licence === undefined ? {} : { licence }),
  ...(origin === undefined ? {} : { origin }),
  ...(mlflowDigest === undefined ? {} : { mlflowDigests: mlflowDigest }),
});

function refer(client: Client, options: Options, location: string): Promise<Job> {
  const name = options.name ?? nameIn(location);
  const keep = options.keep === true ? { keep: true } : {};
  return client.datasets.refer({ name, location, ...declared(options), ...keep });
}

async function send(session: Session, options: Options, given: string, progress: Progress): Promise<Job> {
  const path = resolve(session.io.cwd, given);
  const { signal } = session.io;
  // Names and refusals (links, devices) are settled here, before anything is sent.
  const { manifest } = await buildManifest(path, {
    signal,
    onProgress: ({ bytesDone, bytes }) => progress.update("hashing", bytesDone, bytes),
  });
  const total = manifest.files.reduce((sum, { size }) => sum + size, 0);
  const isDirectory = (await lstat(path)).isDirectory();
  const files = await Promise.all(
    manifest.files.map(
      async ({ name }): Promise<UploadFile> => ({
        path: name,
        data: await openAsBlob(isDirectory ? join(path, ...name.split("/")) : path),
      }),
    ),
  );
  const counting = countingFetch((sent) => progress.update("sending", Math.min(sent, total), total));
  const { token } = session.global;
  const baseUrl = serverAddress(session) ?? "";
  const client = createClient({ baseUrl, fetch: counting, ...(token === undefined ? {} : { token }) });
  const keep = options.keep === undefined ? {} : { keep: options.keep };
  const name = options.name ?? nameIn(path);
  return client.datasets.admit({ name, files, ...declared(options), ...keep }, { signal });
}

async function finish(
  { io }: Session,
  client: Client,
  job: Job,
  progress: Progress,
): Promise<DatasetAdmitResult> {
  try {
    const done = await client.jobs.wait(job.id, {
      signal: io.signal,
      onProgress: ({ progress: at }) =>
        progress.update(
          `server: ${at.step || "waiting"}`,
          at.done,
          at.total,
          at.step === "hash" ? "bytes" : "files",
        ),
    });
    return done.result as DatasetAdmitResult;
  } catch (cause) {
    // Ctrl-C here means that the server need not go on either.
    if (io.signal.aborted) await client.jobs.cancel(job.id).catch(() => {});
    throw cause;
  }
}

function nameIn(location: string): string {
  const name = basename(location).replace(/(\.(csv|tsv|jsonl?|ndjson|parquet))?(\.(gz|zst))?$/i, "");
  if (name !== "") return name;
  throw new CountersignError("usage", "say what the dataset is called", {
    detail: { remedy: "--name NAME" },
  });
}

const PLACES = {
  kept: "a copy is kept on the server",
  dropped: "no copy is kept",
  path: "read where it is",
  s3: "read where it is",
} as const;

function draw(session: Session, result: DatasetAdmitResult): void {
  const { output } = session;
  drawProfile(session, result.profile);
  const size = safe`${counted(result.files, "file")}, ${formatBytes(result.bytes)}`;
  output.line(safe`\n${bold(result.name)}  ${size}, ${PLACES[result.place.kind]}`);
  drawDecision(session, result.decision);
}
