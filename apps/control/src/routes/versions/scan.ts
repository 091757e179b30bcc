import type { VersionSummary, Workspace } from "@countersign/workspace";

interface Search {
  limit: number;
  /** Log index below which to look. */
  before?: number | undefined;
  /** Part of a name or digest, in any case; "" fits all. */
  query: string;
}

const STEP = 200;

/** Versions, newest first, that fit the query; `next` is where the following page begins. */
export async function scanVersions(
  workspace: Pick<Workspace, "versions" | "size">,
  { limit, before = Number.MAX_SAFE_INTEGER, query }: Search,
): Promise<{ items: VersionSummary[]; next: number | undefined }> {
  const wanted = query.toLowerCase();
  const items: VersionSummary[] = [];
  let position = before;
  for (let step = STEP; ; ) {
    // A version that was admitted again stands at its newest entry: below the position it was listed already.
    const found = (await workspace.versions(step, position)).filter(({ index }) => index < position);
    for (const version of found.sort((a, b) => b.index - a.index)) {
      if (!fits(version, wanted)) continue;
      if (items.length === limit) return { items, next: items.at(-1)?.index };
      items.push(version);
    }
    const last = found.at(-1)?.index;
    if (last !== undefined) position = last;
    else if (step > workspace.size) return { items, next: undefined };
    else step *= 4;
  }
}

function fits({ name, artifact }: VersionSummary, wanted: string): boolean {
  return name.toLowerCase().includes(wanted) || artifact.includes(wanted);
}
