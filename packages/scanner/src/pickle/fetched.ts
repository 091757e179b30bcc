import type { Source } from "../core/source.js";
import { EndOfPickle, Reader } from "./reader.js";
import { parseLong } from "./text.js";

const STOP = 0x2e;
const LINE = -1;
const TWO_LINES = -2;
const COUNT_1 = -3;
const COUNT_4 = -4;
const COUNT_8 = -5;

/** How many bytes follow each opcode, or how their number is told. */
const LENGTHS = new Int8Array(256).fill(-128);
const ARGUMENTS: readonly (readonly [length: number, opcodes: string])[] = [
  [0, "(012NRabdeolstu)]}\x81\x85\x86\x87\x88\x89\x8f\x90\x91\x92\x93\x94\x97\x98Q"],
  [1, "Khq\x80\x82"],
  [2, "M\x83"],
  [4, "Jjr\x84"],
  [8, "G\x95"],
  [LINE, "ILFSVPgp"],
  [TWO_LINES, "ci"],
  [COUNT_1, "UC\x8c\x8a"],
  [COUNT_4, "TBX\x8b"],
  [COUNT_8, "\x8d\x8e\x96"],
];
for (const [length, opcodes] of ARGUMENTS) {
  for (const opcode of opcodes) LENGTHS[opcode.charCodeAt(0)] = length;
}

export interface Fetched {
  indexes: Set<number>;
  opcodes: number;
  /** Everything up to STOP was read; otherwise the machine must not rely on the answer. */
  whole: boolean;
}

/** The memo indexes that the opcodes from `start` up to STOP fetch. Reads opcodes only, no values. */
export function fetchedIndexes(source: Source, start: number, most: number): Fetched {
  const reader = new Reader(source, start);
  const indexes = new Set<number>();
  let opcodes = 0;
  try {
    for (; indexes.size <= most; opcodes++) {
      const opcode = reader.opcode();
      if (opcode === STOP) return { indexes, opcodes, whole: true };
      if (opcode === 0x68) indexes.add(reader.u1());
      else if (opcode === 0x6a) indexes.add(reader.u4());
      else if (opcode === 0x67) indexes.add(Number(parseLong(reader.line().toString("latin1"), 10)));
      else if (!pass(reader, LENGTHS[opcode] ?? -128)) break;
    }
  } catch (error) {
    if (!(error instanceof EndOfPickle)) throw error;
  }
  return { indexes, opcodes, whole: false };
}

/** Whether the opcode's arguments could be passed over. */
function pass(reader: Reader, length: number): boolean {
  if (length >= 0) reader.skip(length);
  else if (length === COUNT_1) reader.skip(reader.u1());
  else if (length === COUNT_4) reader.skip(reader.u4());
  else if (length === COUNT_8) reader.skip(reader.u8());
  else if (length === LINE) reader.line();
  else if (length === TWO_LINES) {
    reader.line();
    reader.line();
  } else return false;
  return true;
}
