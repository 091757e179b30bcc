// How pandas hashes values (pandas/core/util/hashing.py, _libs/hashing.pyx), as far as an MLflow digest needs it.

const MASK = (1n << 64n) - 1n;
const u64 = (value: bigint): bigint => value & MASK;

/** Spreads 64-bit values (splitmix64's finalizer, as pandas does for every kind of value). */
export function spread(value: bigint): bigint {
  let out = u64(value ^ (value >> 30n));
  out = u64(out * 0xbf58476d1ce4e5b9n);
  out = u64(out ^ (out >> 27n));
  out = u64(out * 0x94d049bb133111ebn);
  return u64(out ^ (out >> 31n));
}

const rotate = (value: bigint, by: bigint): bigint => u64((value << by) | (value >> (64n - by)));

/** pandas' default key, `0123456789123456`, as two little-endian words. */
const KEY = new TextEncoder().encode("0123456789123456");
const word = (bytes: Uint8Array, at: number): bigint =>
  new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(at, true);
const K0 = word(KEY, 0);
const K1 = word(KEY, 8);

/** SipHash-2-4 (Aumasson and Bernstein, 2012). */
export function sipHash(text: string): bigint {
  const bytes = new TextEncoder().encode(text);
  const state: State = [
    K0 ^ 0x736f6d6570736575n,
    K1 ^ 0x646f72616e646f6dn,
    K0 ^ 0x6c7967656e657261n,
    K1 ^ 0x7465646279746573n,
  ];
  const whole = bytes.length - (bytes.length % 8);
  for (let at = 0; at < whole; at += 8) absorb(state, word(bytes, at));
  let last = BigInt(bytes.length & 0xff) << 56n;
  for (let at = whole; at < bytes.length; at++) last |= BigInt(bytes[at] ?? 0) << BigInt(8 * (at - whole));
  absorb(state, last);
  state[2] ^= 0xffn;
  for (let round = 0; round < 4; round++) mix(state);
  return state[0] ^ state[1] ^ state[2] ^ state[3];
}

type State = [bigint, bigint, bigint, bigint];

function absorb(state: State, block: bigint): void {
  state[3] ^= block;
  mix(state);
  mix(state);
  state[0] ^= block;
}

function mix(state: State): void {
  let [a, b, c, d] = state;
  a = u64(a + b);
  b = rotate(b, 13n) ^ a;
  a = rotate(a, 32n);
  c = u64(c + d);
  d = rotate(d, 16n) ^ c;
  a = u64(a + d);
  d = rotate(d, 21n) ^ a;
  c = u64(c + b);
  b = rotate(b, 17n) ^ c;
  c = rotate(c, 32n);
  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = d;
}

const scratch = new DataView(new ArrayBuffer(8));

/** The bits of a number as its column's type holds it, widened with zeros. */
export function bitsOf(
  value: number | bigint,
  type: "float32" | "float64" | `int${8 | 16 | 32 | 64}`,
): bigint {
  if (type === "float64") {
    scratch.setFloat64(0, Number(value), true);
    return scratch.getBigUint64(0, true);
  }
  if (type === "float32") {
    scratch.setFloat32(0, Number(value), true);
    return BigInt(scratch.getUint32(0, true));
  }
  return BigInt.asUintN(Number(type.slice(3)), BigInt(value));
}

/** Combines the columns' hashes of each row, as CPython hashes a tuple. The index is the last column. */
export function combine(columns: readonly bigint[][], rows: number): bigint[] {
  const out = Array.from({ length: rows }, () => 0x345678n);
  let multiplier = 1_000_003n;
  for (const [at, column] of columns.entries()) {
    for (let row = 0; row < rows; row++)
      out[row] = u64(((out[row] ?? 0n) ^ (column[row] ?? 0n)) * multiplier);
    multiplier = u64(multiplier + BigInt(82_520 + 2 * (columns.length - at)));
  }
  return out.map((value) => u64(value + 97_531n));
}
