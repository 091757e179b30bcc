import { itemAt } from "../../expression/strings.js";
import type { Tree } from "../../expression/tree.js";
import { itemsOf, textsOf, unknown, type Value } from "../../expression/value.js";
import { choose, isCallable } from "./handed.js";
import type { PythonInterpreter } from "./interpreter.js";

export interface Assigns {
  readonly interpreter: PythonInterpreter;
  /** The class in whose body the statement stands. */
  readonly className: string;
}

type Targets = readonly Tree[];
const MOST_ENTRIES = 256;
const MOST_ROUNDS = 16;

/** In the body of a class, the name of a method stands for it. */
export function ownMethod(bodies: ReadonlyMap<string, unknown>, className: string, value: Value): Value {
  if (className === "" || value.kind !== "path") return value;
  const path = `${className}.${value.path}`;
  return bodies.has(path) ? { kind: "path", path } : value;
}

/** What an assignment gives to its target: a name, an attribute, an item, or several of them. */
export function assign(to: Assigns, target: Tree, value: Value): void {
  const { interpreter, className } = to;
  if (target.kind === "name") {
    interpreter.assign(target.name, value);
    if (className) interpreter.assign(`${className}.${target.name}`, value);
  } else if (target.kind === "star") assign(to, target.of, value);
  else if (target.kind === "list") takeApart(target.items, value, (one, part) => assign(to, one, part));
  else if (target.kind === "attribute") {
    if (target.of.kind === "name") interpreter.assign(`${target.of.name}.${target.name}`, value);
    const of = interpreter.evaluate(target.of);
    interpreter.keep(of, target.name, value, target.at);
    // A property, or a descriptor, takes what is set.
    interpreter.attribute(of, target.name, target.at);
  } else if (target.kind === "item") assignItem(to, target, value);
  else interpreter.evaluate(target);
}

function assignItem(to: Assigns, target: Extract<Tree, { kind: "item" }>, value: Value): void {
  const { interpreter } = to;
  const of = interpreter.evaluate(target.of);
  const key = interpreter.evaluate(target.key);
  const [name] = textsOf(key);
  if (of.kind === "path" && of.path === "<globals>" && key.kind === "text") {
    if (name !== undefined) interpreter.assign(name, value);
    return;
  }
  if (of.kind === "path" && name !== undefined) interpreter.keep(of, name, value, target.at);
  const room = of.kind === "map" && of.entries.length < MOST_ENTRIES && target.of.kind === "name";
  if (room && target.of.kind === "name" && isCallable(value)) {
    interpreter.assign(target.of.name, { kind: "map", entries: [[key, value], ...of.entries] });
  }
  interpreter.evaluate({
    ...target,
    of: { kind: "known", value: of },
    key: { kind: "known", value: key },
  });
}

/** Gives each target its part; one with a star takes what the others leave. */
function takeApart(targets: Targets, value: Value, give: (target: Tree, part: Value) => void): void {
  const items = itemsOf(value);
  const star = targets.findIndex(({ kind }) => kind === "star");
  const most = items ? items.length - targets.length : 0;
  for (const [at, target] of targets.entries()) {
    if (at === star && items) give(target, { kind: "list", items: items.slice(at, at + most + 1) });
    else give(target, items?.[star >= 0 && at > star ? at + most : at] ?? unknown(value));
  }
}

/** What the names in a pattern of `match` are when it fits the value. */
export function bind(to: Assigns, pattern: Tree, value: Value): void {
  const each = (one: Tree, part: Value): void => bind(to, one, part);
  if (pattern.kind === "name" && pattern.name !== "_") assign(to, pattern, value);
  else if (pattern.kind === "star") bind(to, pattern.of, value);
  else if (pattern.kind === "list") takeApart(pattern.items, value, each);
  else if (pattern.kind === "any") for (const one of pattern.parts) each(one, value);
  else if (pattern.kind === "map") {
    for (const [key, one] of pattern.entries) each(one, itemAt(value, to.interpreter.evaluate(key)));
  } else if (pattern.kind === "binary") {
    each(pattern.left, value);
    each(pattern.right, value);
  } else if (pattern.kind === "call") bindClass(to, pattern, value);
}

/** `case Class(part, attribute=part)`. */
function bindClass(to: Assigns, pattern: Extract<Tree, { kind: "call" }>, value: Value): void {
  for (const one of pattern.positional) bind(to, one, unknown(value));
  for (const { name, value: one } of pattern.named)
    bind(to, one, to.interpreter.attribute(value, name, pattern.at) ?? unknown(value));
}

/** What a loop's target may be: of each part, the one that matters. */
export function anyOf(source: Value): Value {
  const items = itemsOf(source)?.slice(0, MOST_ROUNDS);
  const [first] = items ?? [];
  if (!items || !first) return unknown(source);
  const rows = items.flatMap((item) => (item.kind === "list" ? [item.items] : []));
  const width = rows[0]?.length ?? 0;
  if (rows.length < items.length || rows.some(({ length }) => length !== width))
    return items.reduce(choose, unknown());
  const column = (at: number): Value => rows.map((row) => row[at] ?? unknown()).reduce(choose, unknown());
  return { kind: "list", items: Array.from({ length: width }, (_, at) => column(at)) };
}
