import type { ApplyResult } from "@countersign/api";
import { CountersignError } from "@countersign/evidence";
import type { AssetKind } from "@countersign/facts";
import { readDocuments } from "../documents.js";
import { kindOf } from "../kinds.js";
import { requireInventory } from "../place/inventory.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { drawApplied } from "../views/apply.js";

export async function remove(
  session: Session,
  options: { file?: string[] },
  kind?: string,
  name?: string,
): Promise<number> {
  const { client } = requireInventory(session);
  const results: ApplyResult[] = [];
  for (const asset of await named(session, options.file ?? [], kind, name)) {
    results.push(await client.assets.remove(asset.kind, asset.name, { signal: session.io.signal }));
  }
  present(session.output, results, () => drawApplied(session, { results, cycles: [] }, false));
  return 0;
}

async function named(
  session: Session,
  files: string[],
  kind: string | undefined,
  name: string | undefined,
): Promise<{ kind: AssetKind; name: string }[]> {
  if (kind !== undefined && name !== undefined && files.length === 0) return [{ kind: kindOf(kind), name }];
  if (kind !== undefined || files.length === 0) {
    throw new CountersignError("usage", "say which asset: its kind and its name, or files with -f", {
      detail: { remedy: "countersign delete model NAME   (countersign get lists them)" },
    });
  }
  const located = await readDocuments(session, files);
  return located.map(({ document }) => ({ kind: document.kind, name: document.metadata.name }));
}
