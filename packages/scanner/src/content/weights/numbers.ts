import type { NumberType } from "./tensor.js";

/** What was seen of a tensor's numbers. */
export interface Numbers {
  count: number;
  nan: number;
  infinite: number;
  zero: number;
  /** Numbers of a size that no trained weight has: 2^40 and more, or 2^80 for doubles. */
  huge: number;
  /** The bits of the first huge number, and whether all are the same, as in a mask. */
  hugeBits: number;
  hugeSame: boolean;
}

export function noNumbers(): Numbers {
  return { count: 0, nan: 0, infinite: 0, zero: 0, huge: 0, hugeBits: 0, hugeSame: true };
}

/** Counts the numbers of some bytes that begin with a whole element. */
export function countNumbers(numbers: Numbers, type: NumberType, bytes: Buffer): void {
  const aligned = new Uint8Array(bytes).buffer;
  if (type === "f32") countSingles(numbers, new Uint32Array(aligned, 0, bytes.length >> 2));
  else if (type === "f64") countDoubles(numbers, new Uint32Array(aligned, 0, (bytes.length >> 3) * 2));
  else if (type === "f16") countHalves(numbers, new Uint16Array(aligned, 0, bytes.length >> 1));
  else if (type === "bf16") countBrains(numbers, new Uint16Array(aligned, 0, bytes.length >> 1));
}

function addHuge(numbers: Numbers, bits: number): void {
  if (numbers.huge++ === 0) numbers.hugeBits = bits;
  else if (numbers.hugeBits !== bits) numbers.hugeSame = false;
}

function countSingles(numbers: Numbers, values: Uint32Array): void {
  numbers.count += values.length;
  for (const bits of values) {
    const exponent = (bits >>> 23) & 0xff;
    if (exponent === 0xff) {
      if ((bits & 0x7fffff) === 0) numbers.infinite++;
      else numbers.nan++;
    } else if (exponent >= 167) addHuge(numbers, bits);
    else if (bits << 1 === 0) numbers.zero++;
  }
}

function countDoubles(numbers: Numbers, values: Uint32Array): void {
  numbers.count += values.length >> 1;
  for (let i = 0; i + 1 < values.length; i += 2) {
    const low = values[i] ?? 0;
    const high = values[i + 1] ?? 0;
    const exponent = (high >>> 20) & 0x7ff;
    if (exponent === 0x7ff) {
      if ((high & 0xfffff) === 0 && low === 0) numbers.infinite++;
      else numbers.nan++;
    } else if (exponent >= 1103) addHuge(numbers, high);
    else if (high << 1 === 0 && low === 0) numbers.zero++;
  }
}

function countHalves(numbers: Numbers, values: Uint16Array): void {
  numbers.count += values.length;
  for (const bits of values) {
    if ((bits & 0x7c00) === 0x7c00) {
      if ((bits & 0x3ff) === 0) numbers.infinite++;
      else numbers.nan++;
    } else if ((bits & 0x7fff) === 0) numbers.zero++;
  }
}

function countBrains(numbers: Numbers, values: Uint16Array): void {
  numbers.count += values.length;
  for (const bits of values) {
    const exponent = (bits >>> 7) & 0xff;
    if (exponent === 0xff) {
      if ((bits & 0x7f) === 0) numbers.infinite++;
      else numbers.nan++;
    } else if (exponent >= 167) addHuge(numbers, bits);
    else if ((bits & 0x7fff) === 0) numbers.zero++;
  }
}
