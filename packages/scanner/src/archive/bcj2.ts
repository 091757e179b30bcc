import type { Source } from "../core/source.js";
import { Input } from "./input.js";
import type { Output } from "./output.js";

const HALF = 1024;
const SIGN = -2147483648;

/**
 * Undoes 7-Zip's second branch filter, which it applies to x86 programs: the targets of calls and of jumps come from
 * streams of their own, and a range coder says which branches were taken out.
 */
export function undoBcj2(sources: readonly Source[], out: Output, size: number): number {
  const [main, calls, jumps, choices] = sources.map((source) => new Input(source));
  if (!main || !calls || !jumps || !choices) throw new Error("bad BCJ2 streams");
  const decoder = new Choices(choices);
  let previous = 0;
  for (let done = 0; done < size; ) {
    const byte = main.byte();
    out.put(byte);
    done++;
    const taken = done < size && isBranch(previous, byte) && decoder.bit(modelOf(previous, byte)) === 1;
    previous = byte;
    if (!taken) continue;
    const address = (byte === 0xe8 ? calls : jumps).take(4).readUInt32BE(0);
    const relative = Buffer.alloc(4);
    relative.writeUInt32LE((address - (done + 4)) >>> 0);
    out.append(relative.subarray(0, size - done));
    previous = relative[3] ?? 0;
    done += 4;
  }
  return sources[0]?.size ?? 0;
}

function isBranch(previous: number, byte: number): boolean {
  return (byte & 0xfe) === 0xe8 || (previous === 0x0f && (byte & 0xf0) === 0x80);
}

function modelOf(previous: number, byte: number): number {
  return byte === 0xe8 ? previous : byte === 0xe9 ? 256 : 257;
}

class Choices {
  private readonly input: Input;
  private readonly models = new Uint16Array(258).fill(HALF);
  private range = -1;
  private code: number;

  constructor(input: Input) {
    this.input = input;
    this.code = input.take(5).readInt32BE(1);
  }

  bit(at: number): number {
    if (this.range >>> 24 === 0) {
      this.range <<= 8;
      this.code = (this.code << 8) | this.input.byte();
    }
    const model = this.models[at] ?? HALF;
    const bound = Math.imul(this.range >>> 11, model);
    if ((this.code ^ SIGN) < (bound ^ SIGN)) {
      this.range = bound;
      this.models[at] = model + ((2048 - model) >> 5);
      return 0;
    }
    this.range = (this.range - bound) | 0;
    this.code = (this.code - bound) | 0;
    this.models[at] = model - (model >> 5);
    return 1;
  }
}
