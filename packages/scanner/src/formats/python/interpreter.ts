import type { Budget } from "../../core/limits.js";
import { type Dialect, Evaluator } from "../../expression/evaluate.js";
import type { Tree } from "../../expression/tree.js";
import {
  itemsOf,
  leavesOf,
  taintsOf,
  textsOf,
  UNKNOWN,
  unknown,
  type Value,
} from "../../expression/value.js";
import {
  builtinPath,
  EXECUTES,
  isFetch,
  isNative,
  RUNS,
  resultOf,
  SECRET_FILE,
  STARTUP_FILE,
  UNPICKLES,
} from "./calls.js";
import { judgeCommand } from "./commands.js";
import type { Body, EventLevel, PythonEvent } from "./events.js";

/** Callables that call what they are given. */
const CALLS_GIVEN =
  /^(builtins\.(map|filter|sorted|max|min|next|list|any|all)|threading\.(Thread|Timer)|multiprocessing\.Process|atexit\.register|functools\.(reduce|partial)|_thread\.start_new_thread)$/;
const WIDE = new Set([
  "os",
  "subprocess",
  "pty",
  "socket",
  "builtins",
  "pickle",
  "marshal",
  "base64",
  "urllib.request",
]);
/** From the class of a constant, or from `object`, every class of the process can be reached. */
const ROOT_CLASS = /^(<class>[\w.]*|object|builtins\.(object|tuple|str|int|dict|list))$/;
const WORDS =
  /(?<![\w.])(?:os\.(?:system|popen|exec[lv]\w*|spawn\w*|startfile)|subprocess\.(?:run|call|Popen|check_output|check_call|getoutput|getstatusoutput)|pty\.spawn|(?:eval|exec)\s*\(\s*(?:base64|zlib|marshal|codecs|bytes|__import__|compile|requests|urllib)|__import__\s*\(\s*['"](?:os|subprocess|socket|pty|ctypes)['"]\s*\)|marshal\.loads)\s*\(?/;
/** Text in which nobody writes. */
const ENCODED = /^[^\s.]{40,}$/;
const REACHED = /(^|\.)(system|popen|Popen|exec[lv]p?e?|spawn\w*|check_output|__globals__|__builtins__)$/;
const CONNECT = "socket.socket().connect";
const ABLE =
  /^(pip\.main|pip\._internal\.(cli\.main\.)?main|ctypes\.(CDLL|PyDLL|cdll\.LoadLibrary)|torch\.load|joblib\.load|runpy\.run_\w+)$/;
/** Everything of a module, to be picked from without naming it. */
const PICKS = /^((.*\.)?sys\.modules|_?os|posix|nt|subprocess|builtins)\.(items|values|copy)$/;
const FRAME_NAMES = /^f_(builtins|globals)$/;
const KEEPS_PICK = /^__(dict|globals|builtins|getattribute|getitem|call)__$/;
const IMPORTS = /^(builtins\.__import__|importlib\.(import_module|__import__))$/;
const NAMESPACES = /^builtins\.(globals|locals|vars)$/;

/** What Python makes of names, attributes and calls, as far as a file tells without being run. */
export class PythonInterpreter implements Dialect {
  body: Body;
  /** Modules of which every name was imported. */
  readonly stars: string[] = [];
  /** Classes of the file. */
  readonly classes: Set<string> = new Set();
  private readonly evaluator: Evaluator;
  private readonly inner: (code: string) => PythonEvent[];
  private pending: (() => void)[] = [];
  private deferred = false;

  constructor(budget: Budget, body: Body, inner: (code: string) => PythonEvent[]) {
    this.body = body;
    this.inner = inner;
    this.evaluator = new Evaluator(this, budget, (name) => this.origin(name));
  }

  evaluate(tree: Tree): Value {
    return this.evaluator.evaluate(tree);
  }

  assign(name: string, value: Value): void {
    this.evaluator.assign(name, value);
  }

  /** What is assigned from now on belongs to a function; answers how to leave it. */
  enterFunction(): () => void {
    const outer = this.evaluator.begin();
    return () => void this.evaluator.undo(outer);
  }

  /** Bodies of lambdas that nothing was seen to call. */
  endStatement(): void {
    const work = this.pending;
    this.pending = [];
    const before = this.deferred;
    this.deferred = true;
    for (const one of work) one();
    this.pending = [];
    this.deferred = before;
  }

  /** A statement that cannot be parsed is looked at by its words. */
  oddStatement(text: string, at: number): void {
    const words = WORDS.exec(text);
    if (words) this.event("acts", `seems to call ${words[0]}`, at);
  }

  oddEncoding(codec: string): void {
    this.event("malice", `declares the encoding ${codec}, in which comments may be code`, 0);
  }

  /** A decorator's argument is a function; these would take it for a command or code. */
  decorate(value: Value, at: number): void {
    if (value.kind !== "path" || !(RUNS.test(value.path) || /^builtins\.(exec|eval)$/.test(value.path)))
      return;
    this.event("acts", `decorates with ${value.path}`, at);
  }

  later(work: () => void): void {
    this.pending.push(work);
  }

  private origin(name: string): Value {
    const star = this.stars.find((module) => WIDE.has(module) && RUNS.test(`${module}.${name}`));
    return { kind: "path", path: star ? `${star}.${name}` : (builtinPath(name) ?? name) };
  }

  private event(level: EventLevel, what: string, at: number): void {
    if (this.body.events.length > 1_000) return;
    this.body.events.push({ level: this.deferred && level === "acts" ? "able" : level, what, at });
  }

  attribute(of: Value, name: string, at: number): Value | undefined {
    if (name === "__subclasses__" && of.kind === "path" && ROOT_CLASS.test(of.path)) {
      this.event("malice", "looks for classes of the interpreter", at);
    }
    return pickedFrom(of, name) ?? this.attributeOf(of, name);
  }

  private attributeOf(of: Value, name: string): Value | undefined {
    if (
      /^__(class|base|bases|mro)__$/.test(name) &&
      (of.kind === "text" || of.kind === "list" || of.kind === "number")
    ) {
      return { kind: "path", path: "<class>" };
    }
    if (of.kind === "map") return of.entries.find(([key]) => textsOf(key).includes(name))?.[1];
    if (/^connect(_ex)?$/.test(name) && taintsOf(of).has("socket")) return { kind: "path", path: CONNECT };
    if (of.kind !== "path") return undefined;
    if (/^__(dict|call|class|wrapped|func|self)__$/.test(name)) return of;
    if (name === "__builtins__") return { kind: "path", path: "builtins" };
    const path = join(of.path, name);
    if (path === "os.environ" || path === "sys.argv") return { kind: "path", path };
    if (this.classes.has(of.path)) this.body.calls.add(path);
    return this.evaluator.names.get(path) ?? { kind: "path", path };
  }

  item(of: Value, key: Value, _at: number): Value | undefined {
    if (of.kind !== "path") return undefined;
    const [name] = textsOf(key);
    if (of.path === "os.environ") return UNKNOWN;
    if (of.path === "sys.argv") return unknown("input");
    if (of.path.startsWith("<class>")) return of;
    if (this.classes.has(of.path)) this.body.calls.add(`${of.path}.__class_getitem__`);
    if (name === undefined) return undefined;
    if (/(^|\.)sys\.modules$/.test(of.path)) return { kind: "path", path: name };
    if (/^<globals>$|__globals__$/.test(of.path)) {
      return this.evaluator.names.get(name) ?? { kind: "path", path: builtinPath(name) ?? name };
    }
    return { kind: "path", path: join(of.path, name) };
  }

  filter(): undefined {
    return undefined;
  }

  call(
    callee: Value,
    positional: readonly Value[],
    named: ReadonlyMap<string, Value>,
    at: number,
  ): Value | undefined {
    const given = [...positional, ...named.values()];
    if (taintsOf(callee).has("modules")) this.event("acts", "calls what it picks out of modules", at);
    if (callee.kind !== "path") return undefined;
    const { path } = callee;
    if (PICKS.test(path)) return unknown("modules");
    if (CALLS_GIVEN.test(path)) this.callGiven(given, at);
    this.body.calls.add(path.replace(/^self\./, ""));
    const resolved = this.resolve(path, positional, named);
    if (resolved) return resolved;
    this.judge(path, positional, given, at);
    if (path === "builtins.map") return mapped(this, positional, at);
    return resultOf(path, positional) ?? this.result(path, given);
  }

  private result(path: string, given: readonly Value[]): Value {
    // An instance of a class of this file, for what is called on it.
    if (this.classes.has(path)) return { kind: "path", path };
    const taints = taintsOfAll(given);
    if (taints.has("environment")) return unknown("environment", ...given);
    // What a function of this file makes of a long text is what decoders make.
    const local = /^[\w]+$/.test(path);
    if (local && given.some((value) => textsOf(value).some((one) => ENCODED.test(one))))
      return unknown("decoded");
    if (taints.size > 0 || path.length > 200) return unknown(...given);
    return { kind: "path", path: `${path}()` };
  }

  private callGiven(given: readonly Value[], at: number): void {
    const work = this.pending;
    this.pending = [];
    for (const one of work) one();
    const [first, ...rest] = given;
    // A lambda may call what it is handed.
    for (const value of work.length > 0 ? leavesOf<never>(given) : given) {
      if (value.kind === "path") this.body.calls.add(value.path);
    }
    if (first?.kind === "path" && RUNS.test(first.path)) {
      const items = rest.map((value) => itemsOf(value)?.[0] ?? value);
      this.judge(first.path, items, items, at);
    } else if (first?.kind === "path" && EXECUTES.test(first.path)) this.judge(first.path, rest, rest, at);
  }

  /** Calls that only find something by its name. */
  private resolve(
    path: string,
    given: readonly Value[],
    named: ReadonlyMap<string, Value>,
  ): Value | undefined {
    const [first, second] = given;
    const name = first && textsOf(first)[0];
    if (IMPORTS.test(path)) {
      if (name === undefined) return undefined;
      const plain = name.replace(/\0/g, "");
      // `__import__("a.b")` answers `a`, unless it is told what is wanted from `a.b`.
      const whole = path === "importlib.import_module" || given.length > 3 || named.has("fromlist");
      return { kind: "path", path: whole ? plain : (plain.split(".", 1)[0] ?? plain) };
    }
    if (NAMESPACES.test(path)) return first?.kind === "path" ? first : { kind: "path", path: "<globals>" };
    const attribute = second && textsOf(second)[0];
    if (path === "builtins.getattr" && attribute !== undefined && first)
      return this.attribute(first, attribute, 0);
    return name === undefined ? undefined : this.lookUp(path, name);
  }

  private lookUp(path: string, name: string): Value | undefined {
    if (/\.__getattribute__$|\.__getattr__$|\.__dict__\.get$|\.__getitem__$/.test(path)) {
      return { kind: "path", path: join(path.replace(/(\.__dict__)?\.\w+$/, ""), name) };
    }
    if (/(^|\.)sys\.modules\.get$/.test(path)) return { kind: "path", path: name };
    return path === "<globals>.get" ? { kind: "path", path: builtinPath(name) ?? name } : undefined;
  }

  private judge(path: string, positional: readonly Value[], given: readonly Value[], at: number): void {
    if (RUNS.test(path)) this.runs(path, positional, given, at);
    else if (EXECUTES.test(path)) this.executes(path, positional[0], at);
    else if (UNPICKLES.test(path)) this.unpickles(path, positional[0], at);
    else if (path === "builtins.open") this.opens(positional, at);
    else if (isFetch(path)) this.fetches(path, given, at);
    else if (ABLE.test(path)) this.event("able", `calls ${path}`, at);
    else if (isNative(path)) this.event("malice", `calls ${path}`, at);
    else this.judgeRest(path, given, at);
  }

  private judgeRest(path: string, given: readonly Value[], at: number): void {
    const names = given.flatMap((value) => [...textsOf(value)]);
    if (path === "os.dup2" && taintsOfAll(given).has("socket")) {
      this.event("malice", "hands a connection to a shell", at);
    } else if (/^socket\.(gethostbyname|getaddrinfo)$/.test(path) && taintsOfAll(given).has("environment")) {
      this.event("malice", "sends data in names that it looks up", at);
    } else if (
      /^operator\.(methodcaller|attrgetter)$/.test(path) &&
      names.some((name) => REACHED.test(name))
    ) {
      this.event("acts", `calls ${path}`, at);
    } else if (path === CONNECT && given.some(isAddress)) this.event("acts", "opens a connection", at);
  }

  private runs(path: string, positional: readonly Value[], given: readonly Value[], at: number): void {
    const taints = taintsOfAll(given);
    if (taints.has("socket") || (taints.has("decoded") && !taints.has("file")) || taints.has("network")) {
      this.event("malice", `calls ${path} with what was decoded or fetched`, at);
      return;
    }
    const commands = commandsOf(path, positional);
    const kinds = commands.map(judgeCommand);
    if (kinds.includes("malice")) this.event("malice", `runs ${shown(commands)}`, at);
    else if (kinds.length > 0 && !kinds.includes("acts")) this.event("able", `runs ${shown(commands)}`, at);
    else if (taints.has("input") && commands.length === 0) this.event("able", `calls ${path}`, at);
    else this.event("acts", commands.length > 0 ? `runs ${shown(commands)}` : `calls ${path}`, at);
  }

  private executes(path: string, code: Value | undefined, at: number): void {
    if (!code) return;
    const taints = taintsOf(code);
    if (path.startsWith("types.")) {
      this.event(taints.has("decoded") ? "acts" : "able", `calls ${path}`, at);
      return;
    }
    if (taints.has("decoded") || taints.has("network") || taints.has("socket")) {
      this.event("malice", `${path.replace(/^builtins\./, "")} of code that was decoded or fetched`, at);
      return;
    }
    const levels = textsOf(code).flatMap((one) => this.inner(one).map(({ level }) => level));
    if (levels.includes("malice")) this.event("malice", `runs code in a string with ${path}`, at);
    else if (levels.includes("acts")) this.event("acts", `runs code in a string with ${path}`, at);
    else if (path !== "builtins.compile") this.event("able", `calls ${path}`, at);
  }

  private unpickles(path: string, data: Value | undefined, at: number): void {
    const taints = data ? taintsOf(data) : new Set();
    const literal = data !== undefined && (textsOf(data).length > 0 || taints.has("decoded"));
    if (taints.has("network") || taints.has("socket")) this.event("acts", `${path} of what was fetched`, at);
    else this.event(literal ? "acts" : "able", `calls ${path}`, at);
  }

  private fetches(path: string, given: readonly Value[], at: number): void {
    if (given.some((value) => value.kind === "path" && value.path === "os.environ")) {
      this.event("malice", `sends the environment with ${path}`, at);
    } else if (taintsOfAll(given).has("environment")) this.event("malice", `sends secrets with ${path}`, at);
    else if (given.some((value) => textsOf(value).length > 0)) this.event("able", `calls ${path}`, at);
  }

  private opens([file, mode]: readonly Value[], at: number): void {
    const writes = mode !== undefined && textsOf(mode).some((one) => /[wax+]/.test(one));
    const names = file ? textsOf(file) : [];
    if (writes && names.some((name) => STARTUP_FILE.test(name))) {
      this.event("malice", `writes ${JSON.stringify(names[0]?.slice(0, 100))}`, at);
    } else if (!writes && names.some((name) => SECRET_FILE.test(name))) {
      this.event("acts", `reads ${JSON.stringify(names[0]?.slice(0, 100))}`, at);
    }
  }
}

/** What stays unnamed is what was picked; a method by its plain name is what honest code calls. */
function pickedFrom(of: Value, name: string): Value | undefined {
  if (FRAME_NAMES.test(name)) return unknown("modules", of);
  if (!taintsOf(of).has("modules") || KEEPS_PICK.test(name) || REACHED.test(name)) return undefined;
  return UNKNOWN;
}

/** Other names for one thing: `random._os`, `os.path.os`, `__builtins__.__dict__`. */
function join(path: string, name: string): string {
  const joined = `${path}.${name}`;
  return joined
    .replace(/^.*\.(?=_?(os|subprocess|sys|builtins)\.\w+$)/, "")
    .replace(/^_(?=os\.|subprocess\.)/, "");
}

/** Taints, and `environment` for all of the environment, not one of its variables. */
function taintsOfAll(values: readonly Value[]): Set<string> {
  const taints = new Set<string>(taintsOf({ kind: "list", items: values }));
  for (const value of leavesOf<never>(values)) {
    if (value.kind === "path" && value.path === "os.environ") taints.add("environment");
  }
  return taints;
}

/** A fixed place elsewhere. Asking a public resolver is how programs learn their own address. */
function isAddress(value: Value): boolean {
  if (value.kind !== "list" || value.items.length !== 2) return false;
  const [host] = value.items[0] ? textsOf(value.items[0]) : [];
  return (
    host !== undefined &&
    !/^(localhost|127\.|0\.0\.0\.0|8\.8\.[84]\.[84]$|1\.1\.1\.1$|10\.255\.|::1|$)/.test(host)
  );
}

/** The command lines that a call would run, as far as they are known. */
function commandsOf(path: string, given: readonly Value[]): string[] {
  const [first, second] = given;
  if (!first) return [];
  const listed = first.kind === "list" ? first : undefined;
  if (listed) {
    const words = listed.items.map((item, at) => textsOf(item)[0] ?? (at === 0 ? program(item) : "\ufffc"));
    return words.length > 0 ? [words.join(" ")] : [];
  }
  // os.execv(path, arguments)
  if (/exec[lv]|spawn[lv]/.test(path) && second?.kind === "list") return commandsOf("", [second]);
  return [...textsOf(first)];
}

/** `sys.executable` and what else stands for the interpreter. */
function program(value: Value): string {
  return value.kind === "path" && /(^|\.)executable$/.test(value.path) ? "python" : "\ufffc";
}

function mapped(of: PythonInterpreter, [callee, source]: readonly Value[], at: number): Value | undefined {
  const items = source && itemsOf(source);
  if (!items || items.length > 4_096 || callee?.kind !== "path") return undefined;
  if (RUNS.test(callee.path)) return undefined;
  return { kind: "list", items: items.map((item) => of.call(callee, [item], new Map(), at) ?? UNKNOWN) };
}

function shown(commands: readonly string[]): string {
  return JSON.stringify((commands[0] ?? "").replaceAll("\ufffc", "...").slice(0, 100));
}
