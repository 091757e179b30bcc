import type { Refusal } from "../errors.js";
import type { VerifiedSigstore, VerifyBundleOptions } from "./verify.js";

/** Checks a Sigstore bundle offline: signature, certificate, log entry and time. */
export async function verifySigstoreBundle(
  bytes: Uint8Array,
  options: VerifyBundleOptions,
): Promise<VerifiedSigstore | Refusal> {
  // Loaded on the first use: most commands never need it.
  const { verifyBundle } = await import("./verify.js");
  return verifyBundle(bytes, options);
}
