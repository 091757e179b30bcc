import type { Budget } from "../core/limits.js";
import { arithmetic, product } from "./arithmetic.js";
import { itemAt, METHODS, percent, sliceOf } from "./strings.js";
import type { Named, Tree } from "./tree.js";
import {
  either,
  itemsOf,
  leavesOf,
  nested,
  pairs,
  tainted,
  text,
  textsOf,
  UNKNOWN,
  unknown,
  type Value,
} from "./value.js";

const MAX_ROUNDS = 4_096;
const MOST_HELD = 16;

/** What a language makes of names, attributes and calls. */
export interface Dialect {
  attribute(of: Value, name: string, at: number): Value | undefined;
  /** `of[key]`, before it is taken for an item. */
  item(of: Value, key: Value, at: number): Value | undefined;
  call(
    callee: Value,
    positional: readonly Value[],
    named: ReadonlyMap<string, Value>,
    at: number,
  ): Value | undefined;
  filter(
    name: string,
    of: Value,
    positional: readonly Value[],
    named: ReadonlyMap<string, Value>,
    at: number,
  ): Value | undefined;
  /** A body that runs later, if ever. */
  later(tree: Extract<Tree, { kind: "lambda" }>): Value;
  /** Of two values that an expression may have, the one that matters. */
  choose?(first: Value, second: Value): Value;
  /** What the language makes of two values, before they are taken for texts or numbers. */
  combined?(operator: string, left: Value, right: Value): Value | undefined;
  /** A call of what is only a name here. */
  callsUnknown?(): void;
  /** What the function that is read gives to who goes through it. */
  yields?(values: readonly Value[]): void;
  /** Whether it matters that an unknown value was made of texts of the file (`computed`). */
  marksComputed?: true;
  /** Values of which the language makes text. */
  described?(...values: Value[]): void;
}

/** Steps for eight characters of a long text that a filter or a slice goes through: some make a list of it. */
const PER_LENGTH = 512;
const LONG = 512;

/**
 * Folds an expression as far as it is made of constants: strings that are put together, decoded or looked up by number.
 * Nothing is called; what the language's functions would answer is unknown, unless they only make strings.
 */
export class Evaluator {
  readonly names: Map<string, Value> = new Map();
  private readonly dialect: Dialect;
  private readonly budget: Budget;
  private readonly origin: (name: string, at: number) => Value;
  private rounds = 0;
  /** What the names were that changed since `begin`. */
  private changed: Map<string, Value | undefined> | undefined;

  constructor(dialect: Dialect, budget: Budget, origin: (name: string, at: number) => Value) {
    this.dialect = dialect;
    this.budget = budget;
    this.origin = origin;
  }

  evaluate(tree: Tree): Value {
    this.budget.step(4);
    switch (tree.kind) {
      case "text":
        return text(tree.text);
      case "known":
        return tree.value;
      case "number":
        return { kind: "number", value: tree.value };
      case "name":
        return this.names.get(tree.name) ?? this.origin(tree.name, tree.at);
      case "list":
        return nested({ kind: "list", items: this.all(tree.items) });
      case "map":
        return nested({
          kind: "map",
          entries: tree.entries.map(([key, item]) => [this.evaluate(key), this.evaluate(item)]),
        });
      case "any":
        return tree.parts.map((part) => this.evaluate(part)).reduce(this.choose, UNKNOWN);
      case "lambda":
        return this.dialect.later(tree);
      case "assign":
        return this.assign(tree.name, this.evaluate(tree.value));
      case "star":
        return this.evaluate(tree.of);
      case "yield":
        return this.yielded(tree);
      default:
        return this.compound(tree);
    }
  }

  private yielded({ of, each }: Extract<Tree, { kind: "yield" }>): Value {
    const value = this.evaluate(of);
    this.dialect.yields?.(each ? (itemsOf(value) ?? [unknown(value)]) : [value]);
    return value;
  }

  assign(name: string, value: Value): Value {
    if (this.changed && !this.changed.has(name)) this.changed.set(name, this.names.get(name));
    this.names.set(name, value);
    return value;
  }

  /** Remembers what is assigned from now on; answers what `undo` takes. A copy of all names would cost too much. */
  begin(): Map<string, Value | undefined> | undefined {
    const outer = this.changed;
    this.changed = new Map();
    return outer;
  }

  /** Takes back what was assigned since `begin` answered `outer`; answers what the names became. */
  undo(outer: Map<string, Value | undefined> | undefined): Map<string, Value> {
    const became = new Map<string, Value>();
    for (const [name, before] of this.changed ?? []) {
      const value = this.names.get(name);
      if (value && value !== before) became.set(name, value);
      this.restore(name, before);
    }
    this.changed = outer;
    return became;
  }

