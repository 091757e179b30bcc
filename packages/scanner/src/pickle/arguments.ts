import { Blob, Call, Dict, Global, isObject, Opaque, Sequence, type Value } from "./value.js";

const MAX_VALUES = 400;

/**
 * The arguments of a call in order; undefined when the file does not fix them. C takes a tuple only, the Python
 * unpickler (joblib's) whatever can be iterated: of a dictionary its keys, of text its characters.
 */
export function argumentList(args: Value): readonly Value[] | undefined {
  if (args instanceof Sequence) return args.items;
  if (args instanceof Dict) return args.items.filter((_, at) => at % 2 === 0);
  return typeof args === "string" ? Array.from(args.slice(0, MAX_VALUES)) : undefined;
}

/** Walks a value and what it contains, each object once and a bounded number in all. */
export function* walk(root: Value, intoCalls = true): Generator<Value> {
  const seen = new Set<Value>();
  const queue: Value[] = [root];
  for (let count = 0; queue.length > 0 && count < MAX_VALUES; count++) {
    const value = queue.shift() ?? null;
    if (isObject(value)) {
      if (seen.has(value)) continue;
      seen.add(value);
      if (intoCalls || !(value instanceof Call) || isContainer(value)) queue.push(...children(value));
    }
    yield value;
  }
}

/** Calls that give what they were given, in another container. */
const CONTAINERS =
  /^(builtins|__builtin__)\.(list|tuple|set|frozenset|dict|str|unicode|bytes|bytearray)$|^_?collections\.(OrderedDict|deque|User(Dict|List|String))$/;

function isContainer({ callee }: Call): boolean {
  return callee instanceof Global && CONTAINERS.test(callee.path);
}

function children(value: Exclude<Value, null | boolean | number | bigint | string>): Value[] {
  if (value instanceof Sequence) return value.items.slice(0, MAX_VALUES);
  if (value instanceof Dict) return value.items.slice(0, MAX_VALUES);
  if (value instanceof Call) return value.state === undefined ? [value.args] : [value.args, value.state];
  return [];
}

const COMMAND =
  "sudo|curl|wget|bash|sh|zsh|nc|ncat|powershell|pwsh|cmd|echo|whoami|id|cat|ls|dir|touch|rm|chmod|chown|python\\d?|perl|ruby|node|calc|calc\\.exe|ping|nslookup|uname|env|kill|xterm|open|start";

const CODE: readonly RegExp[] = [
  /__\w+__/,
  /\b(import|exec|eval|compile|system|popen|subprocess|lambda|print)\b\s*[\s(]/,
  /\b(os|sys|subprocess|builtins|shutil|socket)\.\w+\s*\(/,
  /\b(open|getattr|setattr|delattr|globals|locals|breakpoint)\s*\(|\w\s*\(\s*['"]/,
  /\$\(|`.+`|\|\||&&|>\s*\/|<\(/,
  new RegExp(`(^|;)\\s*(${COMMAND})\\s+\\S`, "i"),
  /\b(https?|ftp|file|smb|ldap|rmi|gopher):\/\//i,
  /(^|[\s"'=:])~?\/(bin|etc|tmp|dev|usr|root|home|proc|var|opt)(\/|$)/,
  /(^|[\\/])\.\.([\\/]|$)/,
  /^[A-Za-z]:\\|^\\\\\w/,
];

/** Also a bare command or file name: enough against a function that nobody knows. */
const HINTS: readonly RegExp[] = [
  ...CODE,
  new RegExp(`^\\s*(${COMMAND})\\s*$`, "i"),
  /\b(os|sys|subprocess|builtins|shutil|socket)\./,
  /\|\s*\w/,
  /\.(sh|py|pyc|exe|dll|so|dylib|bat|ps1|pkl|pickle|joblib|jar|js|vbs|conf|rc|env)$/i,
];

/**
 * A string that reads as code, a command, an address or a path; undefined when no argument does. What other calls give
 * is not looked into: those calls are judged by themselves.
 */
export function codeLike(args: Value, how: "strict" | "any" = "any"): string | undefined {
  const patterns = how === "strict" ? CODE : HINTS;
  for (const value of walk(args, false)) {
    const text = textOf(value);
    if (text !== undefined && patterns.some((pattern) => pattern.test(text))) return text;
  }
  return undefined;
}

function textOf(value: Value): string | undefined {
  if (typeof value === "string") return value.slice(0, 4096);
  if (value instanceof Blob && value.length < 65536) return value.read(4096).toString("latin1");
  return undefined;
}

/** Names that say that a function runs, loads, fetches or writes something. */
const ACTIVE =
  /(^|_|\b)(exec|eval|system|popen|spawn|shell|subprocess|command|cmd|compile|import|loads?|download|fetch|urlopen|request|run|script|inject|hook|write|delete|remove|unlink|rmtree|upload|connect|install|call|apply|invoke|resolve|locate|lookup|serve|launch|start|fork|open|read|get|send|post|source|render|parse|dispatch|trigger|execute)/i;

export function readsAsAction(name: string): boolean {
  const last = name.slice(name.lastIndexOf(".") + 1);
  return /^_*[a-z]/.test(last) && ACTIVE.test(last.replace(/([a-z])([A-Z])/g, "$1_$2"));
}

/** A short rendering of a value for messages. */
export function show(value: Value, depth = 2): string {
  if (typeof value === "string")
    return JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}...` : value);
  if (!isObject(value)) return String(value);
  if (value instanceof Global) return value.path;
  if (value instanceof Blob) return value.text ? "a long text" : `${value.length} bytes`;
  if (value instanceof Opaque) return "an unknown value";
  if (depth === 0) return "...";
  if (value instanceof Dict) return value.total === 0 ? "{}" : "{...}";
  if (value instanceof Call) return `${show(value.callee, depth - 1)}(${showList(value.args, depth - 1)})`;
  const inner = value.items
    .slice(0, 4)
    .map((item) => show(item, depth - 1))
    .join(", ");
  return `[${inner}${value.total > 4 ? ", ..." : ""}]`;
}

export function showList(args: Value, depth = 2): string {
  if (!(args instanceof Sequence)) return show(args, depth);
  const shown = args.items.slice(0, 4).map((item) => show(item, depth));
  return args.total > 4 ? `${shown.join(", ")}, ...` : shown.join(", ");
}
