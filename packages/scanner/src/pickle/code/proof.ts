import { classify } from "../../globals/classify.js";
import { readsAsAction } from "../arguments.js";

/** Functions of Python that compute from their arguments, or ask something of them. */
const COMPUTES =
  /^builtins\.(abs|all|any|ascii|bin|bool|bytearray|bytes|callable|chr|classmethod|complex|dict|dir|divmod|enumerate|filter|float|format|frozenset|getattr|hasattr|hash|hex|id|int|isinstance|issubclass|iter|len|list|map|max|memoryview|min|next|object|oct|ord|pow|print|property|range|repr|reversed|round|set|setattr|slice|sorted|staticmethod|str|sum|super|tuple|type|vars|zip|\w*(Error|Exception|Warning|StopIteration))$/;
/** Parts of Python that make plain values. */
const PLAIN =
  /^(threading\.(R?Lock|Event|Condition|local)|collections\.\w+|copy\.(copy|deepcopy)|functools\.partial|weakref\.\w+|logging\.getLogger|time\.(time|perf_counter|monotonic)|os\.path\.(join|basename|dirname|splitext)|_?io\.(BytesIO|StringIO))$/;
/** Methods whose names sound like deeds and that are none. */
const METHODS =
  /^(startswith|removeprefix|setdefault|popitem|readable|get|get_params|set_params|load_state_dict|getvalue|setdefault|__setstate__|__init__|__new__|__getattr__|__setattr__)$/;

/** Why a call is not proven harmless; undefined when it is. `name` is that of a method. */
export function isProven(path: string | undefined, name: string | undefined): string | undefined {
  if (path !== undefined && !path.includes("()")) {
    if (COMPUTES.test(path) || PLAIN.test(path)) return undefined;
    const dot = path.indexOf(".");
    const { level } = classify(dot < 0 ? "" : path.slice(0, dot), path.slice(dot + 1));
    if (
      level === "safe" ||
      path.startsWith("builtins.<") ||
      /^builtins\.(object|super|tuple|dict|list|type)\.__\w+__$/.test(path)
    )
      return undefined;
    return `calls ${path}`;
  }
  if (name === undefined) return "calls what it is given";
  return METHODS.test(name) || !readsAsAction(name) ? undefined : `calls a method \`${name}\``;
}
