import type { Primitives } from "./note.js";

/** The primitives of WebCrypto, as browsers and Node have them. A key or signature it cannot read does not verify. */
export const webPrimitives: Primitives = {
  async sha256(bytes) {
    return new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes)));
  },
  async verifyEd25519(publicKey, message, signature) {
    try {
      const key = await crypto.subtle.importKey("raw", new Uint8Array(publicKey), "Ed25519", false, [
        "verify",
      ]);
      return await crypto.subtle.verify("Ed25519", key, new Uint8Array(signature), new Uint8Array(message));
    } catch {
      return false;
    }
  },
};
