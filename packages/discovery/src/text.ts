/** Text of a file, whatever its encoding pretends to be; undefined for bytes that are no text. */
export function decodeText(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString("utf16le", 2);
  if (bytes[0] === 0xfe && bytes[1] === 0xff && bytes.length % 2 === 0)
    return Buffer.from(bytes.subarray(2)).swap16().toString("utf16le");
  if (bytes.subarray(0, 8_000).includes(0)) return undefined;
  return bytes.toString("utf8");
}
