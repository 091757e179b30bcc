import type { Source } from "../core/source.js";
import { inflate } from "./inflate.js";
import { Input } from "./input.js";
import type { Output } from "./output.js";

/** Unpacks gzip members one after the other (RFC 1952); checksums are not verified, because loaders differ there. */
export function gunzip(packed: Source, out: Output): number {
  let at = 0;
  for (let next = 0; next >= 0; next = nextMember(packed, at))
    at = Math.min(packed.size, inflate(packed, out, skipHeader(packed, next)) + 8);
  return at;
}

/** Python's gzip skips zeros between members. */
function nextMember(packed: Source, from: number): number {
  let at = from;
  for (; at < packed.size; at += 512) {
    const chunk = packed.read(at, 512);
    const found = chunk.findIndex((byte) => byte !== 0);
    if (found < 0) continue;
    at += found;
    break;
  }
  const magic = packed.read(at, 3);
  return magic.length === 3 && magic[0] === 0x1f && magic[1] === 0x8b && magic[2] === 8 ? at : -1;
}

function skipHeader(packed: Source, start: number): number {
  const input = new Input(packed, start);
  const flags = input.take(10)[3] ?? 0;
  if (flags & 4) input.take(input.take(2).readUInt16LE(0));
  for (const bit of [8, 16]) if (flags & bit) while (input.byte() !== 0);
  if (flags & 2) input.take(2);
  return input.position;
}
