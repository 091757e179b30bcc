import type { NumberType } from "../../content/weights/tensor.js";

/** A dataset whose elements lie in one piece and as they are: contiguous, without filters. */
export interface Dataset {
  name: string;
  type: NumberType;
  offset: number;
  length: number;
}

const FLOATING_POINT = 1;
/** Sizes of a number and of its exponent (IV.A.2.d, properties of floating-point numbers). */
const TYPES: Readonly<Record<string, NumberType>> = {
  "2:5": "f16",
  "2:8": "bf16",
  "4:8": "f32",
  "8:11": "f64",
};

/** Reads a datatype message; what is no little-endian number is `other`. */
export function elementType(message: Buffer): NumberType {
  if (message.length < 20 || ((message[0] ?? 0) & 15) !== FLOATING_POINT) return "other";
  if ((message[1] ?? 0) & 0x41) return "other";
  return TYPES[`${message.readUInt32LE(4)}:${message[13]}`] ?? "other";
}

const CONTIGUOUS = 1;

/** Reads a data layout message of versions 3 and 4 (IV.A.2.i), where the dataset is contiguous. */
export function storedAt(message: Buffer): { offset: number; length: number } | undefined {
  const [version = 0, kind] = message;
  if (message.length < 18 || (version !== 3 && version !== 4) || kind !== CONTIGUOUS) return undefined;
  const [offset, length] = [Number(message.readBigUInt64LE(2)), Number(message.readBigUInt64LE(10))];
  return Number.isSafeInteger(offset) && Number.isSafeInteger(length) ? { offset, length } : undefined;
}
