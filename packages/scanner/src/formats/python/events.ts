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
}

export function newBody(name: string): Body {
  return { name, events: [], calls: new Set() };
}

/** What Python itself calls when an instance is made, or when an installer runs a command. */
const IMPLICIT = (
  "__init__ __new__ __post_init__ __enter__ __exit__ __call__ __getattr__ __getattribute__ __getitem__ __iter__ __next__ " +
  "__del__ __repr__ __str__ __eq__ __hash__ __len__ __bool__ __set_name__ __get__ __prepare__ __init_subclass__"
).split(" ");

/** The bodies that run when the module is imported: its own, and what it calls by name. */
export function executed(root: Body, bodies: ReadonlyMap<string, readonly Body[]>): ReadonlySet<Body> {
  const found = new Set<Body>([root]);
  const queue = [root];
  for (let body = queue.pop(); body; body = queue.pop()) {
    for (const next of [...body.calls].flatMap((name) => calledBy(name, bodies))) {
      if (found.has(next)) continue;
      found.add(next);
      queue.push(next);
    }
  }
  return found;
}

function calledBy(name: string, bodies: ReadonlyMap<string, readonly Body[]>): readonly Body[] {
  return [name, ...IMPLICIT.map((method) => `${name}.${method}`)].flatMap(
    (called) => bodies.get(called) ?? [],
  );
}
