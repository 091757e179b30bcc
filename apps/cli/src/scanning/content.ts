import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { CountersignError } from "@countersign/evidence/errors";
import {
  describeModel,
  type KnownBad,
  type Limits,
  markKnownBad,
  parseKnownBad,
  type ScanReport,
  type Use,
} from "@countersign/scanner";
import type { Session } from "../session.js";

/** What a scan looks for besides code that runs. */
export interface ContentChoices {
  /** A file of digests. */
  knownBad?: string;
  use?: Use;
  weights?: "sample" | "full" | "off";
}

export interface Content {
  limits: Partial<Limits>;
  knownBad?: KnownBad;
  use?: Use;
}

export async function readContent(session: Session, choices: ContentChoices): Promise<Content> {
  const { knownBad, use, weights } = choices;
  return {
    limits: weights === undefined || weights === "sample" ? {} : { weightBytes: WEIGHTS[weights] },
    ...(use === undefined ? {} : { use }),
    ...(knownBad === undefined ? {} : { knownBad: await readList(session, knownBad) }),
  };
}

const WEIGHTS = { full: Number.MAX_SAFE_INTEGER, off: 0 };

/** Over a network, what is not needed to judge the file is not fetched. */
export const REMOTE_LIMITS: Partial<Limits> = { weightBytes: 0, searchBytes: 256 * 1024 };

async function readList({ io }: Session, path: string): Promise<KnownBad> {
  const bytes = await readFile(resolve(io.cwd, path)).catch((cause: Error) => {
    throw new CountersignError("file-unreadable", `The list cannot be read: ${cause.message}.`, { cause });
  });
  const parsed = parseKnownBad(bytes);
  if (parsed.ok) return parsed.list;
  throw new CountersignError("usage", `The list ${path} is malformed: ${parsed.reason}.`);
}

/** What a scan of local files does by itself, for a report that was made from files elsewhere. */
export function withContent(report: ScanReport, { knownBad, use }: Content): ScanReport {
  const described = describeModel(report, { use });
  return knownBad === undefined ? described : markKnownBad(described, knownBad);
}
