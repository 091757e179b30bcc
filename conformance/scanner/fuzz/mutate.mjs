// Chooses how to change an input by what it begins with.
import * as archives from "./mutate-archives.mjs";
import { mutateBytes } from "./mutate-bytes.mjs";
import { mutateNpy, mutatePrefixed, mutateProtobuf, mutateSafetensors } from "./mutate-messages.mjs";
import { mutatePickle } from "./mutate-pickle.mjs";
import { mutateJson, mutateTokens } from "./mutate-text.mjs";

const MAGIC = [
  ["PK\x03\x04", archives.mutateZip],
  ["\x1f\x8b", archives.mutateGzip],
  ["ZF0x", archives.mutateZfile],
  ["\xfd7zXZ\0", archives.repacked(archives.packXz)],
  ["\x04\x22\x4d\x18", archives.repacked(archives.packLz4)],
  ["\x28\xb5\x2f\xfd", archives.repacked(archives.packZstd)],
  ["\x93NUMPY", mutateNpy],
  ["GGUF", mutatePrefixed],
  ["\x89HDF", mutatePrefixed],
  ["RD", mutatePrefixed],
  ["X\n\0\0\0", mutatePrefixed],
  ["B\n", mutatePrefixed],
  ["A\n", mutateTokens],
];

export function mutatorFor(data, name) {
  const head = data.toString("latin1", 0, 16);
  const told = MAGIC.find(([magic]) => head.startsWith(magic))?.[1];
  if (told) return told;
  if (data.toString("latin1", 257, 262) === "ustar") return archives.mutateTar;
  if (data[0] === 0x78 && (data[0] * 256 + data[1]) % 31 === 0) return archives.mutateZlib;
  if (data[0] === 0x80 && data[1] <= 5) return mutatePickle;
  if (data.length > 10 && data.readUInt32LE(4) === 0 && data[8] === 0x7b) return mutateSafetensors;
  if (/^\s*[[{]/.test(head)) return mutateJson;
  if (/\.(onnx|pb|pdmodel|mlmodel)$/.test(name)) return mutateProtobuf;
  if (/\.(pkl|joblib)$/.test(name)) return mutatePickle;
  return /^[\t\n\r -~]+$/.test(head) ? mutateTokens : mutateBytes;
}

/** What lies inside a container is changed by what it is itself. */
export function mutateInner(context) {
  const inner = (random, data, name) => {
    if (random.chance(12)) return Buffer.from(context.other());
    return data.length === 0
      ? mutateBytes(random, data, context)
      : mutatorFor(data, name)(random, data, context);
  };
  return inner;
}
