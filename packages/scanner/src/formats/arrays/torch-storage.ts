import { Global, Sequence, type Value } from "../../pickle/value.js";

export interface StorageId {
  key: string;
  type: string;
  elements: number;
}

const TYPE = /^(torch|torch\.cuda|torch\.storage)\.\w*Storage$/;
const KEY = /^[\w-]+$/;

/** The canonical persistent id of a storage: ("storage", type, key, location, elements[, view]). */
export function storageId(id: Value): StorageId | undefined {
  if (!(id instanceof Sequence) || id.kind !== "tuple" || (id.total !== 5 && id.total !== 6))
    return undefined;
  const [tag, type, key, location, elements] = id.items;
  if (tag !== "storage" || !(type instanceof Global) || !TYPE.test(type.path)) return undefined;
  if (typeof key !== "string" || !KEY.test(key) || typeof location !== "string") return undefined;
  if (typeof elements !== "number" || elements < 0) return undefined;
  return { key, type: type.name, elements };
}

const SIZES: readonly (readonly [RegExp, number])[] = [
  [/^(Double|Long|ComplexFloat)Storage$/, 8],
  [/^ComplexDoubleStorage$/, 16],
  [/^(Float|Int|QInt32)Storage$/, 4],
  [/^(Half|Short|BFloat16)Storage$/, 2],
  [/^QUInt(4x2|2x4)Storage$/, 0],
];

/** Bytes per element of a storage type; one for byte-sized and untyped ones. */
export function elementSize(type: string): number {
  return SIZES.find(([pattern]) => pattern.test(type))?.[1] ?? 1;
}
