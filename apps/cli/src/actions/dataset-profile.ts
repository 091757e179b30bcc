import { lstat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { profileFiles } from "@countersign/datasets";
import { buildManifest } from "@countersign/evidence";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { createProgress } from "../terminal/progress.js";
import { drawProfile } from "../views/dataset.js";

/** Reads files here: nothing is sent anywhere. Exits 1 when some of it could not be read. */
export async function datasetProfile(
  session: Session,
  options: { personal?: boolean },
  given: string,
): Promise<number> {
  const path = resolve(session.io.cwd, given);
  const { signal } = session.io;
  const progress = createProgress(session.io, session.output.live);
  const { manifest } = await buildManifest(path, {
    signal,
    onProgress: ({ bytesDone, bytes }) => progress.update("hashing", bytesDone, bytes),
  }).finally(() => progress.finish());
  const isDirectory = (await lstat(path)).isDirectory();
  const files = manifest.files.map(({ name }) => ({
    name,
    path: isDirectory ? join(path, ...name.split("/")) : path,
  }));
  const profile = await profileFiles(files, { privacy: { personal: options.personal === true }, signal });
  present(session.output, profile, () => drawProfile(session, profile));
  const broken = profile.problems.length > 0 || profile.tables.some(({ problems }) => problems.length > 0);
  return broken ? 1 : 0;
}
