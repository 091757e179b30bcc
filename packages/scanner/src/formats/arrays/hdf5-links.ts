/** Reads a link message of version 1 that leads to an object of the same file. */
export function hardLink(
  block: Buffer,
  at: number,
): { name: number; length: number; address: number; end: number } | undefined {
  const flags = block[at + 1] ?? 0xff;
  if (flags > 0x1f || (flags & 8 && block[at + 2] !== 0)) return undefined;
  const length = at + 2 + (flags & 8 ? 1 : 0) + (flags & 4 ? 8 : 0) + (flags & 16 ? 1 : 0);
  const width = 1 << (flags & 3);
  const name = length + width;
  if (width > 4 || name > block.length) return undefined;
  const end = name + block.readUIntLE(length, width) + 8;
  if (end > block.length || end === name + 8) return undefined;
  const address = Number(block.readBigUInt64LE(end - 8));
  return { name, length: end - 8 - name, address, end };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: names of files have none, other bytes do.
const UNPRINTABLE = /[\x00-\x1f\x7f\ufffd]/;

/** Reads a link message of version 1 with a link type of 64; undefined when none starts here. */
export function externalTarget(block: Buffer, at: number): string | undefined {
  const flags = block[at + 1] ?? 0;
  if (block[at] !== 1 || (flags & 8) === 0 || flags > 0x1f || block[at + 2] !== 64) return undefined;
  const name = at + 3 + (flags & 4 ? 8 : 0) + (flags & 16 ? 1 : 0);
  const width = 1 << (flags & 3);
  if (width > 4 || name + width > block.length) return undefined;
  const value = name + width + block.readUIntLE(name, width);
  if (value + 2 > block.length) return undefined;
  // A byte of version and flags, the file, and the object in it, each with a zero behind it; what follows, nobody reads.
  const text = block.toString("utf8", value + 2, value + 2 + block.readUInt16LE(value));
  const [version, file = "", object = ""] = text.split("\0", 3);
  const told = version === "" && file !== "" && object !== "";
  return told && !UNPRINTABLE.test(file + object) ? file : undefined;
}
