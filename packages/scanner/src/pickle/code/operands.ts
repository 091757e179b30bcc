import { Tuple } from "../value.js";
import type { CodeObject } from "./code-object.js";
import { constantAt } from "./constants.js";
import type { Instruction } from "./instructions.js";

/** Variables as 3.11 and later number them: locals, cells that are no arguments, free variables. */
export function slotsOf(code: CodeObject): readonly string[] {
  const slots = SLOTS.get(code) ?? madeSlots(code);
  SLOTS.set(code, slots);
  return slots;
}

const SLOTS = new WeakMap<CodeObject, readonly string[]>();

function madeSlots(code: CodeObject): readonly string[] {
  const own = new Set(code.variables);
  return [...code.variables, ...code.cells.filter((name) => !own.has(name)), ...code.free];
}

const CONST = /^(LOAD_CONST|RETURN_CONST|KW_NAMES)$/;
const NAME =
  /^((LOAD|STORE|DELETE)_(NAME|GLOBAL|ATTR)|LOAD_METHOD|IMPORT_(NAME|FROM)|LOAD_SUPER_ATTR|LOAD_FROM_DICT_OR_GLOBALS|STORE_ANNOTATION)$/;
const FAST = /^(LOAD|STORE|DELETE)_FAST(_CHECK|_AND_CLEAR|_LOAD_FAST|_STORE_FAST)?$/;
const CELL =
  /^(LOAD_CLOSURE|LOAD_DEREF|STORE_DEREF|DELETE_DEREF|LOAD_CLASSDEREF|LOAD_FROM_DICT_OR_DEREF|MAKE_CELL)$/;

/** Which name an instruction means: its argument without the bits that say something else. */
export function nameIndex(name: string, argument: number, version: number): number {
  if (name === "LOAD_SUPER_ATTR") return argument >> 2;
  if ((name === "LOAD_GLOBAL" && version >= 311) || (name === "LOAD_ATTR" && version >= 312))
    return argument >> 1;
  return argument;
}

export function fastIndexes(name: string, argument: number): readonly number[] {
  return /_FAST_\w+_FAST$/.test(name) ? [argument >> 4, argument & 15] : [argument];
}

/**
 * Whether what an instruction refers to is there. CPython does not look: an index beyond the end takes whatever lies in
 * memory for an object, which is how bytecode without any suspicious name takes over the process.
 */
export function refersWell(code: CodeObject, { opcode, argument }: Instruction, version: number): boolean {
  const { name } = opcode;
  if (CONST.test(name)) return constFits(code, name, argument);
  if (NAME.test(name)) return nameIndex(name, argument, version) < code.names.length;
  if (FAST.test(name)) {
    const count = version >= 311 ? slotsOf(code).length : code.variables.length;
    return fastIndexes(name, argument).every((index) => index < count);
  }
  if (CELL.test(name)) return cellName(code, argument, version) !== undefined;
  return countFits(code, name, argument, version);
}

function constFits(code: CodeObject, name: string, argument: number): boolean {
  if (argument >= code.constCount) return false;
  if (name !== "KW_NAMES") return true;
  const value = constantAt(code, argument);
  return value instanceof Tuple && value.items.every((one) => typeof one === "string");
}

function countFits(code: CodeObject, name: string, argument: number, version: number): boolean {
  if (name === "COPY_FREE_VARS") return argument === code.free.length;
  if (name === "BINARY_OP") return argument <= 25;
  if (name === "CALL_INTRINSIC_1") return argument >= 1 && argument <= 11;
  if (name === "CALL_INTRINSIC_2") return argument >= 1 && argument <= 5;
  if (name === "COMPARE_OP") {
    if (version <= 38) return argument <= 10;
    return (version >= 313 ? argument >> 5 : version >= 312 ? argument >> 4 : argument) <= 5;
  }
  return true;
}

/** The variable whose cell an instruction means. */
export function cellName(code: CodeObject, argument: number, version: number): string | undefined {
  if (version <= 310)
    return argument < code.cells.length ? code.cells[argument] : code.free[argument - code.cells.length];
  const name = slotsOf(code)[argument];
  return name !== undefined && cellsOf(code).has(name) ? name : undefined;
}

const CELLS = new WeakMap<CodeObject, ReadonlySet<string>>();

function cellsOf(code: CodeObject): ReadonlySet<string> {
  const cells = CELLS.get(code) ?? new Set([...code.cells, ...code.free]);
  CELLS.set(code, cells);
  return cells;
}
