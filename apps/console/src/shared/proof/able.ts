import { fromBase64 } from "./encoding.js";

// Any valid Ed25519 public key would do; this one is of RFC 8032, section 7.1.
const PROBE = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

/**
 * Throws when this browser cannot check signatures at all. Without it a browser that is too old would call every good
 * log forged.
 */
export const assertAble = async (): Promise<void> => {
  if (globalThis.crypto?.subtle === undefined) {
    throw new Error(
      "Browsers check signatures only over HTTPS or on this very machine. Open the console there.",
    );
  }
  try {
    await crypto.subtle.importKey("raw", fromBase64(PROBE), "Ed25519", false, ["verify"]);
  } catch {
    throw new Error("This browser cannot check Ed25519 signatures. Use a newer one.");
  }
};
