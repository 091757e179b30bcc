import { mkdir, open, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type PinnedObject, type Place, parseLocation, type S3 } from "@countersign/datasets";
import { CountersignError, isRelativeName } from "@countersign/evidence";
import type { JobContext } from "../jobs/worker.js";
import { onlyFile } from "./admit.js";
import type { DatasetParts } from "./parts.js";

interface Fetched {
  path: string;
  place: Place;
  own: boolean;
}

/** Where a reference can be read: a path of this machine as it is, objects as copies that last as long as the job. */
export async function fetchReference(
  parts: DatasetParts,
  location: string,
  staged: string,
  context: JobContext,
): Promise<Fetched> {
  const source = parseLocation(location);
  if (source.kind === "path") {
    const path = await parts.roots.inside(source.path);
    if (path !== undefined) return { path, place: { kind: "path", path }, own: false };
  }
  if (source.kind !== "s3" || parts.storage === undefined) throw noReference(location);
  const { bucket, key } = source;
  const objects = await parts.storage.list(bucket, key, context.signal);
  if (objects.length === 0)
    throw new CountersignError("manifest-empty", `There is no object at ${location}.`);
  const directory = join(staged, "objects");
  await rm(directory, { recursive: true, force: true });
  const pinned = await fetchAll(parts.storage, bucket, objects, directory, context);
  const path = await onlyFile(
    directory,
    pinned.map(({ name }) => name),
  );
  return { path, place: { kind: "s3", uri: `s3://${bucket}/${key}`, objects: pinned }, own: true };
}

async function fetchAll(
  storage: S3,
  bucket: string,
  objects: PinnedObject[],
  directory: string,
  { signal, progress }: JobContext,
): Promise<PinnedObject[]> {
  const pinned: PinnedObject[] = [];
  for (const [done, object] of objects.entries()) {
    progress("fetch", done, objects.length);
    const target = targetOf(directory, object);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const { bytes, versionId } = await storage.read(bucket, object, signal);
    await write(bytes, target, object);
    pinned.push(versionId === undefined ? object : { ...object, versionId });
  }
  return pinned;
}

/** Keys are others' text: only those that lead down from the directory become files. */
function targetOf(directory: string, { name, key }: PinnedObject): string {
  if (!isRelativeName(name) || name.includes("\\") || Buffer.byteLength(name) > 1_024) {
    throw new CountersignError(
      "path-outside",
      `The key ${JSON.stringify(key)} cannot be the name of a file.`,
    );
  }
  return join(directory, ...name.split("/"));
}

async function write(
  bytes: AsyncIterable<Uint8Array>,
  target: string,
  { key, size }: PinnedObject,
): Promise<void> {
  const handle = await open(target, "wx", 0o600).catch((cause: unknown) => {
    throw new CountersignError(
      "conflict",
      `The key ${JSON.stringify(key)} is a file and a directory at once.`,
      { cause },
    );
  });
  let written = 0;
  try {
    for await (const chunk of bytes) {
      written += chunk.length;
      if (written > size) break;
      await handle.write(chunk);
    }
  } finally {
    await handle.close();
  }
  if (written === size) return;
  throw new CountersignError(
    "file-changed",
    `The object ${JSON.stringify(key)} has another size than the list said.`,
  );
}

function noReference(location: string): CountersignError {
  return new CountersignError(
    "forbidden",
    `This server may not read ${JSON.stringify(location)}. Name a path below one of COUNTERSIGN_DATA_ROOTS, or s3://bucket/prefix where COUNTERSIGN_S3_ENDPOINT is set.`,
  );
}
