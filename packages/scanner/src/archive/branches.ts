/** Undoes branch filters (after xz-embedded's and liblzma's `simple` coders): absolute addresses of calls become relative. */

export type Branch = "x86" | "ppc" | "arm" | "armt" | "sparc" | "arm64";

/** Works on `bytes` in place, which lie at `position` of the stream, and answers how many are done. */
export type UndoBranch = (bytes: Buffer, position: number) => number;

const ALLOWED = [true, true, true, false, true, false, false, false];
const BIT_NUMBER = [0, 1, 2, 2, 3, 3, 3, 3];

function isEdge(byte: number | undefined): boolean {
  return byte === 0 || byte === 0xff;
}

/** How many bytes after one that looks like a branch others may still be part of it, as a pattern of bits. */
function shifted(mask: number, distance: number): number {
  return distance > 3 ? 0 : (mask << (distance - 1)) & 7;
}

/** py7zr applies this one to everything. */
function undoX86(): UndoBranch {
  let carried = 0;
  return (bytes, position) => {
    let previous = -1;
    let mask = carried;
    let i = 0;
    for (; i < bytes.length - 4; i++) {
      if (((bytes[i] ?? 0) & 0xfe) !== 0xe8) continue;
      mask = shifted(mask, i - previous);
      previous = i;
      if (!isTaken(bytes, i, mask)) {
        mask = (mask << 1) | 1;
        continue;
      }
      bytes.writeUInt32LE(target(bytes.readUInt32LE(i + 1), position + i + 5, mask), i + 1);
      i += 4;
    }
    if (i > 0) carried = shifted(mask, i - previous);
    return i;
  };
}

function isTaken(bytes: Buffer, at: number, mask: number): boolean {
  if (mask !== 0 && (!ALLOWED[mask] || isEdge(bytes[at + 4 - (BIT_NUMBER[mask] ?? 0)]))) return false;
  return isEdge(bytes[at + 4]);
}

function target(stored: number, position: number, mask: number): number {
  let source = stored;
  for (let tries = 0; ; tries++) {
    const address = (source - position) >>> 0;
    const shift = (BIT_NUMBER[mask] ?? 0) * 8;
    if (mask === 0 || tries > 4 || !isEdge((address >>> (24 - shift)) & 0xff)) {
      const low = address & 0x01ffffff;
      return (low & 0x01000000 ? low | 0xfe000000 : low) >>> 0;
    }
    source = (address ^ (2 ** (32 - shift) - 1)) >>> 0;
  }
}

/** Applies `change` to each aligned instruction. */
function each(
  step: number,
  width: number,
  change: (bytes: Buffer, at: number, position: number) => number | undefined,
): () => UndoBranch {
  return () => (bytes, position) => {
    let at = 0;
    for (; at + width <= bytes.length; at += step) at += change(bytes, at, position + at) ?? 0;
    return at;
  };
}

const undoArm = each(4, 4, (bytes, at, position) => {
  if (bytes[at + 3] !== 0xeb) return;
  bytes.writeUIntLE((((bytes.readUIntLE(at, 3) << 2) - (position + 8)) >>> 2) & 0xffffff, at, 3);
});

const undoThumb = each(2, 4, (bytes, at, position) => {
  const [low = 0, high = 0, next = 0, last = 0] = bytes.subarray(at, at + 4);
  if ((high & 0xf8) !== 0xf0 || (last & 0xf8) !== 0xf8) return 0;
  const stored = ((high & 7) << 19) | (low << 11) | ((last & 7) << 8) | next;
  const address = ((stored << 1) - (position + 4)) >>> 1;
  bytes[at] = (address >> 11) & 0xff;
  bytes[at + 1] = 0xf0 | ((address >> 19) & 7);
  bytes[at + 2] = address & 0xff;
  bytes[at + 3] = 0xf8 | ((address >> 8) & 7);
  return 2;
});

const undoPowerPc = each(4, 4, (bytes, at, position) => {
  const stored = bytes.readUInt32BE(at);
  if ((stored & 0xfc000003) >>> 0 !== 0x48000001) return;
  bytes.writeUInt32BE((((stored & 0x03fffffc) - position) & 0x03fffffc) | 0x48000001, at);
});

const undoSparc = each(4, 4, (bytes, at, position) => {
  const stored = bytes.readUInt32BE(at);
  if (stored >>> 22 !== 0x100 && stored >>> 22 !== 0x1ff) return;
  const address = ((stored << 2) - position) >>> 2;
  const result = (0x40000000 - (address & 0x400000)) | 0x40000000 | (address & 0x3fffff);
  bytes.writeUInt32BE(result >>> 0, at);
});

const undoArm64 = each(4, 4, (bytes, at, position) => {
  const stored = bytes.readUInt32LE(at);
  if (stored >>> 26 === 0x25) {
    const address = (stored - Math.floor(position / 4)) & 0x03ffffff;
    bytes.writeUInt32LE((0x94000000 | address) >>> 0, at);
  } else if ((stored & 0x9f000000) >>> 0 === 0x90000000) {
    const page = ((stored >>> 29) & 3) | ((stored >>> 3) & 0x1ffffc);
    if ((page + 0x020000) & 0x1c0000) return;
    const address = page - Math.floor(position / 4096);
    const result =
      (stored & 0x9000001f) |
      ((address & 3) << 29) |
      ((address & 0x03fffc) << 3) |
      (-(address & 0x020000) & 0xe00000);
    bytes.writeUInt32LE(result >>> 0, at);
  }
});

export const BRANCHES: Readonly<Record<Branch, () => UndoBranch>> = {
  x86: undoX86,
  ppc: undoPowerPc,
  arm: undoArm,
  armt: undoThumb,
  sparc: undoSparc,
  arm64: undoArm64,
};