  private readonly choose = (first: Value, second: Value): Value =>
    this.dialect.choose?.(first, second) ?? either(first, second);

  private compound(
    tree: Extract<Tree, { kind: "attribute" | "item" | "slice" | "call" | "filter" | "binary" | "each" }>,
  ): Value {
    switch (tree.kind) {
      case "attribute": {
        const of = this.evaluate(tree.of);
        return this.dialect.attribute(of, tree.name, tree.at) ?? unknown(of);
      }
      case "item": {
        const of = this.evaluate(tree.of);
        const key = this.evaluate(tree.key);
        return this.dialect.item(of, key, tree.at) ?? this.itemOf(of, key);
      }
      case "slice":
        return sliceOf(
          this.charged(tree.of),
          tree.bounds.map((bound) => bound && this.evaluate(bound)),
        );
      case "call":
        return this.call(tree);
      case "filter": {
        const of = this.charged(tree.of);
        const { positional, named } = this.given(tree);
        return this.marked(this.dialect.filter(tree.name, of, positional, named, tree.at) ?? unknown(of), of);
      }
      case "binary":
        return this.chain(tree);
      case "each":
        return this.each(tree);
    }
  }

  /** `a + b + c ...`, of any length: each stands to the left of the next. */
  private chain(tree: Extract<Tree, { kind: "binary" }>): Value {
    const all = [tree];
    for (let left = tree.left; left.kind === "binary"; left = left.left) all.push(left);
    this.budget.step(4 * all.length);
    let value = this.evaluate(all.at(-1)?.left ?? tree.left);
    for (const { operator, right } of all.reverse()) value = this.both(operator, value, this.evaluate(right));
    return value;
  }

  /** A value that is about to be gone through from end to end. */
  private charged(tree: Tree): Value {
    const value = this.evaluate(tree);
    const length = lengthOf(value);
    if (length > LONG) this.budget.step(PER_LENGTH * length);
    return value;
  }

  /** Values, of which `*` takes some apart. */
  private all(trees: readonly Tree[]): Value[] {
    return trees.flatMap((tree) => {
      const value = this.evaluate(tree);
      const apart = tree.kind === "star" && value.kind === "list" && value.items.length <= MOST_HELD;
      return apart ? value.items : [value];
    });
  }

  private given(tree: { positional: readonly Tree[]; named: readonly Named[] }): {
    positional: Value[];
    named: Map<string, Value>;
  } {
    return {
      positional: this.all(tree.positional),
      named: new Map(tree.named.map(({ name, value }) => [name, this.evaluate(value)])),
    };
  }

  private call(tree: Extract<Tree, { kind: "call" }>): Value {
    const { callee } = tree;
    if (callee.kind === "lambda") return this.callLambda(tree, callee);
    if (callee.kind === "attribute") return this.callMember(tree, callee);
    const value = this.evaluate(callee);
    if (value.kind === "unknown") this.dialect.callsUnknown?.();
    return this.answer(tree, value, undefined);
  }

  private callMember(
    tree: Extract<Tree, { kind: "call" }>,
    { of: object, name, at }: Extract<Tree, { kind: "attribute" }>,
  ): Value {
    const of = this.evaluate(object);
    const method = of.kind !== "path" && Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
    if (!method) return this.answer(tree, this.dialect.attribute(of, name, at) ?? unknown(of), of);
    const { positional, named } = this.given(tree);
    this.dialect.attribute(of, name, at);
    if (/^(format|replace|join)$/.test(name)) this.dialect.described?.(...positional, ...named.values());
    return this.marked(method(of, positional, named), of);
  }

  private answer(tree: Extract<Tree, { kind: "call" }>, callee: Value, of: Value | undefined): Value {
    const { positional, named } = this.given(tree);
    const answer = this.dialect.call(callee, positional, named, tree.at);
    if (answer) return answer;
    const given = [...positional, ...named.values()];
    return this.marked(unknown(callee, ...given), ...(of && callee.kind === "unknown" ? [of] : given));
  }

  /** What became of texts of the file where nobody knows what that is. */
  private marked(value: Value, ...of: Value[]): Value {
    if (!this.dialect.marksComputed || value.kind !== "unknown" || !of.some(holdsText)) return value;
    return tainted(value, value, "computed");
  }

  private callLambda(
    tree: Extract<Tree, { kind: "call" }>,
    { parameters, body }: Extract<Tree, { kind: "lambda" }>,
  ): Value {
    const { positional, named } = this.given(tree);
    for (const [at, { name, value }] of parameters.entries()) {
      const given = positional[at] ?? named.get(name) ?? (value ? this.evaluate(value) : undefined);
      if (given) this.assign(name, given);
    }
    return this.evaluate(body);
  }

