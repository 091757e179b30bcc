import { classify } from "../../globals/classify.js";
import { readsAsAction } from "../arguments.js";

/** Functions of Python that compute from their arguments, or ask something of them. */
const COMPUTES =
  /^builtins\.(abs|all|any|ascii|bin|bool|bytearray|bytes|callable|chr|classmethod|complex|dict|dir|divmod|enumerate|filter|float|format|frozenset|getattr|hasattr|hash|hex|id|int|isinstance|issubclass|iter|len|list|map|max|memoryview|min|next|object|oct|ord|pow|print|property|range|repr|reversed|round|set|setattr|slice|sorted|staticmethod|str|sum|super|tuple|type|vars|zip|\w*(Error|Exception|Warning|StopIteration))$/;
/** Parts of Python that make plain values. */
const PLAIN =
  /^(threading\.(R?Lock|Event|Condition|local)|collections\.\w+|copy\.(copy|deepcopy)|functools\.partial|weakref\.\w+|logging\.getLogger|time\.(time|perf_counter|monotonic)|os\.path\.(join|basename|dirname|splitext)|_?io\.(BytesIO|StringIO))$/;
/** Methods of what Python and numbers are made of; `self.m(x)` of any other name may call what the state put there. */
const METHODS: ReadonlySet<string> = new Set(
  (
    "_missing_ add add_ all any append apply_ as_integer_ratio astype bit_count bit_length buffers cache_clear " +
    "capitalize casefold center clear clip conjugate copy count cpu decode denominator difference " +
    "difference_update discard dot encode endswith eval expandtabs extend fillna find flatten format " +
    "format_map from_bytes fromhex fromkeys get get_params getvalue group groups hex imag index insert " +
    "intersection intersection_update is_integer isalnum isalpha isascii isdecimal isdigit isdisjoint " +
    "isidentifier islower isna isnumeric isoformat isprintable isspace issubset issuperset istitle isupper " +
    "item items join keys ljust load_state_dict lower lstrip maketrans match max mean min modules " +
    "named_parameters numerator numpy parameters partition pop popitem ravel real register_buffer remove " +
    "removeprefix removesuffix replace reshape reverse rfind rindex rjust rpartition rsplit rstrip search " +
    "set_params setdefault sort split splitlines squeeze startswith state_dict std strip sum swapcase " +
    "symmetric_difference symmetric_difference_update timestamp title to to_bytes tolist total_seconds train " +
    "translate transpose union update upper values zero_ zfill"
  )
    .concat(" _missing_")
    .split(" "),
);

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
  if (METHODS.has(name) || /^__\w+__$/.test(name)) return undefined;
  return readsAsAction(name) ? `calls a method \`${name}\`` : undefined;
}

/** Whether a method is one only if its class says so: the file, that is. */
export function isOwnMethod(name: string): boolean {
  return !METHODS.has(name) && !/^__\w+__$/.test(name);
}
