import type { Tree } from "../../expression/tree.js";
import { itemsOf, taintsOf, unknown, type Value } from "../../expression/value.js";
import { isRunner } from "./handed.js";
import type { PythonInterpreter } from "./interpreter.js";

const MOST_ITEMS = 4_096;
/** Lists that were appended to, which are not copied each time. */
const growing = new WeakMap<Value, Value[]>();

/** `list.append(value)`: the list has one more; answers what is left of the call. */
export function grown(interpreter: PythonInterpreter, tree: Tree): Tree {
  if (tree.kind !== "call" || tree.callee.kind !== "attribute" || tree.callee.of.kind !== "name") return tree;
  const { name, of } = tree.callee;
  const [given, ...others] = tree.positional;
  if (!/^(append|extend)$/.test(name) || !given || others.length > 0) return tree;
  const list = interpreter.named(of.name);
  if (list.kind !== "list") return tree;
  const value = interpreter.evaluate(given);
  const call: Tree = { ...tree, positional: [{ kind: "known", value }] };
  const rest: Tree = isRunner(value) ? call : { kind: "any", parts: [] };
  if (list.items.length >= MOST_ITEMS) return rest;
  const more = name === "append" ? [within(value)] : (itemsOf(value)?.map(within) ?? [unknown(value)]);
  const own = growing.get(list);
  if (own) for (const one of more.slice(0, MOST_ITEMS)) own.push(one);
  else {
    const items = [...list.items, ...more];
    const longer: Value = { kind: "list", items };
    growing.set(longer, items);
    interpreter.assign(of.name, longer);
  }
  return rest;
}

/** A list that grows later is not put into another, or itself. */
function within(value: Value): Value {
  return growing.has(value) ? unknown(value) : value;
}

/** What `left operator= right` makes of the value: what is put together in a way that is not followed is hidden. */
export function changed(operator: string, left: Tree, right: Tree, value: Value, followed: boolean): Value {
  const numbers = operator === "^=" && left.kind === "item";
  const spelled =
    !followed &&
    operator === "+=" &&
    right.kind === "call" &&
    right.callee.kind === "name" &&
    right.callee.name === "chr" &&
    right.positional[0]?.kind !== "number";
  return numbers || (spelled && !taintsOf(value).has("decoded")) ? unknown("decoded", value) : value;
}

/** Of `numbers[at] ^= key`, what changes is all of the numbers. */
export function changedTarget(operator: string, left: Tree): Tree {
  return operator === "^=" && left.kind === "item" && left.of.kind === "name" ? left.of : left;
}
