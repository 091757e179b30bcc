import { either, itemsOf, leavesOf, text, textsOf, UNKNOWN, type Value } from "../../expression/value.js";
import { EXECUTES, RUNS } from "./calls.js";

/** Callables that call what they are given. */
export const CALLS_GIVEN: RegExp =
  /^(builtins\.(map|filter|sorted|max|min|next|list|any|all)|threading\.(Thread|Timer)|multiprocessing\.Process|atexit\.register|functools\.reduce|_thread\.start_new_thread|itertools\.\w+|re\.subn?|json\.loads?|collections\.defaultdict|codecs\.register(_error)?|sys\.(setprofile|settrace|addaudithook)|threading\.(settrace|setprofile)(_all_threads)?|operator\.call|asyncio\.run|signal\.signal|os\.register_at_fork|gc\.callbacks\.\w+|sys\.path_hooks\.\w+|weakref\.(ref|proxy|finalize)|functools\.(cmp_to_key|partialmethod)|contextlib\.closing|dataclasses\.field|types\.new_class)$|\.(submit|apply|apply_async|i?map(_unordered)?|starmap|callback|run_in_executor|add_done_callback|call_(soon|later)|enter_context|sort|add(Filter|Handler|_argument)|enter(abs)?)$/;

/** Calls that only ask about a function, wrap it or replace it. */
const ASKS =
  /^builtins\.(getattr|hasattr|isinstance|issubclass|callable|type|repr|str|id|dir|print)$|^(functools|inspect|typing|unittest|mock|pytest|logging|warnings)\.|(^|\.)(patch|wraps|object|signature|append|add)$/;

/** What runs commands or code. */
export function isRunner(value: Value): boolean {
  return value.kind === "path" && (RUNS.test(value.path) || /^builtins\.(exec|eval)$/.test(value.path));
}

/** Whether a call is handed a function that runs commands or code: `submit(os.system, ...)`, `setattr(a, "f", exec)`. */
export function handsOver(path: string, given: readonly Value[]): boolean {
  return !ASKS.test(path) && !RUNS.test(path) && !EXECUTES.test(path) && given.some(isRunner);
}

/** Settings and programs by their names: logging calls what "()" names, webbrowser runs a command line. */
export function namesRunner(path: string, given: readonly Value[]): boolean {
  const configures = /(^|\.)dictConfig$/.test(path);
  if (!configures && path !== "webbrowser.get") return false;
  const runs = configures ? RUNS : /%s|&|[/\\ ]/;
  return [...leavesOf<never>(given)].flatMap((value) => textsOf(value)).some((one) => runs.test(one));
}

/** What runs something, or a function of the file. */
export function isCallable(value: Value): boolean {
  return isRunner(value) || (value.kind === "path" && /^(\w+|<lambda\d+>)$/.test(value.path));
}

export function isLambda(value: Value): boolean {
  return value.kind === "path" && value.path.startsWith("<lambda");
}

/** Of two values, the one that matters: what runs something, else what is known. */
export function choose(first: Value, second: Value): Value {
  return isRunner(first) && second.kind === "path" ? first : either(first, second);
}

/** A lambda is handed on to be called; a function may be kept for later, as honest files do. */
export function lambdasIn(given: readonly Value[]): Value[] {
  return [...leavesOf<never>(given)].filter(isLambda);
}

/** Modules of which an attribute by a computed name is picked so that nobody reads it. */
export function isModule(path: string): boolean {
  return /^(os|posix|nt|subprocess|pty|builtins|_posixsubprocess)$/.test(path);
}

/** `inspect.getmembers(os)`. */
export function isListed(path: string, [of]: readonly Value[]): boolean {
  return /^inspect\.getmembers(_static)?$/.test(path) && of?.kind === "path" && isModule(of.path);
}

/** The methods of a map that answer what it holds. */
export function pairsIn(of: Extract<Value, { kind: "map" }>, name: string): Value | undefined {
  if (name === "items") {
    return { kind: "list", items: of.entries.map(([key, value]) => ({ kind: "list", items: [key, value] })) };
  }
  if (name === "values") return { kind: "list", items: of.entries.map(([, value]) => value) };
  return name === "keys" ? { kind: "list", items: of.entries.map(([key]) => key) } : undefined;
}

const MOST_PICKED = 16;

/** To look through all names costs much. */
const MOST_LOOKS = 256;

/** What `globals().items()` gives, of what runs something. */
export class Pickable {
  private known: Extract<Value, { kind: "map" }> = { kind: "map", entries: [] };
  private names = -1;
  private looks = 0;

  of(names: ReadonlyMap<string, Value>, method: string): Value {
    if (names.size !== this.names && ++this.looks < MOST_LOOKS) {
      this.names = names.size;
      const entries: [Value, Value][] = [];
      for (const [name, value] of names)
        if (isCallable(value) && /^\w+$/.test(name)) entries.push([text(name), value]);
      // Which of them is picked nobody knows; the worst comes first.
      const worst = entries.filter(([, value]) => isRunner(value));
      this.known = { kind: "map", entries: [...worst, ...entries.slice(-MOST_PICKED)].slice(0, MOST_PICKED) };
    }
    return pairsIn(this.known, method) ?? UNKNOWN;
  }
}

interface Caller {
  call(
    callee: Value,
    given: readonly Value[],
    named: ReadonlyMap<string, Value>,
    at: number,
  ): Value | undefined;
  charge(steps: number): void;
}

/** Steps for a call of `map`. */
const PER_ITEM = 400;

/** `map(f, values)`, where the values are known. */
export function mapped(of: Caller, [callee, source]: readonly Value[], at: number): Value | undefined {
  const items = source && itemsOf(source);
  if (!items || items.length > 4_096 || callee?.kind !== "path") return undefined;
  if (RUNS.test(callee.path)) return undefined;
  of.charge(PER_ITEM * items.length);
  return { kind: "list", items: items.map((item) => of.call(callee, [item], new Map(), at) ?? UNKNOWN) };
}
