import { looksLikeClass } from "../globals/classify.js";
import { argumentList, show, walk } from "./arguments.js";
import { handsOut } from "./callable.js";
import type { PickleJudge } from "./judge.js";
import { Call, Global, Sequence, type Value } from "./value.js";

/** Methods that write, remove or open what the object or an argument names. */
const ON_PATHS =
  /^(touch|mkdir|rmdir|unlink|rename|replace|l?chmod|symlink_to|hardlink_to|link_to|(write|read)_(text|bytes)|open|(copy|move)(_into)?|_?(raw_)?open\w*)$/;
const ON_ARRAYS = /^(tofile|dump)$/;
const ON_TABLES =
  /^(to_(csv|pickle|parquet|hdf|sql|json|html|excel|feather|stata|latex|string|markdown|clipboard|xml|orc|gbq)|eval|query|pipe)$/;
/** Attributes of attributes, by a text. */
const ON_MODELS = /^(save(_\w+)?|dump(_model)?|tofile|export(_\w+)?|write(_\w+)?|to_disk)$/;
const ON_FORMATTERS = /^(v?format|get_field|get_value|_vformat)$/;

/** Which methods of an allow-listed class act, by its module. */
const ACTING: readonly (readonly [RegExp, RegExp])[] = [
  [/^pathlib\b/, ON_PATHS],
  [/^numpy\b/, ON_ARRAYS],
  [/^pandas\b/, ON_TABLES],
  [/^string$/, ON_FORMATTERS],
];

/** Names that only such methods have. */
const TELLING =
  /^(touch|mkdir|rmdir|unlink|l?chmod|symlink_to|hardlink_to|link_to|write_(text|bytes)|tofile|to_(csv|pickle|parquet|hdf|sql|excel|feather|stata|latex|clipboard|gbq)|get_field|vformat)$/;

/** Whether a method by its name alone is one that acts. */
export function tellsAction(name: string): boolean {
  return TELLING.test(name);
}

/** Whether a method of a class acts; of an unknown object any of them may. */
function methodActs(module: string, name: string): boolean {
  return ACTING.some(([of, methods]) => of.test(module) && methods.test(name));
}

/** `Path.touch`: a method by the class that has it. */
export function isActingMethod({ module, name }: Global): boolean {
  const dot = name.lastIndexOf(".");
  return dot > 0 && methodActs(module, name.slice(dot + 1));
}

/** Whether `getattr(target, name)` gives a function that acts on files. */
export function reachesAction(target: Value, name: string): boolean {
  if (!(target instanceof Call)) return false;
  if (!(target.callee instanceof Global)) return TELLING.test(name);
  const { module, judgement } = target.callee;
  if (methodActs(module, name)) return true;
  if (judgement.origin === "framework" && ON_MODELS.test(name)) return true;
  // What `getitem` and the like hand out may be any object; a class of somebody's own has its own methods.
  return (
    judgement.level === "safe" && judgement.origin === "python" && ACTING.some(([, one]) => one.test(name))
  );
}

const DRAWS =
  /^(random|uniform|triangular|randint|randrange|getrandbits|randbytes|gauss|binomialvariate|(beta|expo|gamma|lognorm|normal|pareto|vonmises|weibull)variate)$/;

/** Whether this is a method of a `random.Random` that makes a number of numbers: factories of defaults are such. */
export function drawsNumber({ callee, args }: Call, given: Value): boolean {
  if (!(callee instanceof Global && callee.path === "builtins.getattr")) return false;
  const [target, name] = argumentList(args) ?? [];
  if (!(target instanceof Call && target.callee instanceof Global)) return false;
  if (target.callee.path !== "random.Random" || target.hooks !== undefined) return false;
  const numbers = argumentList(given)?.every((value) => typeof value === "number");
  return typeof name === "string" && DRAWS.test(name) && numbers === true;
}

/** What makes a function of what it is given. */
const BINDS =
  /^(builtins\.getattr|_?functools\.partial|types\.(MethodType|GenericAlias)|_?operator\.(methodcaller|itemgetter|attrgetter)|(numpy\.|\w+\.)*vectorize)$/;

