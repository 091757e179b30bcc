import { walk } from "./arguments.js";
import { isFunction } from "./bound.js";
import { mayBeCalled } from "./callable.js";
import { Call, Dict, Sequence, type Value } from "./value.js";

/** Attributes that, once set on an instance, are called by later opcodes or by the interpreter. */
export const HOOKS: ReadonlySet<string> = new Set(
  "__setstate__ __reduce__ __reduce_ex__ __call__ __getattr__ __getattribute__ __class__ __del__ __dict__ __array__ __array_interface__ __array_struct__ __copy__ __deepcopy__ append extend add".split(
    " ",
  ),
);

/** Items of a dictionary that a call made, which BUILD may take for attributes. */
export function keepHooks(target: Call, items: readonly Value[]): void {
  for (let i = 0; i + 1 < items.length; i += 2) {
    const key = items[i];
    const value = items[i + 1] ?? null;
    if (typeof key !== "string" || !mayBeCalled(value) || !(HOOKS.has(key) || isFunction(value))) continue;
    target.hooks ??= new Map();
    target.hooks.set(key, value);
  }
}

/** The attributes that BUILD sets: those of a dictionary, or of both in a pair of them. */
export function* attributesOf(state: Value): Generator<[key: Value, value: Value]> {
  const parts = state instanceof Sequence ? state.items.slice(0, 2) : [state];
  for (const part of parts) {
    if (part instanceof Call) yield* madeAttributes(part);
    if (part instanceof Dict) yield* part.pairs();
  }
}

/** BUILD takes an `OrderedDict` as well, or what `dict` makes of pairs: any key may hold what can be called there. */
function* madeAttributes(state: Call): Generator<[key: Value, value: Value]> {
  yield* state.hooks ?? [];
  const values = [...walk(state.args)];
  const called = values.find((value) => value instanceof Call && mayBeCalled(value));
  if (called !== undefined) for (const key of values) yield [key, called];
}
