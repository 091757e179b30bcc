import { randomUUID } from "node:crypto";
import type { Digest, Statement } from "@countersign/evidence";
import { CountersignError, makeStatement } from "@countersign/evidence";
import type { AssetKind, AssetPredicate, DeclarationPredicate, Entry } from "@countersign/facts";
import { assetKey, assetName, judgeEntry, PREDICATE_TYPES } from "@countersign/facts";
import { type Document, type TagStatements, tagStatements } from "@countersign/inventory";
import type { Gatekeeper } from "./gatekeeper.js";
import type { Record } from "./record.js";

interface Parts {
  record: Record;
  gatekeeper: Gatekeeper;
}

/** What the log says of an asset now. */
export interface AssetState {
  /** null: it was taken out of the inventory. */
  document: Document | null;
  index: number;
  at: number;
  envelope: Digest;
  principal: string;
}

/** The newest document of an asset that holds, read from the asset's own chain. */
export async function assetState(
  { record, gatekeeper }: Parts,
  kind: AssetKind,
  name: string,
): Promise<AssetState | undefined> {
  await record.settled();
  const key = assetKey(record.workspace, assetName(kind, name));
  const context = await gatekeeper.context();
  const chain = await record.chain(key);
  for (const entry of chain.filter(({ predicate }) => predicate === "asset").reverse()) {
    const { status, statement } = await judgeEntry(entry, context);
    // Falling back to an older document would let whoever deletes an object choose what is declared.
    if (status === "missing") throw lost(kind, name, entry);
    if (status === "held" && statement !== undefined) return stateOf(entry, statement, kind, name);
  }
  return undefined;
}

function stateOf(entry: Entry, statement: Statement, kind: AssetKind, name: string): AssetState | undefined {
  const said = statement.predicate as AssetPredicate;
  // The chain is that of a hash, which also whoever stated something else under it could have named.
  if (said.kind !== kind || said.name !== name) return undefined;
  return {
    // It was checked before it was logged; a schema that has grown since must not make it unreadable.
    document: said.document as Document | null,
    index: entry.index,
    at: entry.at,
    envelope: entry.envelope,
    principal: said.principal,
  };
}

const lost = (kind: AssetKind, name: string, { index }: Entry): CountersignError =>
  new CountersignError(
    "object-missing",
    `The newest document of ${kind} ${name} (entry ${index}) is missing. Run \`countersign log audit\`.`,
  );

/** The statement by which a document comes into force, or by which it goes. */
export function assetStatement(
  workspace: string,
  { kind, name }: { kind: AssetKind; name: string },
  document: Document | null,
  principal: string,
): Statement<AssetPredicate> {
  const called = assetName(kind, name);
  const subject = { name: called, digest: { sha256: assetKey(workspace, called).slice(7) } };
  const predicate = { kind, name, document, principal, nonce: randomUUID() };
  return makeStatement([subject], PREDICATE_TYPES.asset, predicate);
}

/** Every artifact that was admitted under an asset's name, oldest first. */
export async function artifactsNamed({ record }: Parts, kind: AssetKind, name: string): Promise<Digest[]> {
  const chain = await record.chain(assetKey(record.workspace, assetName(kind, name)));
  const manifests = chain.filter(({ predicate }) => predicate === "manifest");
  return [...new Set(manifests.map(({ subjects }) => subjects[0] as Digest))];
}

const NOTHING: TagStatements = { tags: {} };

/**
 * What has to be declared of an artifact so that its own chain says what its asset's document says. Undefined where it does
 * already. What only the document before said is taken back; what somebody else declared beside it stays.
 */
export async function declarationFor(
  { gatekeeper }: Parts,
  artifact: Digest,
  asset: { kind: AssetKind; name: string },
  wanted: Document,
  before?: Document | null,
): Promise<Statement<DeclarationPredicate> | undefined> {
  const held = await gatekeeper.hold(artifact);
  const now = tagStatements(wanted);
  const then = before ? tagStatements(before) : NOTHING;
  const predicate: DeclarationPredicate = { nonce: randomUUID() };
  const licence = now.licence ?? (then.licence === undefined ? undefined : "");
  const origin = now.origin ?? (then.origin === undefined ? undefined : "");
  const cleared = Object.keys(then.tags).map((name): [string, string] => [name, ""]);
  const tags = Object.entries({ ...Object.fromEntries(cleared), ...now.tags });
  const changed = tags.filter(([name, value]) => (held.tags[name] ?? "") !== value);
  if (licence !== undefined && licence !== held.licence) predicate.licence = licence;
  if (origin !== undefined && origin !== held.origin) predicate.origin = origin;
  if (changed.length > 0) predicate.tags = Object.fromEntries(changed);
  if (Object.keys(predicate).length === 1) return undefined;
  const subject = { name: assetName(asset.kind, asset.name), digest: { sha256: artifact.slice(7) } };
  return makeStatement([subject], PREDICATE_TYPES.declaration, predicate);
}