/** A function, or a bound one: not an instance, which may have a `__call__` that is its class's own. */
export function isFunction(value: Value): boolean {
  if (value instanceof Global)
    return !/^(safe|class)$/.test(value.judgement.level) && !looksLikeClass(value.name);
  if (!(value instanceof Call)) return false;
  return !(value.callee instanceof Global) || BINDS.test(value.callee.path);
}

const MOST_LOOKED_AT = 64;

function holdsFunction(value: Value): boolean {
  if (!(value instanceof Sequence)) return isFunction(value);
  return value.items.slice(0, MOST_LOOKED_AT).some(isFunction);
}

/** Classes that take attributes as arguments. */
const TAKES_ATTRIBUTES = /^(types\.SimpleNamespace|argparse\.Namespace)$/;

/**
 * Instances to which the file gave functions. `dict(x)` calls `x.keys`, `UUID(x)` calls `x.replace`: what an allowed call
 * asks of its argument is then what the file put there.
 */
export class Armed {
  readonly #instances = new Map<Call, string>();

  set(judge: PickleJudge, target: Call, key: Value, value: Value, offset: number): void {
    if (typeof key !== "string" || !holdsFunction(value)) return;
    this.#instances.set(target, key);
    // A defaultdict calls its factory for any key that is not there.
    const made = target.callee instanceof Global ? target.callee.path : "";
    if (key === "default_factory" && made.endsWith("defaultdict")) this.#report(judge, target, offset);
  }

  /** An allowed call, which may ask its arguments for attributes. */
  called(judge: PickleJudge, callee: Global, args: Value, made: Call, offset: number): void {
    if (TAKES_ATTRIBUTES.test(callee.path)) {
      for (const value of walk(args, false)) if (isFunction(value)) this.#instances.set(made, "given");
    }
    if (this.#instances.size > 0) this.#handed(judge, asked(callee, args), offset);
  }

  /** BUILD asks its state for items where it is no dictionary. */
  built(judge: PickleJudge, state: Value, offset: number): void {
    if (this.#instances.size > 0)
      this.#handed(judge, state instanceof Sequence ? state.items : [state], offset);
  }

  #handed(judge: PickleJudge, values: Iterable<Value>, offset: number): void {
    for (const value of values) {
      // `max([x])` and the like hand out what they are given.
      const given = value instanceof Call && handsOut(value) ? walk(value.args) : [value];
      for (const one of given)
        if (one instanceof Call && this.#instances.has(one)) this.#report(judge, one, offset);
    }
  }

  #report(judge: PickleJudge, target: Call, offset: number): void {
    const key = JSON.stringify(this.#instances.get(target)?.slice(0, 80));
    const message = `Loading hands on ${show(target)}, whose attribute ${key} is a function that the file put there.`;
    judge.report("pickle-state-hook", offset, message, "handed on");
  }
}

/** Allowed calls that keep what they are given and ask nothing of it. */
const KEEPS =
  /^(builtins\.(getattr|type|id|callable|isinstance|issubclass|property|classmethod|staticmethod|object|super)|_?functools\.partial|types\.(MethodType|SimpleNamespace|GenericAlias)|_?collections\.ChainMap|argparse\.Namespace|contextlib\.nullcontext|(cloudpickle|dill)\.[\w.]+)$/;

/** What an allowed call may ask for attributes. */
function asked(callee: Global, args: Value): Iterable<Value> {
  if (KEEPS.test(callee.path)) return [];
  const list = argumentList(args) ?? [args];
  const { check } = callee.judgement;
  if (check === "call-later") return walk(args, false);
  // The function that comes first may hand out any of its arguments.
  if (check === "call-first") return walk(list[2] ?? list[1] ?? null, false);
  if (check === "reconstructor" || callee.module === "copyreg" || callee.name.endsWith(".__new__"))
    return list.slice(0, 1);
  return check === "class-first" ? walk(args, false) : list;
}
