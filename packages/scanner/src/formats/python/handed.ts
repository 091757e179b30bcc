import { either, itemsOf, leavesOf, textsOf, UNKNOWN, type Value } from "../../expression/value.js";
import { EXECUTES, RUNS } from "./calls.js";

/** Callables that call what they are given. */
export const CALLS_GIVEN: RegExp =
  /^(builtins\.(map|filter|sorted|max|min|next|list|any|all)|threading\.(Thread|Timer)|multiprocessing\.Process|atexit\.register|functools\.reduce|_thread\.start_new_thread|itertools\.\w+|re\.subn?|json\.loads?|collections\.defaultdict|weakref\.finalize|codecs\.register|sys\.(setprofile|settrace|addaudithook)|operator\.call|asyncio\.run)$|\.(submit|apply|apply_async|i?map(_unordered)?|starmap|callback|run_in_executor|add_done_callback|call_(soon|later)|enter_context|sort)$/;

/** Calls that only ask about a function, wrap it or replace it. */
const ASKS =
  /^builtins\.(getattr|hasattr|isinstance|issubclass|callable|type|repr|str|id|dir|print)$|^(functools|inspect|typing|unittest|mock|pytest|logging|warnings)\.|(^|\.)(patch|wraps|object|signature|append|add)$/;

function runs(value: Value): boolean {
  return value.kind === "path" && (RUNS.test(value.path) || /^builtins\.(exec|eval)$/.test(value.path));
}

/** Whether a call is handed a function that runs commands or code: `submit(os.system, ...)`, `setattr(a, "f", exec)`. */
export function handsOver(path: string, given: readonly Value[]): boolean {
  return !ASKS.test(path) && !RUNS.test(path) && !EXECUTES.test(path) && given.some(runs);
}

/** Settings and programs by their names: logging calls what "()" names, webbrowser runs a command line. */
export function namesRunner(path: string, given: readonly Value[]): boolean {
  const texts = [...leavesOf<never>(given)].flatMap((value) => textsOf(value));
  if (/(^|\.)dictConfig$/.test(path)) return texts.some((one) => RUNS.test(one));
  return path === "webbrowser.get" && texts.some((one) => /%s|&|[/\\ ]/.test(one));
}

/** What runs something, or a function of the file. */
export function isCallable(value: Value): boolean {
  return runs(value) || (value.kind === "path" && /^(\w+|<lambda\d+>)$/.test(value.path));
}

export function isLambda(value: Value): boolean {
  return value.kind === "path" && value.path.startsWith("<lambda");
}

/** Of two values, the one that matters: what runs something, else what is known. */
export function choose(first: Value, second: Value): Value {
  return runs(first) && second.kind === "path" ? first : either(first, second);
}

/** Modules of which an attribute by a computed name is picked so that nobody reads it. */
export function isModule(path: string): boolean {
  return /^(os|posix|nt|subprocess|pty|builtins|_posixsubprocess)$/.test(path);
}

/** The methods of a map that answer what it holds. */
export function pairsIn(of: Extract<Value, { kind: "map" }>, name: string): Value | undefined {
  if (name === "items") {
    return { kind: "list", items: of.entries.map(([key, value]) => ({ kind: "list", items: [key, value] })) };
  }
  if (name === "values") return { kind: "list", items: of.entries.map(([, value]) => value) };
  return name === "keys" ? { kind: "list", items: of.entries.map(([key]) => key) } : undefined;
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
