import type { Client } from "@countersign/api";
import {
  hashLater,
  openCheckpoint as openSigned,
  parseVkey,
  provesConsistency,
  type VerifierKey,
  webPrimitives,
} from "@countersign/log/proof";
import { assertAble } from "./able.js";
import { fromBase64, sha256, toBase64, toHex, utf8 } from "./encoding.js";

export interface Seen {
  size: number;
  /** Root hash, base64. */
  root: string;
  at: number;
}

export interface SignedCheckpoint extends Seen {
  origin: string;
}

/** Why a browser should worry; every one of these is said loudly. */
export type Alarm = "signature" | "rolled-back" | "rewritten";

export type Answer = { ok: true; checkpoint: SignedCheckpoint } | { ok: false; alarm: Alarm; reason: string };

const keyOf = async (vkey: string): Promise<VerifierKey> => {
  const parsed = await parseVkey(vkey.trim(), webPrimitives);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.key;
};

/** What people compare by eye: the first half of the SHA-256 of the key, in groups of four. */
export const fingerprint = async (vkey: string): Promise<string> => {
  const hex = toHex(await sha256((await keyOf(vkey)).publicKey));
  return (hex.slice(0, 32).match(/.{4}/g) ?? []).join(" ");
};

/** Whether the pinned key signed this note, and what the note says. */
export const openCheckpoint = async (note: string, vkey: string, now: number): Promise<Answer> => {
  await assertAble();
  const key = await keyOf(vkey);
  const opened = await openSigned(utf8(note), key.name, [key], webPrimitives);
  if (!opened.ok) return { ok: false, alarm: "signature", reason: opened.reason };
  const { origin, size, root } = opened.checkpoint;
  return { ok: true, checkpoint: { origin, size, root: toBase64(root), at: now } };
};

type Proof = (from: number, to: number) => Promise<{ hashes: string[] }>;

/** Whether the log of `now` still begins with the log of `seen`; entries may only be added. */
export const extendsSeen = async (seen: Seen, now: SignedCheckpoint, proof: Proof): Promise<Answer> => {
  const good: Answer = { ok: true, checkpoint: now };
  if (now.size < seen.size) {
    return {
      ok: false,
      alarm: "rolled-back",
      reason: `This browser saw ${seen.size} entries; the server now shows a log of ${now.size}. The newest ${seen.size - now.size} are gone.`,
    };
  }
  const rewritten: Answer = {
    ok: false,
    alarm: "rewritten",
    reason: `The log of ${now.size} entries does not begin with the ${seen.size} entries that this browser saw: an old entry was changed, removed or inserted.`,
  };
  if (now.size === seen.size) return now.root === seen.root ? good : rewritten;
  if (seen.size === 0) return good;
  const { hashes } = await proof(seen.size, now.size);
  const work = provesConsistency(
    seen.size,
    now.size,
    hashes.map(fromBase64),
    fromBase64(seen.root),
    fromBase64(now.root),
  );
  return (await hashLater(work, sha256)) ? good : rewritten;
};

/** The server's newest checkpoint, checked against the pinned key and what this browser saw last. */
export const checkLog = async (
  client: Client,
  vkey: string,
  seen: Seen | undefined,
  now: number,
): Promise<Answer> => {
  const opened = await openCheckpoint(await client.log.checkpoint(), vkey, now);
  if (!opened.ok || seen === undefined) return opened;
  return extendsSeen(seen, opened.checkpoint, (from, to) => client.log.consistency(from, to));
};
