/** Reads the names in Git's index (versions 2 to 4), without asking Git: what the repository tracks. */
export function trackedPaths(index: Buffer): Set<string> | undefined {
  if (index.length < 12 || index.toString("latin1", 0, 4) !== "DIRC") return undefined;
  const version = index.readUInt32BE(4);
  if (version < 2 || version > 4) return undefined;
  const count = Math.min(index.readUInt32BE(8), 2_000_000);
  const paths = new Set<string>();
  let at = 12;
  let last = "";
  for (let entry = 0; entry < count; entry++) {
    const read = readEntry(index, at, version, last);
    if (!read) return undefined;
    paths.add(read.path);
    last = read.path;
    at = read.end;
  }
  return paths;
}

const FIXED = 62;

function readEntry(
  index: Buffer,
  at: number,
  version: number,
  last: string,
): { path: string; end: number } | undefined {
  if (at + FIXED > index.length) return undefined;
  const extended = version >= 3 && (index.readUInt16BE(at + 60) & 0x4000) !== 0;
  let from = at + FIXED + (extended ? 2 : 0);
  let kept = "";
  if (version === 4) {
    const prefix = readVariable(index, from);
    if (!prefix || prefix.value > last.length) return undefined;
    kept = last.slice(0, last.length - prefix.value);
    from = prefix.end;
  }
  const end = index.indexOf(0, from);
  if (end < 0) return undefined;
  const path = kept + index.toString("utf8", from, end);
  const padded = at + Math.ceil((end + 1 - at) / 8) * 8;
  return { path, end: version === 4 ? end + 1 : padded };
}

// Git's offset encoding: each continuation adds one.
function readVariable(index: Buffer, from: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let at = from; at < Math.min(from + 6, index.length); at++) {
    const byte = index[at] ?? 0;
    value = value * 128 + (byte & 0x7f);
    if ((byte & 0x80) === 0) return { value, end: at + 1 };
    value++;
  }
  return undefined;
}
