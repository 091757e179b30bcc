import { each, itemsOf, tainted, text, textsOf, unknown, type Value } from "../../expression/value.js";

/** Calls that start programs. */
export const RUNS: RegExp =
  /(^|\.)_?(os|posix|nt)\.(system|popen\d?|exec[lv]p?e?|spawn[lv]p?e?|posix_spawnp?|startfile)$|(^|\.)_?subprocess\.(run|call|Popen|check_output|check_call|getoutput|getstatusoutput)$|^commands\.(getoutput|getstatusoutput)$|^asyncio(\.subprocess)?\.create_subprocess_(shell|exec)$|^pty\.spawn$|^platform\.popen$|^_posixsubprocess\.fork_exec$|^(win32api\.ShellExecute|win32process\.CreateProcess)$/;
/** Calls that run code that they are given. */
export const EXECUTES: RegExp =
  /^builtins\.(exec|eval|compile|execfile)$|^(types\.FunctionType|types\.CodeType|timeit\.(timeit|repeat|Timer)|pandas\.eval)$|(^|\.)source_to_code$|^(code|bdb|pdb|trace|c?[pP]rofile|doctest)\.(\w+\(\)\.)?(run|runctx|runeval|runsource|runcode|push|debug_script)$/;
/** Calls that make objects, and run code, of what they are given. */
export const UNPICKLES: RegExp =
  /^_?c?[pP]ickle\.(loads?|Unpickler)$|^(dill|cloudpickle|jsonpickle)\.(loads|decode)$|^marshal\.loads$|^yaml\.unsafe_load$|^torch\.storage\._load_from_bytes$/;
const FETCHES =
  /^(requests|httpx|aiohttp|urllib3)\.|^urllib\.request\.(urlopen|urlretrieve|Request|build_opener)$|^urllib2?\.urlopen$|^http\.client\.HTTPS?Connection$|^(ftplib|smtplib|telnetlib|paramiko)\./;
const DECODES =
  /^(base64\.\w*decode\w*|binascii\.(unhexlify|a2b_\w+)|zlib\.decompress|bz2\.decompress|lzma\.decompress|gzip\.decompress|codecs\.decode|marshal\.loads|bytes\.fromhex|int\.to_bytes|builtins\.bytes\.fromhex|builtins\.bytearray\.fromhex|builtins\.bytes|builtins\.bytearray|cryptography\.fernet\.Fernet|Crypto\.Cipher\.\w+\.new)$/;
const NATIVE =
  /(^|\.)ctypes\.(.*\.)?(PyRun_\w+|VirtualAlloc\w*|RtlMoveMemory|CreateThread|CreateRemoteThread|WriteProcessMemory|mprotect|system|execve?)$/;

/** Exfiltration: a request that carries what it must not. */
export function isFetch(path: string): boolean {
  return FETCHES.test(path);
}

export function isNative(path: string): boolean {
  return NATIVE.test(path);
}

/** Files that only credentials are read from. */
export const SECRET_FILE: RegExp =
  /(\.ssh[/\\]|\.aws[/\\]credentials|\.netrc|\.git-credentials|\.kube[/\\]config|\/etc\/shadow|\/proc\/self\/environ|\.docker[/\\]config|Login Data|wallet\.dat|id_rsa)/;
/** Files that a later session runs by itself. */
export const STARTUP_FILE: RegExp =
  /(\.bashrc|\.bash_(profile|login|aliases)|\.profile|\.zshrc|\.zprofile|\.zshenv|authorized_keys|\/etc\/(cron|init|systemd|sudoers|ld\.so|profile)|[/\\]Startup[/\\]|autostart[/\\]|LaunchAgents[/\\]|LaunchDaemons[/\\]|\.config\/(systemd\/user|fish\/config)|\.ipython\/profile_\w+\/startup|sitecustomize\.py|usercustomize\.py|site-packages[/\\][\w.-]*\.pth$)/;

type Known = (given: readonly Value[]) => Value | undefined;

