import { argumentList } from "./arguments.js";
import { type Call, Dict, Tuple, type Value } from "./value.js";

/** BUILD replaces the function and arguments of a partial: (function, arguments, keywords, attributes). */
export function partialOf(partial: Call, list: readonly Value[]): readonly Value[] {
  if (!(partial.state instanceof Tuple)) return list;
  const [target, bound, keywords] = partial.state.items;
  const named = keywords instanceof Dict ? keywords.values() : [];
  return target === undefined ? list : [target, ...(argumentList(bound ?? null) ?? []), ...named];
}

/** The arguments that a partial is called with. */
export function joined(bound: readonly Value[], args: Value): Value {
  const list = argumentList(args);
  return list ? new Tuple([...bound, ...list]) : args;
}
