import type { Client } from "@countersign/api";
import {
  CountersignError,
  canonicalJson,
  type Digest,
  decodeEnvelope,
  type PublicKey,
  sha256,
  signStatement,
  verifyEnvelope,
} from "@countersign/evidence";
import { Trust, type TrustRoot } from "@countersign/facts";
import { nextTrustRoot, trustRootStatement } from "@countersign/workspace";
import type { Place } from "./place.js";

const PAGE = 256;

/** The trust root of a server, which is believed as far as the root key has signed it. */
export function remoteTrust(client: Client, signal: AbortSignal): Place["trust"] {
  const get = async (): Promise<{ root: TrustRoot; digest: Digest }> => {
    const view = await client.trustRoot.get({ signal });
    return { root: view.root as TrustRoot, digest: view.digest };
  };
  return {
    get,
    change: async (change, rootSigner) => {
      const { root, digest } = await get();
      await requireSigned(client, { root, digest }, rootSigner.publicKey, signal);
      const next = nextTrustRoot(new Trust(root, digest, 0), change);
      await client.trustRoot.update(await signStatement(trustRootStatement(next), rootSigner));
      return next;
    },
  };
}

// The next version repeats the present one but for one change. A server that could show any document here would have
// its own keys signed into the next.
async function requireSigned(
  client: Client,
  { root, digest }: { root: TrustRoot; digest: Digest },
  rootKey: PublicKey,
  signal: AbortSignal,
): Promise<void> {
  const bytes = await envelopeOf(client, digest, signal);
  const verified = sha256(bytes) === digest ? verifyEnvelope(decodeEnvelope(bytes), [rootKey]) : undefined;
  const same =
    verified?.ok && Buffer.compare(canonicalJson(verified.statement.predicate), canonicalJson(root)) === 0;
  if (same) return;
  throw new CountersignError(
    "trust-root-invalid",
    "the server shows a trust root that this root key did not sign; nothing was signed",
    { detail: { remedy: "countersign log audit" } },
  );
}

/** Backwards: what is looked for is the newest of its kind. */
async function envelopeOf(client: Client, digest: Digest, signal: AbortSignal): Promise<Uint8Array> {
  const { size } = await client.log.entries({ from: 0, to: 0 }, { signal });
  for (let end = size; end > 0; end -= PAGE) {
    const { items } = await client.log.entries({ from: Math.max(0, end - PAGE), to: end }, { signal });
    const found = items.find(({ leaf }) => leaf.predicate === "trust-root" && leaf.envelope === digest);
    if (!found) continue;
    const { envelopeRaw } = await client.log.entry(found.index, undefined, { signal });
    return Buffer.from(envelopeRaw ?? "", "base64");
  }
  throw new CountersignError(
    "trust-root-invalid",
    "the server's log holds no such trust root; nothing was signed",
  );
}
