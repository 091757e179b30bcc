import { TABLES } from "./tables.js";

/** What an instruction does to the height of the stack, by its argument. */
type Effect = (argument: number) => number;

export interface Opcode {
  name: string;
  /** Words of two bytes that follow, which the interpreter writes into. */
  caches: number;
  falls: Effect;
  jumps: Effect | undefined;
}

export interface Version {
  /** 36 for Python 3.6. */
  number: number;
  opcodes: readonly (Opcode | undefined)[];
}

let versions: readonly Version[] | undefined;

/** Every known bytecode, made when the first code is read. */
export function knownVersions(): readonly Version[] {
  versions ??= TABLES.map(versionOf);
  return versions;
}

function versionOf(line: string): Version {
  const [version = "", list = ""] = line.split(" ", 1).concat(line.slice(line.indexOf(" ") + 1));
  const opcodes: (Opcode | undefined)[] = new Array(256).fill(undefined);
  for (const word of list.split(";")) {
    const [, name = "", number, caches, falls = "0", jumps] =
      /^(\w+)=(\d+):(\d+):([^/]+)(?:\/(.+))?$/.exec(word) ?? [];
    opcodes[Number(number)] = {
      name,
      caches: Number(caches),
      falls: effectOf(falls),
      jumps: jumps === undefined ? undefined : effectOf(jumps),
    };
  }
  return { number: Number(version.replace(".", "")), opcodes };
}

function effectOf(rule: string): Effect {
  if (rule === "unpack") return (argument) => (argument & 0xff) + (argument >> 8);
  const linear = /^linear (-?\d+) (-?\d+)$/.exec(rule);
  if (linear) return (argument) => Number(linear[1]) + Number(linear[2]) * argument;
  const choices = rule.split(",").map(Number);
  return (argument) => choices[argument % choices.length] ?? 0;
}
