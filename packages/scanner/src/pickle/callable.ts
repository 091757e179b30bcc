import { argumentList } from "./arguments.js";
import { Call, Global, isObject, Sequence, type Value } from "./value.js";

/**
 * Callables whose result nobody can call: numbers, text, bytes, containers, iterators, arrays. Whatever hands out an
 * object that it was given (`getitem`, `getattr`, `max`) or makes an instance with a `__call__` is none of them.
 */
const VALUE_MAKERS =
  /^((builtins|__builtin__)\.(bool|bytearray|bytes|complex|dict|dict\.fromkeys|enumerate|float|frozenset|int|list|range|x?range|reversed|set|slice|str|unicode|long|tuple|zip|iter|map|filter|abs|all|any|ascii|bin|chr|hash|hex|len|oct|ord|repr|sorted|bytes\.fromhex|float\.fromhex|int\.from_bytes)|_?collections\.(OrderedDict|deque|defaultdict|Counter|ChainMap|UserDict|UserList|UserString)|_codecs\.encode|_?datetime\.(date|datetime|time|timedelta)|decimal\.Decimal|fractions\.Fraction|array\.(array|_array_reconstructor)|itertools\.\w+(\.from_iterable)?|pathlib\.\w*Path|uuid\.UUID|numpy\.(ndarray|array|dtype)|numpy\.(core|_core)\.(multiarray|numeric)\.(_reconstruct|_frombuffer)|pandas\.core\.(frame\.DataFrame|series\.Series)|pandas\.core\.indexes\.base\._new_Index|torch\._utils\._rebuild_\w+)$/;

/** Whether something that calls what it is given, now or later, could call this value. */
export function mayBeCalled(value: Value): value is Global | Call {
  if (value instanceof Global) return true;
  if (!(value instanceof Call)) return false;
  if (!(value.callee instanceof Global)) return true;
  return !VALUE_MAKERS.test(value.callee.path) && !isMethodOfConstant(value);
}

/** `"".upper`: a method of text or a number reaches nothing but its arguments. */
function isMethodOfConstant({ callee, args }: Call): boolean {
  if (!(callee instanceof Global && callee.path === "builtins.getattr")) return false;
  const [target, name] = argumentList(args) ?? [];
  const constant =
    target !== undefined && (!isObject(target) || (target instanceof Sequence && target.kind === "tuple"));
  return constant && typeof name === "string" && !/^(__|format)/.test(name);
}

/** What hands out an object that was there before, so that changes to it are seen by others. */
const GIVERS = /^(builtins|__builtin__|_?operator|_?functools)\.(getattr|getitem|max|min|reduce)$/;

export function handsOut({ callee }: Call): boolean {
  return callee instanceof Call || (callee instanceof Global && GIVERS.test(callee.path));
}
