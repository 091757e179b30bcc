import { inflate, type Unpacked } from "./inflate.js";

/** Unpacks gzip members one after the other (RFC 1952); checksums are not verified, because loaders differ there. */
export function gunzip(packed: Buffer, limit: number): Unpacked {
  const parts: Buffer[] = [];
  let total = 0;
  let at = 0;
  let members = 0;
  while (at + 18 <= packed.length && packed[at] === 0x1f && packed[at + 1] === 0x8b) {
    const data = skipHeader(packed, at);
    if (data < 0) break;
    const member = inflate(packed.subarray(data), limit - total);
    parts.push(member.bytes);
    total += member.bytes.length;
    members++;
    const consumed = data + member.consumed + 8;
    if (member.cut || member.error !== undefined || total >= limit || members > 10_000) {
      const rest = member.error === undefined ? {} : { error: member.error };
      return {
        bytes: Buffer.concat(parts),
        consumed: packed.length,
        cut: member.cut || total >= limit,
        ...rest,
      };
    }
    at = Math.min(consumed, packed.length);
  }
  if (members === 0) return { bytes: Buffer.alloc(0), consumed: 0, cut: false, error: "truncated" };
  return { bytes: Buffer.concat(parts), consumed: at, cut: false };
}

function skipHeader(packed: Buffer, start: number): number {
  const flags = packed[start + 3] ?? 0;
  let at = start + 10;
  if (flags & 4) at += 2 + packed.readUInt16LE(at);
  for (const bit of [8, 16]) {
    if (!(flags & bit)) continue;
    const zero = packed.indexOf(0, at);
    if (zero < 0) return -1;
    at = zero + 1;
  }
  if (flags & 2) at += 2;
  return at < packed.length ? at : -1;
}
