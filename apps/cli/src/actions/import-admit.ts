import { copyFile, link, mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { DecisionRecord } from "@countersign/api";
import { CountersignError } from "@countersign/evidence";
import type { Artifact } from "@countersign/importers";
import { atPlace } from "../place/open.js";
import type { Place } from "../place/place.js";
import type { Session } from "../session.js";
import type { Progress } from "../terminal/progress.js";

export interface Admission {
  kind: string;
  name: string;
  artifact?: string;
  outcome: DecisionRecord["outcome"] | "failed" | "skipped";
  reason?: string;
}

interface AdmitOptions {
  key?: string;
  passphraseFile?: string;
}

/** Admits what an import found whole on this machine, one after the other; one that fails does not stop the rest. */
export async function admitArtifacts(
  session: Session,
  options: AdmitOptions,
  artifacts: readonly Artifact[],
  progress: Progress,
): Promise<Admission[]> {
  return atPlace(session, false, async (place) => {
    const author =
      options.key === undefined
        ? undefined
        : await place.signer(options.key, "author", options.passphraseFile);
    const admissions: Admission[] = [];
    for (const artifact of artifacts) {
      if (artifact.kind !== "Model") {
        const reason = "datasets are ingested by: countersign dataset";
        admissions.push({ kind: artifact.kind, name: artifact.name, outcome: "skipped", reason });
        continue;
      }
      admissions.push(await admitOne(session, place, author, artifact, progress));
    }
    return admissions;
  });
}

async function admitOne(
  session: Session,
  place: Place,
  author: Awaited<ReturnType<Place["signer"]>> | undefined,
  artifact: Artifact,
  progress: Progress,
): Promise<Admission> {
  const { kind, name, licence, origin } = artifact;
  const staged = await stage(artifact);
  try {
    const { artifact: digest, decision } = await place.admit({
      path: staged.path,
      name,
      ...(licence === undefined ? {} : { licence }),
      ...(origin === undefined ? {} : { origin }),
      ...(author === undefined ? {} : { author }),
      progress,
      signal: session.io.signal,
    });
    return { kind, name, artifact: digest, outcome: decision.outcome };
  } catch (cause) {
    if (session.io.signal.aborted) throw cause;
    const code = (cause as { code?: unknown }).code;
    // Without the server or a token nothing else would go better.
    if (code === "server-unreachable" || code === "unauthorised" || code === "forbidden") throw cause;
    return { kind, name, outcome: "failed", reason: cause instanceof Error ? cause.message : String(cause) };
  } finally {
    await staged.dispose();
  }
}

/**
 * The files without links: the hub's cache is made of links, and a manifest takes none. They are linked hard where
 * the disk allows, so that nothing is copied.
 */
async function stage({ path, linked }: Artifact): Promise<{ path: string; dispose(): Promise<void> }> {
  if (linked === undefined) return { path, dispose: async () => {} };
  const directory = await mkdtemp(join(tmpdir(), "countersign-import-"));
  const dispose = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    for (const { name, target } of linked) {
      const to = join(directory, name);
      await mkdir(dirname(to), { recursive: true });
      const from = await realpath(target);
      await link(from, to).catch(() => copyFile(from, to));
    }
  } catch (cause) {
    await dispose();
    throw new CountersignError("file-unreadable", `the files of ${path} cannot be brought together`, {
      cause,
    });
  }
  return { path: directory, dispose };
}
