import type { Source } from "../../core/source.js";

/** How the numbers of a tensor are written, little-endian; `other` for integers and packed numbers. */
export type NumberType = "f16" | "bf16" | "f32" | "f64" | "other";

/** The bytes of one tensor. */
export interface Tensor {
  name: string;
  type: NumberType;
  source: Source;
  offset: number;
  length: number;
}

const TYPES: Readonly<Record<string, NumberType>> = {
  F16: "f16",
  BF16: "bf16",
  F32: "f32",
  F64: "f64",
  HalfStorage: "f16",
  BFloat16Storage: "bf16",
  FloatStorage: "f32",
  DoubleStorage: "f64",
  "<f2": "f16",
  "<f4": "f32",
  "<f8": "f64",
};

/** The type that safetensors, torch or numpy call so. */
export function numberType(name: string): NumberType {
  return Object.hasOwn(TYPES, name) ? (TYPES[name] ?? "other") : "other";
}
