import { readFile, stat } from "node:fs/promises";
import { CountersignError } from "@countersign/evidence";
import { type KnownBad, parseKnownBad } from "@countersign/scanner";

/** The data directory's own list of bad digests, read again when it changes; undefined where there is none. */
export function knownBadList(path: string): () => Promise<KnownBad | undefined> {
  let held: { changed: number; list: KnownBad } | undefined;
  return async () => {
    const changed = await changedAt(path);
    if (changed === undefined) return undefined;
    if (held?.changed !== changed) held = { changed, list: await read(path) };
    return held.list;
  };
}

async function changedAt(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unreadable(error);
  }
}

/** A list that cannot be read must not pass for an empty one. */
async function read(path: string): Promise<KnownBad> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw unreadable(error);
  });
  const parsed = parseKnownBad(bytes);
  if (parsed.ok) return parsed.list;
  throw unreadable(undefined, parsed.reason);
}

function unreadable(cause: unknown, reason = "it cannot be opened"): CountersignError {
  return new CountersignError("file-unreadable", `The list of known bad digests cannot be read: ${reason}.`, {
    cause,
  });
}
