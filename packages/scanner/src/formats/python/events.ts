import type { Value } from "../../expression/value.js";
import { FINDER_METHODS, finderBodies } from "./hooks.js";

/**
 * - `malice`: no honest file does this anywhere
 * - `acts`: reaches the system; harm when it runs on import
 * - `able`: could reach the system, as many honest files can
 */
export type EventLevel = "malice" | "acts" | "able";

export interface PythonEvent {
  level: EventLevel;
  what: string;
  at: number;
}

/** Code that runs together: a module, or a function's body. */
export interface Body {
  name: string;
  events: PythonEvent[];
  /** Functions of the same file that it calls. */
  calls: Set<string>;
  /** Functions of the same file, and what they are handed. */
  hands: (readonly [callee: string, given: string])[];
  /** It calls what is not known by its name, such as a parameter. */
  callsGiven: boolean;
}

export function newBody(name: string): Body {
  return { name, events: [], calls: new Set(), hands: [], callsGiven: false };
}

const MOST_HANDED = 10_000;

/** Remembers what a function of the file is handed, which it may call. */
export function hand(body: Body, callee: string, given: readonly Value[]): void {
  for (const value of given) {
    if (value.kind === "path" && body.hands.length < MOST_HANDED) body.hands.push([callee, value.path]);
  }
}

/** The bodies that run when the module is imported: its own, and what it calls by name. */
export function executed(
  root: Body,
  bodies: ReadonlyMap<string, readonly Body[]>,
  bases: ReadonlyMap<string, readonly string[]> = new Map(),
): ReadonlySet<Body> {
  const called = new Called(bodies, bases);
  const found = new Set<Body>([root]);
  const queue = [root];
  for (let body = queue.pop(); body; body = queue.pop()) {
    const handed = body.hands.filter(([callee]) => called.by(callee).some(({ callsGiven }) => callsGiven));
    for (const name of [...body.calls, ...handed.map(([, given]) => given)]) {
      for (const next of called.by(name)) {
        if (found.has(next)) continue;
        found.add(next);
        queue.push(next);
      }
    }
  }
  return found;
}

const MOST_CLASSES = 64;

/** What a call by a name may run: a function, a method that a class has or inherits, or what Python calls by itself. */
class Called {
  readonly #bodies: ReadonlyMap<string, readonly Body[]>;
  readonly #bases: ReadonlyMap<string, readonly string[]>;
  readonly #methods: ReadonlyMap<string, readonly Body[]>;
  /** Methods that Python itself calls, once there is an instance, a subclass, an operator or a subscript. */
  readonly #implicit: ReadonlyMap<string, readonly Body[]>;
  readonly #heirs = new Map<string, string[]>();
  readonly #known = new Map<string, readonly Body[]>();

  constructor(bodies: ReadonlyMap<string, readonly Body[]>, bases: ReadonlyMap<string, readonly string[]>) {
    this.#bodies = bodies;
    this.#bases = bases;
    this.#methods = methodsOf(bodies, () => true);
    this.#implicit = methodsOf(bodies, (name) => /^__\w+__$/.test(name));
    for (const [name, owners] of bases) {
      for (const owner of owners) this.#heirs.set(owner, [...(this.#heirs.get(owner) ?? []), name]);
    }
  }

  by(name: string): readonly Body[] {
    const known = this.#known.get(name);
    if (known) return known;
    const found = this.#find(name);
    this.#known.set(name, found);
    return found;
  }

  #find(name: string): readonly Body[] {
    if (name === FINDER_METHODS) return finderBodies(this.#bodies);
    if (name.endsWith(".*")) return this.#methods.get(name.slice(0, -2)) ?? [];
    const own = this.#bodies.get(name) ?? [];
    const dot = name.indexOf(".");
    const owner = dot < 0 ? name : name.slice(0, dot);
    if (!this.#bases.has(owner)) return [...own, ...(this.#implicit.get(name) ?? [])];
    const above = related(owner, this.#bases);
    if (dot < 0) return [...own, ...above.flatMap((one) => this.#implicit.get(one) ?? [])];
    // A method of a class may be that of one that inherits from it.
    const kin = [...above, ...related(owner, this.#heirs)];
    return kin.flatMap((one) => this.#bodies.get(`${one}${name.slice(dot)}`) ?? []);
  }
}

function related(name: string, links: ReadonlyMap<string, readonly string[]>): string[] {
  const found = new Set([name]);
  for (const one of found) {
    if (found.size > MOST_CLASSES) break;
    for (const next of links.get(one) ?? []) found.add(next);
  }
  return [...found];
}

/** By class: methods of these names. */
function methodsOf(
  bodies: ReadonlyMap<string, readonly Body[]>,
  which: (name: string) => boolean,
): ReadonlyMap<string, readonly Body[]> {
  const methods = new Map<string, Body[]>();
  for (const [name, found] of bodies) {
    const dot = name.indexOf(".");
    if (dot < 0 || !which(name.slice(dot + 1))) continue;
    const owner = name.slice(0, dot);
    const others = methods.get(owner);
    if (others) others.push(...found);
    else methods.set(owner, [...found]);
  }
  return methods;
}
