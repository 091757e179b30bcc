import type { Confidence, FindingKind, Sighting } from "../finding.js";
import { maskLine } from "../snippet.js";
import type { CallSite } from "./calls.js";
import type { Source } from "./source.js";
import type { Place } from "./value.js";

export interface Seen {
  kind: FindingKind;
  name: string;
  provider: string;
  confidence: Confidence;
  detector: string;
}

/** A sighting at a call. The name may stand elsewhere: then both lines are kept. */
export function sight(site: CallSite, seen: Seen, at?: Place): Sighting[] {
  const { source, open } = site;
  const line = source.tokens[open]?.line ?? 1;
  const here = sightAt(source, line, seen);
  const elsewhere = at !== undefined && (at.path !== source.path || Math.abs(at.line - line) > 0);
  return elsewhere && at.path === source.path ? [here, sightAt(source, at.line, seen)] : [here];
}

function sightAt(source: Source, line: number, seen: Seen): Sighting {
  const { name } = seen;
  return { ...seen, file: source.path, line, snippet: maskLine(source.lines[line - 1] ?? "", name) };
}
