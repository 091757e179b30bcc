import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import { buildManifest, CountersignError, isDigest } from "@countersign/evidence";
import type { Session } from "../session.js";
import { createProgress } from "../terminal/progress.js";
import type { Place } from "./place.js";

/**
 * What the user means by SUBJECT: a digest; what lies at a path, by its bytes; or else a name. A path comes before a
 * name: the bytes at hand are what is asked about, and changed bytes must not pass for the version they were made from.
 */
export async function subjectOf(session: Session, place: Place, subject: string): Promise<string> {
  const path = resolve(session.io.cwd, subject);
  if (isDigest(subject)) return subject;
  if (!existsSync(path)) {
    if (/^\.{0,2}[/\\]/.test(subject))
      throw new CountersignError("path-not-found", `there is nothing at ${subject}`);
    return subject;
  }
  const progress = createProgress(session.io, session.output.live);
  const { digest } = await buildManifest(path, {
    signal: session.io.signal,
    onProgress: ({ bytesDone, bytes }) => progress.update("hashing", bytesDone, bytes),
  }).finally(() => progress.finish());
  if (await place.knows(digest)) return digest;
  throw new CountersignError(
    "not-found",
    `the files at ${subject} are not on record as they are now (${digest})`,
    {
      detail: { remedy: `countersign admit ${shellWord(subject)} --name ${shellWord(basename(path))}` },
    },
  );
}

/** A word that a person can paste into a shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
