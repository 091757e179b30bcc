const STANDARD = /^[A-Za-z0-9+/]*={0,2}$/;
const URL_SAFE = /^[A-Za-z0-9_-]*={0,2}$/;

/**
 * Decodes base64 of either alphabet (RFC 4648 §4, §5), padded or not, and answers undefined for anything else.
 * Node's own decoder skips what it does not know, so that one byte string would have many spellings.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (!STANDARD.test(text) && !URL_SAFE.test(text)) return undefined;
  const bytes = Buffer.from(text, "base64");
  const plain = text.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
  const padding = text.length - plain.length;
  if (padding > 0 && text.length % 4 !== 0) return undefined;
  return bytes.toString("base64").replace(/=+$/, "") === plain ? bytes : undefined;
}

export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}
