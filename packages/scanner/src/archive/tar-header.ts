export const BLOCK = 512;

export interface TarHeader {
  name: string;
  type: string;
  size: number;
  link: string;
}

/** Writers have summed signed and unsigned bytes; readers accept both. */
export function isTarHeader(header: Buffer): boolean {
  // A name may be empty, or stand in another header; without a checksum it is a block of the end.
  if (header.length < BLOCK || (header[0] === 0 && header[148] === 0)) return false;
  const stated = octal(header, 148, 8);
  if (Number.isNaN(stated)) return false;
  let unsigned = 8 * 32;
  let high = 0;
  for (let i = 0; i < BLOCK; i++) {
    if (i >= 148 && i < 156) continue;
    const byte = header[i] ?? 0;
    unsigned += byte;
    if (byte > 127) high++;
  }
  return stated === unsigned || stated === unsigned - 256 * high;
}

export function readTarHeader(header: Buffer): TarHeader {
  return {
    name: nameOf(header),
    type: String.fromCharCode(header[156] || 0x30),
    size: sizeOf(header, 124),
    link: text(header, 157, 100),
  };
}

function nameOf(header: Buffer): string {
  const posix = header.toString("latin1", 257, 263) === "ustar\0";
  const prefix = posix ? text(header, 345, 155) : "";
  const name = text(header, 0, 100);
  return prefix ? `${prefix}/${name}` : name;
}

function text(header: Buffer, at: number, length: number): string {
  return until(header.toString("utf8", at, at + length));
}

export function until(value: string): string {
  return value.split("\0", 1)[0] ?? "";
}

function octal(header: Buffer, at: number, length: number): number {
  const digits = header
    .toString("latin1", at, at + length)
    .replaceAll("\0", " ")
    .trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}

/** A number in octal, or in base 256 where the first bit is set. */
export function sizeOf(header: Buffer, at: number): number {
  if (((header[at] ?? 0) & 0x80) === 0) return octal(header, at, 12) || 0;
  const size = Number(header.readBigUInt64BE(at + 4));
  return Number.isSafeInteger(size) ? size : Number.MAX_SAFE_INTEGER;
}