/** So many characters by their numbers are text that somebody hides. */
const SPELLED = 16;
const MOST_JSON = 65_536;
const DEEPEST_JSON = 20;

/** What a text of the web says. */
function unquoted(written: string): string | undefined {
  try {
    return decodeURIComponent(written);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

const ENTITIES: Readonly<Record<string, string>> = { quot: '"', amp: "&", lt: "<", gt: ">", apos: "'" };

function unescaped(written: string): string {
  return written.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w{2,4}));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[String(name)] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

const MOST_NUMBERS = 1_024;

function range(given: readonly Value[]): Value | undefined {
  const numbers = given.map((one) => (one.kind === "number" ? one.value : Number.NaN));
  const [start, stop, step = 1] = numbers.length === 1 ? [0, ...numbers] : numbers;
  const count = Math.ceil(((stop ?? Number.NaN) - (start ?? 0)) / step);
  if (!(count >= 0 && count <= MOST_NUMBERS)) return undefined;
  const number = (_: unknown, at: number): Value => ({ kind: "number", value: (start ?? 0) + at * step });
  return { kind: "list", items: Array.from({ length: count }, number) };
}

/** Sorted by numbers, where these stand first. */
function sorted(of: Value | undefined): Value | undefined {
  if (of?.kind !== "list") return undefined;
  const rows = of.items.map((one): [number, Value] => {
    const first = one.kind === "list" ? one.items[0] : one;
    return [first?.kind === "number" ? first.value : Number.NaN, one];
  });
  if (rows.some(([key]) => Number.isNaN(key))) return of;
  return { kind: "list", items: rows.sort(([a], [b]) => a - b).map(([, one]) => one) };
}

function lengthOf(of: Value | undefined): Value | undefined {
  const items = of && itemsOf(of);
  return items && { kind: "number", value: items.length };
}

/** A character of which only the running program knows which it is. */
function character(code: Value | undefined): Value | undefined {
  if (code?.kind !== "number") return unknown("decoded");
  return code.value >= 0 && code.value <= 0x10ffff ? text(String.fromCodePoint(code.value)) : undefined;
}

/** What JSON in the file says. */
function parsed(of: Value | undefined): Value | undefined {
  const [written] = of ? textsOf(of) : [];
  if (!of || written === undefined || written.length > MOST_JSON) return undefined;
  try {
    return tainted(valueIn(JSON.parse(written)), of);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function valueIn(json: unknown, depth = 0): Value {
  if (typeof json === "string") return text(json);
  if (typeof json === "number") return { kind: "number", value: json };
  if (typeof json !== "object" || json === null || depth > DEEPEST_JSON) return unknown();
  if (Array.isArray(json)) return { kind: "list", items: json.map((one) => valueIn(one, depth + 1)) };
  return {
    kind: "map",
    entries: Object.entries(json).map(([key, one]): [Value, Value] => [text(key), valueIn(one, depth + 1)]),
  };
}

function characters(value: Value | undefined): Value | undefined {
  if (value?.kind !== "list") return undefined;
  const codes = value.items.map((item) => (item.kind === "number" ? item.value : -1));
  if (!codes.every((code) => Number.isInteger(code) && code >= 0 && code <= 0x10ffff)) return undefined;
  const made = text(codes.map((code) => String.fromCodePoint(code)).join(""));
  // `bytes(range(256))` hides nothing.
  const row = codes.every((code, at) => code === (codes[0] ?? 0) + at);
  return codes.length >= SPELLED && !row ? tainted(made, "decoded") : made;
}

function decodedBy(encoding: BufferEncoding, given: readonly Value[]): Value {
  const [of] = given;
  const options = of ? textsOf(of).map((one) => Buffer.from(one, encoding).toString("latin1")) : [];
  const value = text(...options);
  return value.kind === "text" ? { ...value, taints: new Set(["decoded"]) } : unknown("decoded", ...given);
}

function rot13(value: string): string {
  return value.replace(/[a-zA-Z]/g, (c) => {
    const base = c <= "Z" ? 65 : 97;
    return String.fromCharCode(((c.charCodeAt(0) - base + 13) % 26) + base);
  });
}

function decodedByCodec([of, codec]: readonly Value[]): Value {
  const name = (codec && textsOf(codec)[0])?.toLowerCase().replace(/[-_]/g, "") ?? "";
  if (!of) return unknown("decoded");
  if (name === "rot13") return { ...text(...textsOf(of).map(rot13)), taints: new Set(["decoded"]) } as Value;
  if (name === "hex" || name === "hexcodec") return decodedBy("hex", [of]);
  return name.startsWith("base64") ? decodedBy("base64", [of]) : unknown("decoded", of);
}

/** Without the blanks that every line begins with. */
function dedented(written: string): string {
  const blanks = [...written.matchAll(/^[ \t]*(?=[^ \t\n])/gm)].map(([blank]) => blank.length);
  const least = Math.min(1_000, ...blanks.slice(0, 10_000));
  return written.replace(new RegExp(`^[ \\t]{${least}}`, "gm"), "");
}

const MOST_ROWS = 64;

function columns(lists: readonly (readonly Value[])[]): Value | undefined {
  const rows = Math.min(MOST_ROWS, ...lists.map(({ length }) => length));
  if (lists.length === 0 || rows === 0) return undefined;
  const row = (at: number): Value => ({ kind: "list", items: lists.map((list) => list[at] ?? unknown()) });
  return { kind: "list", items: Array.from({ length: rows }, (_, at) => row(at)) };
}

const KNOWN: Readonly<Record<string, Known>> = {
  "builtins.range": range,
  "builtins.len": ([of]) => (of?.kind === "list" || of?.kind === "text" ? lengthOf(of) : undefined),
  "builtins.sorted": ([of]) => sorted(of),
  "html.unescape": ([of]) => of && each(of, unescaped),
  "urllib.parse.unquote": ([of]) => of && each(of, unquoted),
  "quopri.decodestring": ([of]) => of && each(of, (one) => unquoted(one.replace(/=(?=[\da-fA-F]{2})/g, "%"))),
  "collections.deque": ([of]) => (of?.kind === "list" ? of : undefined),
  "builtins.chr": ([code]) => character(code),
  "json.loads": ([of]) => parsed(of),
  "textwrap.dedent": ([of]) => of && each(of, dedented),
  "inspect.cleandoc": ([of]) => of && each(of, dedented),
  "ast.parse": ([of]) => (of?.kind === "text" ? of : undefined),
  "builtins.compile": ([of]) => (of?.kind === "text" ? of : undefined),
  "io.BytesIO": ([of]) => (of?.kind === "text" ? of : undefined),
  "io.StringIO": ([of]) => (of?.kind === "text" ? of : undefined),
  "builtins.ord": ([of]) => {
    const code = of && textsOf(of)[0]?.codePointAt(0);
    return code === undefined ? undefined : { kind: "number", value: code };
  },
  "builtins.int": ([of, base]) => {
    if (of?.kind === "number") return of;
    const value = Number.parseInt((of && textsOf(of)[0]) ?? "", base?.kind === "number" ? base.value : 10);
    return Number.isSafeInteger(value) ? { kind: "number", value } : undefined;
  },
  "builtins.str": ([of]) => of,
  "six.ensure_str": ([of]) => of,
  "os.path.expanduser": ([of]) => of,
  "os.path.expandvars": ([of]) => of,
  "builtins.list": ([of]) => of,
  "builtins.tuple": ([of]) => of,
  "builtins.iter": ([of]) => of,
  "builtins.dict": ([of]) => (of?.kind === "map" ? of : undefined),
  "collections.OrderedDict": ([of]) => (of?.kind === "map" ? of : undefined),
  "collections.ChainMap": ([of]) => (of?.kind === "map" ? of : undefined),
  "types.MappingProxyType": ([of]) => of,
  "copy.copy": ([of]) => (of?.kind === "map" || of?.kind === "list" ? of : undefined),
  "copy.deepcopy": ([of]) => (of?.kind === "map" || of?.kind === "list" ? of : undefined),
  "builtins.next": ([of]) => of && itemsOf(of)?.[0],
  "functools.partial": ([of]) => (of?.kind === "path" ? of : undefined),
  "builtins.staticmethod": ([of]) => of,
  "builtins.classmethod": ([of]) => of,
  "builtins.property": ([of]) => of,
  "builtins.zip": (given) => columns(given.map((one) => itemsOf(one) ?? [])),
  "builtins.enumerate": ([of]) =>
    of &&
    columns([(itemsOf(of) ?? []).map((_, value): Value => ({ kind: "number", value })), itemsOf(of) ?? []]),
  "builtins.reversed": ([of]) =>
    of?.kind === "list" ? { kind: "list", items: of.items.toReversed() } : undefined,
  "builtins.bytes": ([of]) => characters(of) ?? (of?.kind === "list" ? undefined : of),
  "builtins.bytearray": ([of]) => characters(of) ?? (of?.kind === "list" ? undefined : of),
  "builtins.bytes.fromhex": (given) => decodedBy("hex", given),
  "builtins.bytearray.fromhex": (given) => decodedBy("hex", given),
  "base64.b64decode": (given) => decodedBy("base64", given),
  "base64.urlsafe_b64decode": (given) => decodedBy("base64", given),
  "base64.standard_b64decode": (given) => decodedBy("base64", given),
  "base64.decodebytes": (given) => decodedBy("base64", given),
  "base64.b16decode": (given) => decodedBy("hex", given),
  "binascii.unhexlify": (given) => decodedBy("hex", given),
  "binascii.a2b_hex": (given) => decodedBy("hex", given),
  "binascii.a2b_base64": (given) => decodedBy("base64", given),
  "codecs.decode": decodedByCodec,
};

const LONG_LIST = 64;
const LONG_TEXT = 4_096;

/** Steps for a call that may go through what it is given from end to end. */
export function costOf([of]: readonly Value[]): number {
  if (of?.kind === "list" && of.items.length > LONG_LIST) return 64 * of.items.length;
  const length = of?.kind === "text" ? (of.options[0]?.length ?? 0) : 0;
  return length > LONG_TEXT ? 16 * length : 0;
}

/** What a function of Python that only makes values answers. */
export function resultOf(path: string, given: readonly Value[]): Value | undefined {
  const known = Object.hasOwn(KNOWN, path) ? KNOWN[path]?.(given) : undefined;
  if (known) return known;
  if (DECODES.test(path)) return unknown("decoded", ...given);
  if (FETCHES.test(path)) return unknown("network");
  if (/^socket\.(socket|create_connection)$/.test(path)) return unknown("socket");
  if (path === "builtins.open" || /\.(read_text|read_bytes|open)$/.test(path))
    return unknown("file", ...given);
  return path === "builtins.input" || /\.parse_(known_)?args$/.test(path) ? unknown("input") : undefined;
}

const BUILTINS = new Set(
  (
    "__import__ abs all any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex delattr " +
    "dict dir divmod enumerate eval exec execfile filter float format frozenset getattr globals hasattr hash hex id input " +
    "int isinstance issubclass iter len list locals map max memoryview min next object oct open ord pow print property " +
    "range raw_input repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip reduce"
  ).split(" "),
);

export function builtinPath(name: string): string | undefined {
  if (name === "__builtins__" || name === "__builtin__") return "builtins";
  return BUILTINS.has(name) ? `builtins.${name}` : undefined;
}

/** Text in which nobody writes. */
const ENCODED = /^[^\s.]{40,}$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: bytes, not text.
const BINARY = /[\0-\x08\x0e-\x1f\x7f-\xff][\s\S]{15}/;

/** What a function of the file makes of such a text is what decoders make. */
export function isEncoded(value: Value): boolean {
  return textsOf(value).some((one) => ENCODED.test(one) || BINARY.test(one));
}

/** A function of the file. */
export function isLocal(path: string): boolean {
  return /^\w+$|^<lambda/.test(path);
}
