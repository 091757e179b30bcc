/** Reversible filters that archives put before a compressor. */

const ALLOWED = [true, true, true, false, true, false, false, false];
const BIT_NUMBER = [0, 1, 2, 2, 3, 3, 3, 3];

function isEdge(byte: number | undefined): boolean {
  return byte === 0 || byte === 0xff;
}

/** Undoes the x86 branch filter (after xz-embedded's `bcj_x86`), which py7zr applies to everything. */
export function undoX86(packed: Buffer): Buffer {
  const bytes = Buffer.from(packed);
  let previous = -1;
  let mask = 0;
  for (let i = 0; i < bytes.length - 4; i++) {
    if (((bytes[i] ?? 0) & 0xfe) !== 0xe8) continue;
    const distance = i - previous;
    previous = i;
    mask = distance > 3 ? 0 : (mask << (distance - 1)) & 7;
    const probe = bytes[i + 4 - (BIT_NUMBER[mask] ?? 0)];
    if (mask !== 0 && (!ALLOWED[mask] || isEdge(probe))) {
      mask = (mask << 1) | 1;
    } else if (isEdge(bytes[i + 4])) {
      bytes.writeUInt32LE(target(bytes.readUInt32LE(i + 1), i + 5, mask), i + 1);
      i += 4;
    } else mask = (mask << 1) | 1;
  }
  return bytes;
}

function target(stored: number, position: number, mask: number): number {
  let source = stored;
  for (let tries = 0; ; tries++) {
    const address = (source - position) >>> 0;
    const shift = (BIT_NUMBER[mask] ?? 0) * 8;
    if (mask === 0 || tries > 4 || !isEdge((address >>> (24 - shift)) & 0xff)) {
      const low = address & 0x01ffffff;
      return (low & 0x01000000 ? low | 0xff000000 : low) >>> 0;
    }
    source = (address ^ (2 ** (32 - shift) - 1)) >>> 0;
  }
}

/** Undoes the delta filter. */
export function undoDelta(packed: Buffer, distance: number): Buffer {
  const bytes = Buffer.from(packed);
  for (let i = distance; i < bytes.length; i++)
    bytes[i] = ((bytes[i] ?? 0) + (bytes[i - distance] ?? 0)) & 0xff;
  return bytes;
}
