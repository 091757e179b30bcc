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

/** The bodies that run when the module is imported: its own, and what it calls by name. */
export function executed(root: Body, bodies: ReadonlyMap<string, readonly Body[]>): ReadonlySet<Body> {
  const methods = implicit(bodies);
  const found = new Set<Body>([root]);
  const queue = [root];
  for (let body = queue.pop(); body; body = queue.pop()) {
    const handed = body.hands.filter(([callee]) => bodies.get(callee)?.some(({ callsGiven }) => callsGiven));
    for (const name of [...body.calls, ...handed.map(([, given]) => given)]) {
      for (const next of [...(bodies.get(name) ?? []), ...(methods.get(name) ?? [])]) {
        if (found.has(next)) continue;
        found.add(next);
        queue.push(next);
      }
    }
  }
  return found;
}

/** By class: methods that Python itself calls, once there is an instance, a subclass, an operator or a subscript. */
function implicit(bodies: ReadonlyMap<string, readonly Body[]>): ReadonlyMap<string, readonly Body[]> {
  const methods = new Map<string, Body[]>();
  for (const [name, found] of bodies) {
    const dot = name.indexOf(".");
    if (dot < 0 || !/^__\w+__$/.test(name.slice(dot + 1))) continue;
    const owner = name.slice(0, dot);
    const others = methods.get(owner);
    if (others) others.push(...found);
    else methods.set(owner, [...found]);
  }
  return methods;
}
