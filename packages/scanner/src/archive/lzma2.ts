import type { Source } from "../core/source.js";
import { Input } from "./input.js";
import { LzmaDecoder } from "./lzma-decoder.js";
import type { Output } from "./output.js";

/** LZMA2's property byte: the dictionary size as two bits of mantissa and an exponent. */
export function lzma2Dictionary(byte: number): number {
  return byte >= 40 ? 2 ** 32 : (2 | (byte & 1)) * 2 ** ((byte >> 1) + 11);
}

/** LZMA2: chunks with a control byte that says what to reset. Answers where the stream ends. */
export function decodeLzma2(packed: Source, out: Output, dictionary: number, start = 0): number {
  const input = new Input(packed, start);
  const decoder = new LzmaDecoder(input, out, { lc: 3, lp: 0, pb: 2 });
  decoder.resetDictionary(dictionary);
  for (;;) {
    const control = input.byte();
    if (control === 0) return input.position;
    if (control < 0x80) copyChunk(input, control, decoder, dictionary);
    else decodeChunk(input, control, decoder, dictionary);
  }
}

function copyChunk(input: Input, control: number, decoder: LzmaDecoder, dictionary: number): void {
  if (control > 2) throw new Error("bad LZMA2 chunk");
  if (control === 1) decoder.resetDictionary(dictionary);
  const size = input.take(2).readUInt16BE(0) + 1;
  decoder.copy(input.look(size));
  input.take(size);
}

function decodeChunk(input: Input, control: number, decoder: LzmaDecoder, dictionary: number): void {
  const head = input.take(4);
  const size = ((control & 0x1f) << 16) + head.readUInt16BE(0) + 1;
  const packedSize = head.readUInt16BE(2) + 1;
  const reset = (control >> 5) & 3;
  if (reset === 3) decoder.resetDictionary(dictionary);
  if (reset >= 2) decoder.resetState(readProperties(input.byte()));
  else if (reset === 1) decoder.resetState(decoder.current);
  const end = input.position + packedSize;
  decoder.start();
  decoder.decode(size);
  input.seek(end);
}

function readProperties(byte: number): { lc: number; lp: number; pb: number } {
  const properties = { lc: byte % 9, lp: Math.floor(byte / 9) % 5, pb: Math.floor(byte / 45) };
  if (byte >= 225 || properties.lc + properties.lp > 4) throw new Error("bad LZMA2 properties");
  return properties;
}
