import type { AssetDetail, AssetQuery, AssetSummary } from "@countersign/api";
import { CountersignError } from "@countersign/evidence";
import { type Document, printDocument, schemaFiles } from "@countersign/inventory";
import { kindOf } from "../kinds.js";
import { type Inventory, requireInventory } from "../place/inventory.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { drawAsset, drawAssets, drawConcentration } from "../views/asset.js";

export interface GetOptions {
  query?: string;
  tag?: string[];
  owner?: string;
  undeclared?: boolean;
  limit: number;
}

const PAGE = 200;

/** Lists or searches, or shows one asset, or one of the two things that are no assets: concentration and a schema. */
export async function get(
  session: Session,
  options: GetOptions,
  kind?: string,
  name?: string,
): Promise<number> {
  // As one types it to kubectl: model/credit-risk. No kind has a slash in it.
  const slash = name === undefined ? (kind?.indexOf("/") ?? -1) : -1;
  if (kind !== undefined && slash > 0)
    return get(session, options, kind.slice(0, slash), kind.slice(slash + 1));
  if (kind === "schema") return getSchema(session, name);
  if (kind === "concentration") return getConcentration(session);
  const inventory = requireInventory(session);
  return kind !== undefined && name !== undefined
    ? getOne(session, inventory, kind, name)
    : getMany(session, inventory, options, kind);
}

async function getOne(session: Session, inventory: Inventory, kind: string, name: string): Promise<number> {
  const { output, io } = session;
  const detail = await inventory.client.assets.get(kindOf(kind), name, { signal: io.signal });
  if (output.format === "yaml") output.raw(yamlOf(detail));
  else present(output, detail, () => drawAsset(session, detail));
  return 0;
}

function yamlOf({ kind, name, document }: AssetDetail): string {
  if (document !== null) return printDocument(document as unknown as Document);
  throw new CountersignError("not-found", `${kind} ${name} has versions, but no document says what it is`, {
    detail: {
      remedy: `countersign apply -f FILE   (countersign get schema ${kind.toLowerCase()} shows the form)`,
    },
  });
}

async function getMany(
  session: Session,
  inventory: Inventory,
  options: GetOptions,
  kind?: string,
): Promise<number> {
  const { output } = session;
  const query = queryOf(options, kind);
  if (output.format === "yaml") {
    await printMany(session, inventory, query, options.limit);
    return 0;
  }
  const { items, more } = await list(session, inventory, query, options.limit);
  present(output, items, () => drawAssets(session, items, more));
  return 0;
}

function queryOf({ query, tag, owner, undeclared }: GetOptions, kind: string | undefined): AssetQuery {
  return {
    ...(kind === undefined ? {} : { kind: kindOf(kind) }),
    ...(query === undefined ? {} : { query }),
    ...(tag === undefined ? {} : { tag: tag.join(",") }),
    ...(owner === undefined ? {} : { owner }),
    ...(undeclared === true ? { declared: false } : {}),
  };
}

async function list(
  { io }: Session,
  { client }: Inventory,
  query: AssetQuery,
  limit: number,
): Promise<{ items: AssetSummary[]; more: boolean }> {
  const items: AssetSummary[] = [];
  let cursor: string | null = null;
  do {
    const at = { limit: Math.min(PAGE, limit - items.length), ...(cursor === null ? {} : { cursor }) };
    const page = await client.assets.list({ ...query, ...at }, { signal: io.signal });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && items.length < limit);
  return { items, more: cursor !== null };
}

async function printMany(
  session: Session,
  inventory: Inventory,
  query: AssetQuery,
  limit: number,
): Promise<void> {
  const { items } = await list(session, inventory, { ...query, declared: true }, limit);
  for (const [at, { kind, name }] of items.entries()) {
    const document = await inventory.get(kind, name);
    if (document !== undefined) session.output.raw(`${at === 0 ? "" : "---\n"}${printDocument(document)}`);
  }
}

async function getConcentration(session: Session): Promise<number> {
  const { client } = requireInventory(session);
  const found = await client.concentration({ signal: session.io.signal });
  present(session.output, found, () => drawConcentration(session, found));
  return 0;
}

async function getSchema(session: Session, name: string | undefined): Promise<number> {
  const file = name === undefined ? "asset.json" : `${kindOf(name).toLowerCase()}.json`;
  session.output.document(schemaFiles().get(file));
  return 0;
}
