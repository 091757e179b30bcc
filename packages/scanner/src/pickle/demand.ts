import { argumentList } from "./arguments.js";
import type { CheckedCall } from "./check.js";
import type { PickleJudge } from "./judge.js";
import { Blob, Call, Global, Sequence, type Value } from "./value.js";

/** Bytes or elements that no machine holds, and powers whose numbers take that many digits. */
const MEMORY = 2 ** 36;
const DIGITS = 2 ** 26;

const SIZED =
  /^(builtins|__builtin__)\.(bytearray|bytes)$|^numpy\.(zeros|ones|empty|full|identity|eye|arange|ndarray|core\.multiarray\.(zeros|empty|arange))$/;
const POWERS = /^(builtins|__builtin__)\.pow$|^_?operator\.(i?pow|i?lshift)$/;
const REPEATS = /^_?operator\.(i?mul|repeat)$/;
const CONSUMES =
  /^(builtins|__builtin__)\.(list|tuple|set|frozenset|sorted|sum|max|min|all|any|bytes|bytearray)$|^_?collections\.(deque|Counter|OrderedDict)$/;
const RANGE = /^(builtins|__builtin__)\.x?range$/;

/** A harmless function that is asked for so much that loading ends the process or never ends. */
export function checkDemand({ judge, callee, args, offset }: Omit<CheckedCall, "made">): void {
  const kind = kindOf(callee);
  if (kind === undefined || !isDemanding(kind, argumentList(args) ?? [])) return;
  const message = `Loading calls ${callee.path} for more than a machine can hold.`;
  judge.report("pickle-demand", offset, message, callee.path);
}

/** An index that no pickler came to: CPython makes room for as many values, and twice that. */
export function reportFarPut(judge: PickleJudge, { index, offset }: { index: number; offset: number }): void {
  const message = `Loading stores at memo index ${index}, for which CPython takes ${16 * index} bytes.`;
  judge.report("pickle-demand", offset, message, "memo");
}

type Kind = "sized" | "power" | "repeat" | "consume";

const KINDS: readonly (readonly [Kind, RegExp])[] = [
  ["sized", SIZED],
  ["power", POWERS],
  ["repeat", REPEATS],
  ["consume", CONSUMES],
];
/** Pickles call one function a million times. */
const kinds = new WeakMap<Global, Kind | "other">();

function kindOf(callee: Global): Kind | undefined {
  let kind = kinds.get(callee);
  if (kind === undefined) {
    kind = KINDS.find(([, names]) => names.test(callee.path))?.[0] ?? "other";
    kinds.set(callee, kind);
  }
  return kind === "other" ? undefined : kind;
}

function isDemanding(kind: Kind, list: readonly Value[]): boolean {
  const [first, second] = list;
  if (kind === "power") return list.length === 2 && number(second) > DIGITS && Math.abs(number(first)) > 1;
  if (kind === "repeat") {
    return list.some((value) => number(value) > MEMORY) && list.some((value) => Number.isNaN(number(value)));
  }
  if (first === undefined) return false;
  if (first instanceof Call) return isRange(first) && span(first.args) > MEMORY;
  return kind === "sized" && elements(first) > MEMORY;
}

function number(value: Value | undefined): number {
  return typeof value === "number" || typeof value === "bigint" ? Number(value) : Number.NaN;
}

/** Of a shape, the product. */
function elements(value: Value): number {
  if (!(value instanceof Sequence)) return value instanceof Blob ? 0 : number(value);
  return value.items.slice(0, 64).reduce((product: number, item) => product * number(item), 1);
}

function isRange({ callee }: Call): boolean {
  return callee instanceof Global && RANGE.test(callee.path);
}

function span(args: Value): number {
  const [first, second, step] = (argumentList(args) ?? []).map(number);
  const length = second === undefined ? (first ?? 0) : second - (first ?? 0);
  return Math.abs(length / (step ?? 1));
}
