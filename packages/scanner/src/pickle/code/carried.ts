import { argumentList, walk } from "../arguments.js";
import { Call, Dict, Global, Sequence, type Value } from "../value.js";

/** A function as the pickle carries it. */
export interface CarriedFunction {
  code: Value;
  globals: Value[];
  closure: Value[];
  defaults: Value[];
  /** Modules that are imported so that the function finds them, and given to nobody. */
  kept?: Value[];
  /** What a call gives it. */
  given?: readonly Value[];
  offset: number;
}

/** A class whose attributes the pickle carries. */
export interface CarriedClass {
  bases: readonly Value[];
  attributes: Value[];
  offset: number;
}

/** What runs while the file is loaded, and why. */
export interface Running {
  why: string;
  offset: number;
  /** What it is given, where the file says so. */
  given?: readonly Value[];
}

const MOST = 100_000;
const MOST_CALLS = 64;
export const CONTENTS = "cell_contents";

/** Code, functions and classes that one pickle carries by value. */
export class Carried {
  readonly codes: Map<Call, number> = new Map();
  readonly functions: Map<Value, CarriedFunction> = new Map();
  readonly classes: Map<Value, CarriedClass> = new Map();
  readonly running: Map<Value, Running[]> = new Map();
  /** Modules that lead to the system, and dangerous names. */
  readonly modules: Map<Global, number> = new Map();
  readonly watched: Set<Global> = new Set();
  /** Those that stand in an object's state or in a call's arguments, where code finds them under any name. */
  readonly leaked: Set<Global> = new Set();
  /** The types of functions and code were named. */
  typed: number | undefined;
  /** An instance of such a class was handed to a call, which may use any of its operators. */
  handed: number | undefined;
  private uses: Set<Value> | undefined;

  addModule(module: Global, offset: number): void {
    if (this.modules.size >= MOST) return;
    this.modules.set(module, offset);
    this.watched.add(module);
  }

  addCode(made: Call, offset: number): void {
    if (this.codes.size < MOST) this.codes.set(made, offset);
  }

  addFunction(made: Value, parts: CarriedFunction): void {
    if (this.functions.size < MOST) this.functions.set(made, parts);
  }

  /** Code finds what stands in an object under any name. */
  leak(given: Value): void {
    if (this.watched.size === 0) return;
    for (const value of walk(given, false)) {
      if (value instanceof Global && this.watched.has(value)) this.leaked.add(value);
    }
  }

  addClass(made: Value, parts: CarriedClass): void {
    for (const one of parts.attributes) this.leak(one);
    if (this.classes.size < MOST) this.classes.set(made, parts);
  }

  /** Whether BUILD was one of a function of the file, which is filled. */
  fill(made: Value, state: Value): boolean {
    const parts = this.functions.get(made);
    if (parts) fillFunction(parts, state);
    return parts !== undefined;
  }

  /** The classes that are no part of the file and that a class of the file inherits from; of others itself. */
  basesOf(cls: Value): Value[] {
    const found: Value[] = [];
    const seen = new Set<Value>();
    const queue = [cls];
    for (let one = queue.pop(); one !== undefined; one = queue.pop()) {
      if (seen.has(one)) continue;
      seen.add(one);
      const own = this.classes.get(one);
      if (own) queue.push(...own.bases);
      else found.push(one);
    }
    return found;
  }

  /** Whether only functions of the file find a name, in their globals, so that their code says what it is for. */
  isUsedOnly(global: Global): boolean {
    return this.used().has(global) && !this.leaked.has(global);
  }

  private used(): ReadonlySet<Value> {
    this.uses ??= new Set([...this.functions.values()].flatMap(usedBy));
    return this.uses;
  }

  isInstance(value: Value): value is Call {
    return value instanceof Call && this.classes.has(value.callee);
  }

