import { argumentList } from "../arguments.js";
import { Blob, Sequence, type Value } from "../value.js";

/** The parts of a code object that say what it does. */
export interface CodeObject {
  arguments: number;
  /** Of them, those that are given by their place. */
  positional: number;
  locals: number;
  stackSize: number;
  flags: number;
  bytecode: Buffer;
  consts: readonly Value[];
  names: readonly string[];
  /** Local variables, arguments first. */
  variables: readonly string[];
  name: string;
  exceptions: Buffer;
  free: readonly string[];
  cells: readonly string[];
  /** How many constants there are; `consts` need not hold all of them. */
  constCount: number;
  /** Versions of Python whose code has as many parts: 36 for 3.6. */
  versions: readonly [from: number, to: number];
}

const MOST_BYTES = 16 * 1024 * 1024;

/** Reads the arguments of `types.CodeType`, whose number changed with 3.8 and 3.11; undefined when they are none. */
export function codeObject(args: Value): CodeObject | undefined {
  let list = argumentList(args) ?? [];
  // dill puts the line table of 3.10 and later first.
  if (typeof list[0] !== "number") list = list.slice(1);
  const versions = VERSIONS[list.length];
  if (!versions) return undefined;
  const recent = versions[0] >= 311;
  const at = versions[0] >= 38 ? 1 : 0;
  const [positional, only, locals, stackSize, flags] = [0, at + 1, at + 2, at + 3, at + 4].map(
    (i) => list[i],
  );
  const numbers = [positional, only, locals, stackSize, flags];
  const [bytecode, consts, names, variables] = [5, 6, 7, 8].map((i) => list[at + i]);
  const [free, cells] = [list.at(-2), list.at(-1)].map((one) => texts(one));
  const words = [texts(names), texts(variables)];
  const bytes = bytesOf(bytecode);
  if (!numbers.every((one) => typeof one === "number" && one >= 0)) return undefined;
  if (!bytes || !(consts instanceof Sequence) || !words[0] || !words[1] || !free || !cells) return undefined;
  const name = list[at + 10];
  const given = Number(positional) + Number(only);
  return {
    arguments: given + (Number(flags) & 4 ? 1 : 0) + (Number(flags) & 8 ? 1 : 0),
    positional: Number(positional),
    locals: Number(locals),
    stackSize: Number(stackSize),
    flags: Number(flags),
    bytecode: bytes,
    consts: consts.items,
    constCount: consts.total,
    names: words[0],
    variables: words[1],
    name: typeof name === "string" ? name : "",
    exceptions: recent ? (bytesOf(list[15]) ?? Buffer.alloc(0)) : Buffer.alloc(0),
    free,
    cells,
    versions,
  };
}

const VERSIONS: Readonly<Record<number, readonly [number, number]>> = {
  15: [36, 37],
  16: [38, 310],
  18: [311, 399],
};

function texts(value: Value | undefined): string[] | undefined {
  if (!(value instanceof Sequence) || value.items.length !== value.total) return undefined;
  return value.items.every((one) => typeof one === "string") ? (value.items as string[]) : undefined;
}

/** Bytes, or what protocols 0 to 2 and dill write for them. */
function bytesOf(value: Value | undefined): Buffer | undefined {
  if (typeof value === "string") return Buffer.from(value, "latin1");
  if (!(value instanceof Blob) || value.changed || value.length > MOST_BYTES) return undefined;
  return value.read(value.length);
}
