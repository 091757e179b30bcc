import { textsOf, type Value } from "../../expression/value.js";
import { EXECUTES, RUNS } from "./calls.js";
import type { Body, PythonEvent } from "./events.js";
import { isCallable } from "./handed.js";
import { join } from "./paths.js";

/** Where Python looks for who imports. */
export const FINDERS: RegExp = /^sys\.(meta_path|path_hooks)$/;
/** Stands for the methods that Python calls on what is found there. */
export const FINDER_METHODS = "<finders>";
const METHODS =
  /\.(find_(spec|module|loader|distributions)|(create|exec|load)_module|get_(code|data|source|filename)|invalidate_caches)$/;

export function finderBodies(bodies: ReadonlyMap<string, readonly Body[]>): Body[] {
  return [...bodies].flatMap(([name, found]) => (METHODS.test(name) ? found : []));
}

type Told = Pick<PythonEvent, "level" | "what">;

/** A variable of the environment that says what Python is to call. */
export function variable(name: string, value: Value | undefined): Told | undefined {
  if (name !== "PYTHONBREAKPOINT" || !value) return undefined;
  const runs = textsOf(value).find((one) => runsByName(one));
  return runs === undefined ? undefined : { level: "acts", what: `has breakpoint() call ${runs}` };
}

/** `__reduce__` that answers what runs commands or code: whoever copies or loads the object runs it. */
export function reduction(value: Value): Told | undefined {
  const [first] = value.kind === "list" ? value.items : [];
  if (first?.kind !== "path" || !runsByName(first.path)) return undefined;
  return { level: "acts", what: `has ${first.path} called by who copies or loads an object` };
}

function runsByName(path: string): boolean {
  return RUNS.test(path) || EXECUTES.test(path);
}

/** The names by which what is set on a module, a class or the environment is found again. */
export function keptAs(of: string, name: string, value: Value): string[] {
  const callable = isCallable(value) ? [join(of, name)] : [];
  if (of === "os.environ" && textsOf(value).length > 0) return [`os.environ.${name}`];
  if (of === "sys.modules" && value.kind === "path") return [`sys.modules.${name}`];
  return of === "<globals>" ? [name] : callable;
}

/** The first name of a dotted path. */
export function rootOf(path: string): string {
  return path.split(".", 1)[0] ?? path;
}
