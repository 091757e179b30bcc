/** As much of the Protocol Buffers wire format as an ONNX model needs: varints and length-delimited fields. */
export type Field = Uint8Array;

const utf8 = new TextEncoder();

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  return Uint8Array.of(...bytes, rest);
}

/** Wire type 0. Only what we write: integers from zero to 2^53. */
export function integer(number: number, value: number): Field {
  return concat([varint(number * 8), varint(value)]);
}

/** Wire type 2. */
export function bytes(number: number, value: Uint8Array): Field {
  return concat([varint(number * 8 + 2), varint(value.length), value]);
}

export function text(number: number, value: string): Field {
  return bytes(number, utf8.encode(value));
}

export function message(number: number, fields: readonly Field[]): Field {
  return bytes(number, concat(fields));
}
