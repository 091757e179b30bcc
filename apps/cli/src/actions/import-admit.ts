import { copyFile, link, mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { DecisionRecord } from "@countersign/api";
import { buildManifest, CountersignError, type Digest } from "@countersign/evidence";
import type { Artifact } from "@countersign/importers";
import { atPlace } from "../place/open.js";
import type { Place } from "../place/place.js";
import { clientOf } from "../place/server.js";
import type { Session } from "../session.js";
import type { Progress } from "../terminal/progress.js";
import { admitDataset } from "./dataset-admit.js";

export interface Admission {
  kind: string;
  name: string;
  artifact?: string;
  outcome: DecisionRecord["outcome"] | "failed";
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
    const known = await knownAs(session, place, artifact, staged.path);
    if (known !== undefined) return { kind, name, artifact: known, outcome: "allow", reason: "known" };
    const declared = {
      ...(licence === undefined ? {} : { licence }),
      ...(origin === undefined ? {} : { origin }),
    };
    const { artifact: digest, decision } =
      kind === "Dataset"
        ? await admitDataset(session, { name, ...declared }, staged.path, progress)
        : await place.admit({
            path: staged.path,
            name,
            ...declared,
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

/** The digest of bytes that were admitted under this name and may still enter: admitting them again would say nothing new. */
async function knownAs(
  session: Session,
  place: Place,
  { kind, name }: Artifact,
  path: string,
): Promise<Digest | undefined> {
  const { digest } = await buildManifest(path, { signal: session.io.signal });
  if (!(await place.knows(digest))) return undefined;
  const { newest } = await clientOf(session).assets.get(kind, name);
  if (!newest.some(({ artifact }) => artifact === digest)) return undefined;
  const { outcome } = await place.gate({ gate: "ingest", subject: digest, environment: "dev" });
  return outcome === "allow" ? digest : undefined;
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