  /** By a key that nobody knows, any of what the value holds. */
  private itemOf(of: Value, key: Value): Value {
    const value = tainted(itemAt(of, key), of);
    if (!this.dialect.marksComputed || value.kind !== "unknown") return value;
    if (of.kind === "text") return key.kind === "text" ? value : this.marked(value, of);
    const held = of.kind === "list" ? of.items : of.kind === "map" ? of.entries.map(([, one]) => one) : [];
    if (held.length <= MOST_HELD) return held.reduce(either, value);
    return held.some((one) => textsOf(one).some((text) => text.includes("_")))
      ? this.marked(value, of)
      : value;
  }

  private both(operator: string, left: Value, right: Value): Value {
    const combined = this.dialect.combined?.(operator, left, right);
    if (combined !== undefined) return combined;
    const value = this.binary(operator, left, right);
    return /^[+~*%]$/.test(operator) ? this.marked(value, left, right) : value;
  }

  private binary(operator: string, left: Value, right: Value): Value {
    if (operator === "discard") return UNKNOWN;
    this.budget.step(lengthOf(left) + lengthOf(right));
    if (operator === "and" || operator === "or") return this.choose(left, right);
    if (operator === "~") this.dialect.described?.(left, right);
    if (operator === "%" && left.kind === "text") {
      this.dialect.described?.(right);
      return percent(left, right);
    }
    if (operator === "format") {
      return pairs(
        left.kind === "text" ? left : tainted(text("\ufffc"), left),
        known(right),
        (a, b) => a + b,
      );
    }
    if (operator === "+" || operator === "~") return sum(operator, left, right);
    if (operator === "*") return product(left, right);
    if (left.kind === "number" && right.kind === "number")
      return arithmetic(operator, left.value, right.value);
    return /^[-/@&^|<>]|^(in|is|not|==|!=)$/.test(operator) ? UNKNOWN : unknown(left, right);
  }

  /** A comprehension: gone through where its source is known, else once. */
  private each(tree: Extract<Tree, { kind: "each" }>): Value {
    const source = this.evaluate(tree.source);
    const items = itemsOf(source);
    const saved = new Map(tree.targets.map((name) => [name, this.names.get(name)]));
    const short = (items?.length ?? MAX_ROUNDS) < MAX_ROUNDS - this.rounds / 8;
    const results = (short && items ? items : [unknown(source)]).map((item) => this.round(tree, item));
    for (const [name, value] of saved) this.restore(name, value);
    if (!short) return unknown(source, ...results);
    return tree.keyed ? keyed(results) : { kind: "list", items: results };
  }

  private round(tree: Extract<Tree, { kind: "each" }>, item: Value): Value {
    this.rounds++;
    const parts = tree.targets.length > 1 ? itemsOf(item) : [item];
    const fits = parts?.length === tree.targets.length;
    for (const [at, name] of tree.targets.entries())
      this.names.set(name, (fits ? parts[at] : undefined) ?? unknown(item));
    for (const one of tree.rest) this.evaluate(one);
    return this.evaluate(tree.element);
  }

  private restore(name: string, value: Value | undefined): void {
    if (value) this.names.set(name, value);
    else this.names.delete(name);
  }
}

/** What a comprehension of pairs makes. */
function keyed(results: readonly Value[]): Value {
  const entries = results.map((one): [Value, Value] => {
    const [key, value] = one.kind === "list" ? one.items : [];
    return [key ?? UNKNOWN, value ?? UNKNOWN];
  });
  return { kind: "map", entries };
}

function holdsText(value: Value): boolean {
  if (value.kind === "map" && value.entries.some(([key]) => holdsText(key))) return true;
  for (const one of leavesOf<never>([value])) if (one.kind === "text") return true;
  return false;
}

/** What putting texts together costs. */
function lengthOf(value: Value): number {
  return value.kind === "text" ? (value.options[0]?.length ?? 0) >> 3 : 0;
}

function known(value: Value): Value {
  return textsOf(value).length > 0 ? value : tainted(text("\ufffc"), value);
}

function sum(operator: string, left: Value, right: Value): Value {
  if (left.kind === "number" && right.kind === "number" && operator === "+") {
    return { kind: "number", value: left.value + right.value };
  }
  if (left.kind === "list" && right.kind === "list") {
    const items = [...left.items, ...right.items];
    return items.length <= 65_536 ? { kind: "list", items } : UNKNOWN;
  }
  return pairs(left, right, (a, b) => a + b);
}
