import type { AssetLicence, Concentration, SupplierConcentration } from "@countersign/api";
import {
  concentration,
  type Document,
  dayOf,
  holdsOn,
  isKind,
  type SupplierShare,
  sanctionOn,
} from "@countersign/inventory";
import type pg from "pg";
import { above } from "./graph.js";
import type { AssetName } from "./refresh.js";

type Facts = Pick<SupplierConcentration, "declared" | "country" | "sanctions">;

const NO_CHECK = { status: "unknown", list: "", from: "", until: "" } as const;

/** What the inventory says of vendors on the day of `now`. */
export async function vendorFacts(
  pool: pg.Pool,
  workspace: string,
  names: readonly string[],
  now: number,
): Promise<(name: string) => Facts> {
  const { rows } = await pool.query<{ name: string; document: Document | null }>(
    "select name, document from assets where workspace = $1 and kind = 'Vendor' and name = any($2)",
    [workspace, names],
  );
  const documents = new Map(rows.map(({ name, document }) => [name, document]));
  return (name) => factsOf(documents.get(name) ?? null, dayOf(now));
}

function factsOf(document: Document | null, day: string): Facts {
  if (document === null || !isKind(document, "Vendor"))
    return { declared: false, country: "", sanctions: NO_CHECK };
  const { spec } = document;
  const found = sanctionOn(spec, day);
  const { status, list, from, until = "" } = found ?? { ...NO_CHECK };
  return { declared: true, country: spec.country ?? "", sanctions: { status, list, from, until } };
}

/** The licences by which vendors' documents cover an asset, and whether each holds on the day of `now`. */
export async function licencesOf(
  pool: pg.Pool,
  workspace: string,
  asset: AssetName,
  now: number,
): Promise<AssetLicence[]> {
  const { rows } = await pool.query<{ name: string; document: Document | null }>(
    `select a.name, a.document from asset_references r join assets a using (workspace, kind, name)
     where r.workspace = $1 and r.to_kind = $2 and r.to_name = $3 and r.kind = 'Vendor' and r.relation = 'covers'
     order by a.name limit 200`,
    [workspace, asset.kind, asset.name],
  );
  return rows.flatMap(({ name, document }) => {
    if (document === null || !isKind(document, "Vendor")) return [];
    const covering = (document.spec.licences ?? []).filter(({ covers = [] }) =>
      covers.includes(`${asset.kind}:${asset.name}`),
    );
    return covering.map((licence) => ({
      vendor: name,
      id: licence.id,
      uses: licence.uses,
      forbids: licence.forbids ?? [],
      regions: licence.regions ?? [],
      customers: licence.customers ?? [],
      from: licence.from ?? "",
      until: licence.until ?? "",
      inForce: holdsOn(licence, dayOf(now)),
    }));
  });
}

const SUPPLIERS = 200;
const EXAMPLES = 20;

/** How much rests on each supplier, single-sourced most first. */
export async function concentrationOf(pool: pg.Pool, workspace: string, now: number): Promise<Concentration> {
  const vendors = await pool.query<{ name: string }>(
    `select name from assets where workspace = $1 and kind = 'Vendor'
     union select to_name from asset_references where workspace = $1 and to_kind = 'Vendor'`,
    [workspace],
  );
  const start = vendors.rows.map(({ name }) => ({ kind: "Vendor" as const, name }));
  const shares = concentration([
    ...start.map((vendor) => ({ ...vendor, references: [] })),
    ...(await above(pool, workspace, start)),
  ]);
  const { rows } = await pool.query<{ assets: number }>(
    "select count(*)::integer as assets from assets where workspace = $1 and kind <> 'Vendor'",
    [workspace],
  );
  const assets = rows[0]?.assets ?? 0;
  const supplied = new Set(shares.flatMap(({ dependants }) => dependants));
  const first = [...shares].sort(gravest).slice(0, SUPPLIERS);
  const facts = await vendorFacts(
    pool,
    workspace,
    first.map(({ name }) => name),
    now,
  );
  return {
    at: now,
    assets,
    unsupplied: Math.max(0, assets - supplied.size),
    suppliers: first.map((share) => ({ ...view(share, assets), ...facts(share.name) })),
  };
}

function gravest(a: SupplierShare, b: SupplierShare): number {
  return (
    b.single.length - a.single.length ||
    b.dependants.length - a.dependants.length ||
    (a.name < b.name ? -1 : 1)
  );
}

function view(share: SupplierShare, assets: number): Omit<SupplierConcentration, keyof Facts> {
  const { name, direct, dependants, single } = share;
  const kinds: Record<string, number> = {};
  for (const key of dependants) {
    const kind = key.slice(0, key.indexOf(":"));
    kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
  const rank = (key: string): number => (key.startsWith("System:") ? 0 : 1);
  const examples = [...single].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)).slice(0, EXAMPLES);
  return {
    name,
    direct,
    dependants: dependants.length,
    single: single.length,
    share: assets === 0 ? 0 : Math.min(1, dependants.length / assets),
    kinds,
    examples,
  };
}
