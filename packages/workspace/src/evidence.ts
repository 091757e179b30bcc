import type { Digest, Manifest } from "@countersign/evidence";
import type { Entry } from "@countersign/facts";
import type { Gatekeeper } from "./gatekeeper.js";
import { findDecision } from "./promote.js";
import type { Record } from "./record.js";

/** One log entry with all that it takes to check it: leaf, inclusion proof, object. */
export interface EvidenceEntry {
  index: number;
  leaf: string;
  proof: string[];
  /** null where the object was erased. */
  envelope: string | null;
}

/** A decision and everything it rests on, to be checked by an outsider with pinned keys and no software of ours. */
export interface EvidenceFile {
  format: "countersign-evidence/v1";
  /** Positions in `entries`. */
  decision: number;
  trustRoot: number;
  checkpoint: string;
  entries: EvidenceEntry[];
  manifest: Manifest | null;
}

export async function evidenceFile(
  parts: { record: Record; gatekeeper: Gatekeeper },
  id: Digest,
): Promise<EvidenceFile> {
  const { record, gatekeeper } = parts;
  const { decision, entry } = await findDecision(parts, id);
  const before = (await record.chain(decision.artifact)).filter(({ index }) => index < entry.index);
  const about = (await Promise.all(before.map(({ envelope }) => record.chain(envelope)))).flat();
  const roots = await Promise.all(
    record.fold.trustRoots(record.workspace).map(({ index }) => record.entry(index)),
  );
  const wanted = new Map([...roots, ...before, ...about, entry].map((item) => [item.index, item]));
  const entries = [...wanted.values()].sort((a, b) => a.index - b.index);
  const checkpoint = new TextDecoder().decode(await record.log.checkpoint());
  const size = Number(checkpoint.split("\n")[1]);
  const position = (digest: Digest): number => entries.findIndex(({ envelope }) => envelope === digest);
  return {
    format: "countersign-evidence/v1",
    decision: position(id),
    trustRoot: position(decision.trustRoot),
    checkpoint,
    entries: await Promise.all(entries.map((item) => evidenceEntry(record, item, size))),
    manifest: (await gatekeeper.hold(decision.artifact)).manifest ?? null,
  };
}

export async function evidenceEntry(
  record: Record,
  { index, raw, envelope }: Entry,
  size: number,
): Promise<EvidenceEntry> {
  const proof = await record.log.inclusionProof(index, size);
  const bytes = await record.objects.get(envelope);
  return {
    index,
    leaf: Buffer.from(raw).toString("base64"),
    proof: proof.map((hash) => Buffer.from(hash).toString("base64")),
    envelope: bytes === undefined ? null : Buffer.from(bytes).toString("base64"),
  };
}
