// Random and mutated pickle streams that know the opcodes of protocols 0 to 5.
import { step } from "./actions.mjs";
import { encode } from "./opcodes.mjs";

/** A small seeded generator (mulberry32), so that a difference can be made again. */
export function random(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n) => Math.floor(next() * n);
  return { next, below, pick: (list) => list[below(list.length)], chance: (p) => next() < p };
}

/** One stream. Keeps a rough picture of the stack, so that most opcodes find what they need. */
export function stream(rng) {
  const parts = [];
  const stack = [];
  const marks = [];
  const memo = [];
  const state = { rng, parts, stack, marks, memo };
  const protocol = rng.below(6);
  if (protocol > 1 || rng.chance(0.1)) parts.push(encode("PROTO", protocol));
  const length = 3 + rng.below(rng.chance(0.1) ? 80 : 24);
  for (let i = 0; i < length; i++) step(state);
  if (rng.chance(0.9)) parts.push(encode("STOP"));
  if (rng.chance(0.25)) frame(rng, parts);
  if (rng.chance(0.1)) straddle(rng, parts);
  return Buffer.concat(parts);
}

/** Bytes that one reading takes for opcodes and another for data, behind a FRAME that ends inside the data. */
function straddle(rng, parts) {
  const at = rng.below(parts.length + 1);
  const hidden = Buffer.concat([
    encode("SHORT_BINBYTES", ""),
    Buffer.from("0"),
    ...parts.slice(at).map((part) => Buffer.from(part)),
  ]);
  hidden[1] = rng.below(40);
  const lost = 1 + rng.below(4);
  const data = encode(
    rng.pick(["SHORT_BINBYTES", "BINBYTES", "SHORT_BINUNICODE", "UNICODE"]),
    "abcdef".slice(0, 2 + rng.below(4)),
  );
  parts.splice(at, parts.length, encode("FRAME", Math.max(0, data.length - lost)), data, hidden);
  if (rng.chance(0.5)) parts.push(encode("STOP"));
}

/** Wraps a part of the opcodes into a FRAME whose length is often wrong. */
function frame(rng, parts) {
  const from = rng.below(parts.length + 1);
  const inside = Buffer.concat(parts.slice(from)).length;
  const lies = [inside, inside, rng.below(inside + 1), inside - 1, inside + 1, rng.below(300), 0, 2 ** 40];
  parts.splice(from, 0, encode("FRAME", Math.max(0, rng.pick(lies))));
  if (rng.chance(0.1)) frame(rng, parts);
}

/** Changes bytes without knowing what they mean. */
export function mutate(rng, bytes) {
  let out = Buffer.from(bytes);
  for (let i = 1 + rng.below(3); i > 0 && out.length > 2; i--) {
    const at = rng.below(out.length);
    const length = 1 + rng.below(8);
    const change = rng.below(6);
    if (change === 0) out[at] = rng.below(256);
    else if (change === 1) out[at] = out[at] ^ (1 << rng.below(8));
    else if (change === 2) out = Buffer.concat([out.subarray(0, at), out.subarray(at + length)]);
    else if (change === 3)
      out = Buffer.concat([
        out.subarray(0, at),
        out.subarray(rng.below(out.length)).subarray(0, length),
        out.subarray(at),
      ]);
    else if (change === 4) out = out.subarray(0, at);
    else out = Buffer.concat([out, out.subarray(at)]);
  }
  return out;
}

/** More values than the machine keeps in its memo at once, between what stores and what fetches. */
const FILLER = Buffer.concat(Array.from({ length: (1 << 19) + 4096 }, () => Buffer.from([0x4e, 0x94, 0x30])));

export function largeFile(rng) {
  const first = stream(rng);
  const stored = first.at(-1) === 0x2e ? first.subarray(0, -1) : first;
  return Buffer.concat([stored, FILLER, stream(rng)]);
}

/** One file: a stream, at times several in a row, mutated bytes, or bytes after its end. */
export function file(rng) {
  let bytes = stream(rng);
  if (rng.chance(0.25)) bytes = mutate(rng, bytes);
  if (rng.chance(0.05)) bytes = Buffer.concat([bytes, stream(rng)]);
  return bytes.length > 65535 ? bytes.subarray(0, 65535) : bytes;
}
