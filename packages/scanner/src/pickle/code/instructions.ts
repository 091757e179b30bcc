import type { CodeObject } from "./code-object.js";
import type { Opcode, Version } from "./versions.js";

export interface Instruction {
  opcode: Opcode;
  argument: number;
  offset: number;
  /** Where the next one begins. */
  next: number;
  /** Where it may jump to. */
  target: number | undefined;
}

const EXTENDED = "EXTENDED_ARG";

/** Bytecode as instructions by their offsets; undefined when a byte is none of this version's opcodes. */
export function decode(code: CodeObject, version: Version): Map<number, Instruction> | undefined {
  const { bytecode } = code;
  if (bytecode.length === 0 || bytecode.length % 2 !== 0) return undefined;
  const found = new Map<number, Instruction>();
  let extended = 0;
  let start = 0;
  for (let at = 0; at < bytecode.length; ) {
    const opcode = version.opcodes[bytecode[at] ?? 0];
    if (!opcode) return undefined;
    const argument = extended | (bytecode[at + 1] ?? 0);
    at += 2;
    if (opcode.name === EXTENDED) {
      extended = argument << 8;
      continue;
    }
    const end = at + 2 * opcode.caches;
    const target = targetOf(opcode, argument, end, version.number);
    found.set(start, { opcode, argument, offset: start, next: end, target });
    at = end;
    start = end;
    extended = 0;
  }
  return start === bytecode.length ? found : undefined;
}

const ABSOLUTE =
  /^(JUMP_ABSOLUTE|CONTINUE_LOOP|JUMP_IF_(FALSE|TRUE)_OR_POP|POP_JUMP_IF_(FALSE|TRUE)|JUMP_IF_NOT_EXC_MATCH)$/;

/** Jumps count bytes up to 3.9 and words after it; up to 3.10 some are absolute. */
function targetOf(
  { name, jumps }: Opcode,
  argument: number,
  end: number,
  version: number,
): number | undefined {
  if (!jumps) return undefined;
  const distance = version >= 310 ? argument * 2 : argument;
  if (version <= 310 && ABSOLUTE.test(name)) return distance;
  return name.includes("BACKWARD") ? end - distance : end + distance;
}

export interface Handler {
  from: number;
  to: number;
  target: number;
  /** How much of the stack stays for the handler, and how much it finds on top of that. */
  keeps: number;
  gets: number;
}

/** The exception table of 3.11 and later (`Objects/exception_handling_notes.txt`); undefined when it is broken. */
export function handlersOf(table: Buffer): Handler[] | undefined {
  const found: Handler[] = [];
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let count = 0; count < 6; count++) {
      const byte = table[at++] ?? 0x100;
      if (byte > 0xff) return -1;
      value = value * 64 + (byte & 63);
      if (!(byte & 64)) return value;
    }
    return -1;
  };
  while (at < table.length) {
    const [start, length, target, packed] = [number(), number(), number(), number()];
    if (Math.min(start, length, target, packed) < 0) return undefined;
    const [keeps, gets] = [Math.floor(packed / 2), (packed % 2) + 1];
    found.push({ from: start * 2, to: (start + length) * 2, target: target * 2, keeps, gets });
  }
  return found;
}