  /** The pickle calls a function itself. */
  runs(made: Value, running: Running): void {
    const all = this.running.get(made);
    if (!all) this.running.set(made, [running]);
    else if (all.length < MOST_CALLS) all.push(running);
    // Whatever it is given from here on, it is judged as one that may be given anything.
    else if (all.length === MOST_CALLS) all.push({ why: running.why, offset: running.offset });
  }

  /** Functions under a name in a class and, if asked, in those that it inherits from. */
  *methods(
    cls: Value,
    names: (name: string) => boolean,
    inherited = true,
  ): Generator<[name: string, made: Value]> {
    const own = this.classes.get(cls);
    for (const one of inherited ? this.lineage(cls) : own ? [own] : []) {
      for (const [key, value] of one.attributes.flatMap(pairsOf)) {
        if (typeof key !== "string" || !names(key)) continue;
        for (const made of this.functionsOf(value)) yield [key, made];
      }
    }
  }

  /** Functions that compute an attribute: those of a property, not a method that is only bound. */
  *computed(cls: Value, name: string): Generator<[name: string, made: Value]> {
    for (const [key, made] of this.methods(cls, (one) => one === name)) {
      const bound = this.lineage(cls).some(({ attributes }) =>
        attributes.flatMap(pairsOf).some(([at, value]) => at === name && value === made),
      );
      if (!bound) yield [key, made];
    }
  }

  /** A class of the file and those of the file that it inherits from. */
  private lineage(cls: Value): CarriedClass[] {
    const found = new Set<CarriedClass>();
    const queue = [cls];
    for (let one = queue.pop(); one !== undefined; one = queue.pop()) {
      const own = this.classes.get(one);
      if (!own || found.has(own)) continue;
      found.add(own);
      queue.push(...own.bases);
    }
    return [...found];
  }

  /** The functions of an attribute: itself, or those of a property, a class method, a partial. */
  private functionsOf(value: Value, depth = 0): Value[] {
    if (this.functions.has(value)) return [value];
    if (!(value instanceof Call) || depth > 3) return [];
    const kept = value.state === undefined ? [] : pairsOf(value.state).map(([, one]) => one);
    return [...(argumentList(value.args) ?? []), ...kept].flatMap((one) => this.functionsOf(one, depth + 1));
  }
}

function usedBy({ globals, closure, defaults, kept = [] }: CarriedFunction): Value[] {
  const named = globals.flatMap(pairsOf).map(([, value]) => value);
  return [...globals, ...named, ...contentsOf(closure), ...defaults, ...kept];
}

function pairsOf(attributes: Value): [Value, Value][] {
  return attributes instanceof Dict ? [...attributes.pairs()] : [];
}

/** What `_fill_function`, `_function_setstate` and BUILD add to a function that was made empty. */
export function fillFunction(parts: CarriedFunction, state: Value): void {
  const states = state instanceof Sequence ? state.items : [state];
  for (const [key, value] of states.flatMap(pairsOf)) {
    const part = typeof key === "string" ? PARTS[key] : undefined;
    if (part === "globals") parts.globals.push(value);
    else if (part) parts[part] = [...(argumentList(value) ?? [])];
  }
}

/** As the versions of cloudpickle name them. */
const PARTS: Readonly<Record<string, "globals" | "closure" | "defaults" | "kept">> = {
  globals: "globals",
  __globals__: "globals",
  closure_values: "closure",
  __closure__: "closure",
  defaults: "defaults",
  __defaults__: "defaults",
  _cloudpickle_submodules: "kept",
};

/** What the cells of a closure hold. */
export function contentsOf(closure: readonly Value[]): Value[] {
  return closure.map((cell) => {
    if (cell instanceof Call && cell.hooks?.has(CONTENTS)) return cell.hooks.get(CONTENTS) ?? null;
    if (!(cell instanceof Call) || !(cell.callee instanceof Global) || !/cell$/i.test(cell.callee.name))
      return cell;
    return argumentList(cell.args)?.[0] ?? null;
  });
}
