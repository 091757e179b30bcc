import { CountersignError, type Digest, sha256 } from "@countersign/evidence";
import { decodeLeaf } from "@countersign/facts";
import { fileStore, formatVkey, type LogReader, openReader, verifierKeyOf } from "@countersign/log";
import { Keyring, layoutOf, type Pin, readPin } from "@countersign/workspace";

export interface Checked {
  pin: Pin;
  reader: LogReader;
  vkey: string;
}

/** Reads a copy as an outsider would: every entry under the signed checkpoint, every object under its digest. */
export async function checkDirectory(directory: string): Promise<Checked> {
  const pin = await readPin(directory);
  const vkey = await vkeyOf(directory, pin.origin);
  const layout = layoutOf(directory);
  const reader = await openReader({ store: fileStore(layout.log), origin: pin.origin, vkey });
  const objects = fileStore(layout.objects);
  const missing = new Map<Digest, number>();
  const erased = new Set<string>();
  for await (const { index, leaf } of reader.entries(0, reader.size)) {
    const { envelope, predicate, subjects } = decodeLeaf(leaf);
    if (predicate === "tombstone") for (const subject of subjects) erased.add(subject);
    const bytes = await objects.get(`sha256/${envelope.slice(7, 9)}/${envelope.slice(9)}`);
    if (bytes === undefined) missing.set(envelope, index);
    else if (sha256(bytes) !== envelope)
      throw broken(`entry ${index}: the object is not the one of its digest`);
  }
  for (const [envelope, index] of missing) {
    if (!erased.has(envelope))
      throw broken(`entry ${index}: ${envelope} is missing and no tombstone says why`);
  }
  return { pin, reader, vkey };
}

async function vkeyOf(directory: string, origin: string): Promise<string> {
  const { keys, keyUses } = layoutOf(directory);
  const keyring = new Keyring(
    keys,
    keyUses,
    () => 0,
    () => undefined,
  );
  const publicKey = await keyring.publicKey("log");
  const sign = () => Promise.reject(new Error("a check signs nothing"));
  return formatVkey(await verifierKeyOf({ publicKey, sign }, origin));
}

function broken(what: string): CountersignError {
  return new CountersignError("verification-failed", `the copy is not whole: ${what}`);
}
