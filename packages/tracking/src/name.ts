const FIRST = [
  "amber",
  "brisk",
  "calm",
  "clear",
  "eager",
  "even",
  "fair",
  "keen",
  "light",
  "mild",
  "neat",
  "plain",
  "quiet",
  "steady",
  "swift",
  "warm",
];
const SECOND = [
  "alder",
  "birch",
  "cedar",
  "cliff",
  "delta",
  "dune",
  "fern",
  "fjord",
  "grove",
  "heath",
  "lake",
  "marsh",
  "meadow",
  "ridge",
  "shore",
  "vale",
];

/** A name for a run that has none; `bytes` are random. */
export function inventName(bytes: Uint8Array): string {
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  return `${FIRST[a % FIRST.length]}-${SECOND[b % SECOND.length]}-${(c * 256 + d) % 1_000}`;
}
