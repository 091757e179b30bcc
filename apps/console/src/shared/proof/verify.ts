import type { Client, LogEntryDetail } from "@countersign/api";
import type { TrustRootDocument } from "../api/get-trust-root.js";
import { extendsSeen, openCheckpoint } from "./checkpoint.js";
import { digestOf, fromBase64, toHex } from "./encoding.js";
import { envelopeIn, keyIdOf, verifyEnvelope } from "./envelope.js";
import { type Climb, climb } from "./inclusion.js";
import { readSeen } from "./memory.js";

export interface Step {
  tone: "ok" | "bad" | "wait";
  title: string;
  detail: string;
}

export interface Verification {
  ok: boolean;
  steps: Step[];
  climb: Climb | undefined;
}

type Leaf = LogEntryDetail["leaf"];

const short = (text: string): string => text.slice(0, 16);
const hex = (base64: string): string => short(toHex(fromBase64(base64)));

/** Everything is recomputed from what is on the screen; the server only supplies hashes to climb along. */
export const verifyEntry = async (
  client: Client,
  entry: LogEntryDetail,
  shown: Leaf,
  vkey: string,
  trust: TrustRootDocument | undefined,
): Promise<Verification> => {
  const opened = await openCheckpoint(entry.checkpoint, vkey, Date.now());
  if (!opened.ok) {
    const detail = `The tree head is not signed by the key that you pinned: ${opened.reason}.`;
    return {
      ok: false,
      steps: [{ tone: "bad", title: "Signature of the tree head", detail }],
      climb: undefined,
    };
  }
  const { checkpoint } = opened;
  const way = await climb(shown, entry.index, checkpoint.size, entry.inclusion.hashes, checkpoint.root);
  const steps: Step[] = [
    { tone: "ok", title: "Leaf rebuilt from what is shown", detail: `It hashes to ${hex(way.leafHash)}…` },
    inclusion(way, checkpoint.size, checkpoint.root),
    {
      tone: "ok",
      title: "Tree head signed by your pinned key",
      detail: `${checkpoint.origin}, ${checkpoint.size} entries`,
    },
    await history(client, checkpoint),
    ...(await evidence(entry, shown, trust)),
  ];
  return { ok: steps.every(({ tone }) => tone !== "bad"), steps, climb: way };
};

const inclusion = (way: Climb, size: number, root: string): Step =>
  way.proven
    ? {
        tone: "ok",
        title: "The leaf is in the log",
        detail: `${way.levels.length} hashes lead from it to the root of all ${size} entries, ${hex(root)}…`,
      }
    : {
        tone: "bad",
        title: "The leaf is not in the log",
        detail: `The climb ends at ${hex(way.root)}…, the signed root is ${hex(root)}…: what is shown is not what was recorded.`,
      };

const history = async (
  client: Client,
  checkpoint: { origin: string; size: number; root: string; at: number },
): Promise<Step> => {
  const seen = readSeen();
  const title = "Nothing was rewritten since your last visit";
  if (seen === undefined)
    return { tone: "wait", title, detail: "This browser has not seen this log before." };
  // A proof may be against an older tree than the newest that this browser saw.
  const [older, newer] =
    seen.size <= checkpoint.size ? [seen, checkpoint] : [checkpoint, { ...seen, origin: checkpoint.origin }];
  const answer = await extendsSeen(older, newer, (from, to) => client.log.consistency(from, to));
  return answer.ok
    ? {
        tone: "ok",
        title,
        detail: `The log of ${newer.size} entries begins with the ${older.size} seen before.`,
      }
    : { tone: "bad", title: "The log was rewritten since your last visit", detail: answer.reason };
};

const evidence = async (
  entry: LogEntryDetail,
  shown: Leaf,
  trust: TrustRootDocument | undefined,
): Promise<Step[]> => {
  if (entry.envelopeRaw === null) {
    return [
      {
        tone: "wait",
        title: "Evidence",
        detail: "It was erased; the entry still counts as it did, for or against.",
      },
    ];
  }
  const named = await digestOf(fromBase64(entry.envelopeRaw));
  const matches: Step =
    named === shown.envelope
      ? {
          tone: "ok",
          title: "The evidence is the one that the leaf names",
          detail: `Its SHA-256 is ${short(named.slice(7))}…`,
        }
      : {
          tone: "bad",
          title: "The evidence is not the one that the leaf names",
          detail: `It hashes to ${short(named.slice(7))}…`,
        };
  return [matches, await signature(entry, shown, trust)];
};

const signature = async (
  entry: LogEntryDetail,
  shown: Leaf,
  trust: TrustRootDocument | undefined,
): Promise<Step> => {
  const title = "Signature on the evidence";
  const key = trust?.keys.find(({ keyId }) => keyId === shown.signer);
  const envelope = envelopeIn(entry.envelope);
  if (key === undefined || envelope === undefined) {
    return {
      tone: "wait",
      title,
      detail: "The trust root in force does not list the signer's key, so this browser cannot check it.",
    };
  }
  // The key must be the one that its id names: otherwise a server could list its own under another's id.
  if ((await keyIdOf(key.pem)) !== shown.signer) {
    return {
      tone: "bad",
      title,
      detail: "The key that the server lists is not the one that the leaf names.",
    };
  }
  const verified = await verifyEnvelope(envelope, key.pem);
  if (verified === undefined)
    return { tone: "wait", title, detail: "This browser cannot check this kind of key." };
  return verified
    ? {
        tone: "ok",
        title: `Evidence signed by ${key.principal}`,
        detail: "With the key that the trust root lists.",
      }
    : { tone: "bad", title, detail: `It does not verify with the key of ${key.principal}.` };
};
