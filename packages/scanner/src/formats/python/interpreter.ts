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
import { builtinPath, EXECUTES, isFetch, isNative, RUNS, resultOf, UNPICKLES } from "./calls.js";
import { commandsOf, shown } from "./command-lines.js";
import { judgeCommand } from "./commands.js";
import { type Body, type EventLevel, newBody, type PythonEvent } from "./events.js";
import { divided, fileOf, usedFile } from "./files.js";
import {
  CALLS_GIVEN,
  choose,
  handsOver,
  isCallable,
  isLambda,
  isModule,
  mapped,
  namesRunner,
  pairsIn,
} from "./handed.js";
import {
  harmOf,
  IMPORTS,
  isAddress,
  isStar,
  join,
  lookUp,
  NAMESPACES,
  PICKS,
  pickedFrom,
  REACHED,
  ROOT_CLASS,
  taintsOfAll,
} from "./paths.js";

const WORDS =
  /(?<![\w.])(?:os\.(?:system|popen|exec[lv]\w*|spawn\w*|startfile)|subprocess\.(?:run|call|Popen|check_output|check_call|getoutput|getstatusoutput)|pty\.spawn|(?:eval|exec)\s*\(\s*(?:base64|zlib|marshal|codecs|bytes|__import__|compile|requests|urllib)|__import__\s*\(\s*['"](?:os|subprocess|socket|pty|ctypes)['"]\s*\)|marshal\.loads)\s*\(?/;
const MOST_HANDED = 10_000;
/** Text in which nobody writes. */
const ENCODED = /^[^\s.]{40,}$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: bytes, not text.
const BINARY = /[\0-\x08\x0e-\x1f\x7f-\xff][\s\S]{15}/;
const CONNECT = "socket.socket().connect";
const OPENS = /^builtins\.open$|^<file>/;
const ABLE =
  /^(pip\.main|pip\._internal\.(cli\.main\.)?main|ctypes\.(CDLL|PyDLL|cdll\.LoadLibrary)|torch\.load|joblib\.load|runpy\.run_\w+)$/;
/** What Python makes of names, attributes and calls, as far as a file tells without being run. */
export class PythonInterpreter implements Dialect {
  body: Body;
  /** Modules of which every name was imported. */
  readonly stars: Set<string> = new Set();
  /** Classes of the file. */
  readonly classes: Set<string> = new Set();
  private readonly budget: Budget;
  private readonly evaluator: Evaluator;
  private readonly inner: (code: string) => PythonEvent[];
  /** Bodies of lambdas that are still to be read, and the names of those that were seen. */
  private pending: { body: Body; work: () => void }[] = [];
  private readonly lambdas = new WeakMap<Tree, string>();
  private lambdaCount = 0;
  /** What functions of the file answer. */
  private readonly answers = new Map<string, Value>();
  private readonly define: (body: Body) => void;

  constructor(
    budget: Budget,
    body: Body,
    inner: (code: string) => PythonEvent[],
    define: (body: Body) => void = () => undefined,
  ) {
    this.body = body;
    this.inner = inner;
    this.define = define;
    this.budget = budget;
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

  /** Lambdas have bodies of their own, which run when something calls them. */
  endStatement(): void {
    const before = this.body;
    for (let next = this.pending.pop(); next; next = this.pending.pop()) {
      this.body = next.body;
      next.work();
      this.define(next.body);
    }
    this.body = before;
  }

  /** An attribute that is set in a function, and read elsewhere. */
  keep(of: Value, name: string, value: Value): void {
    if (of.kind === "path" && isCallable(value)) this.evaluator.names.set(`${of.path}.${name}`, value);
  }

  charge(steps: number): void {
    this.budget.step(steps);
  }

  /** `return value`. */
  answer(value: Value): void {
    if (isCallable(value)) this.answers.set(this.body.name, value);
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

  later(tree: Extract<Tree, { kind: "lambda" }>): Value {
    const known = this.lambdas.get(tree);
    if (known !== undefined) return { kind: "path", path: known };
    const path = `<lambda${++this.lambdaCount}>`;
    this.lambdas.set(tree, path);
    const work = (): void => {
      const outer = this.evaluator.begin();
      for (const { name, value } of tree.parameters)
        this.assign(name, value ? this.evaluate(value) : UNKNOWN);
      this.answer(this.evaluate(tree.body));
      this.evaluator.undo(outer);
    };
    this.pending.push({ body: newBody(path), work });
    return { kind: "path", path };
  }

  divided(left: Value, right: Value): Value | undefined {
    return divided(left, right);
  }

  choose(first: Value, second: Value): Value {
    return choose(first, second);
  }

  private origin(name: string): Value {
    const star = [...this.stars].find((module) => isStar(module, name));
    return { kind: "path", path: star ? `${star}.${name}` : (builtinPath(name) ?? name) };
  }

  private event(level: EventLevel, what: string, at: number): void {
    if (this.body.events.length > 1_000) return;
    this.body.events.push({ level, what, at });
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
    if (of.kind === "map")
      return pairsIn(of, name) ?? of.entries.find(([key]) => textsOf(key).includes(name))?.[1];
    if (/^connect(_ex)?$/.test(name) && taintsOf(of).has("socket")) return { kind: "path", path: CONNECT };
    if (of.kind !== "path") return undefined;
    if (/^__(dict|call|class|wrapped|func|self)__$/.test(name)) return of;
    if (name === "__builtins__") return { kind: "path", path: "builtins" };
    const path = join(of.path, name);
    if (path === "os.environ" || path === "sys.argv") return { kind: "path", path };
    return this.member(of.path, path);
  }

  private member(owner: string, path: string): Value {
    const known = this.evaluator.names.get(path);
    if (this.classes.has(owner)) this.body.calls.add(known?.kind === "path" ? known.path : path);
    return known ?? { kind: "path", path };
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
    // What `items` and `values` of a known map give is their value already.
    if (callee.kind === "list" && given.length === 0) return callee;
    if (callee.kind !== "path") {
      if (handsOver("", given)) this.event("acts", "hands on what runs code or commands", at);
      return undefined;
    }
    const { path } = callee;
    if (PICKS.test(path)) return unknown("modules");
    if (CALLS_GIVEN.test(path)) this.callGiven(given, at);
    else if (handsOver(path, given)) this.event("acts", `hands on to ${path} what runs code or commands`, at);
    this.body.calls.add(path.replace(/^self\./, ""));
    const resolved = this.resolve(path, positional, named);
    if (resolved) return resolved;
    this.judge(path, positional, given, at);
    if (path === "builtins.map") return mapped(this, positional, at);
    return fileOf(path, positional) ?? resultOf(path, positional) ?? this.result(path, given);
  }

  private result(path: string, given: readonly Value[]): Value {
    // A function of the file may call what it is given; `type` makes a class of what stands in a map.
    if (/^\w+$|^<lambda/.test(path)) this.hand(path, given);
    else if (path === "builtins.type" && given.length > 1) this.mayCall(leavesOf<never>(given));
    const answer = this.answers.get(path);
    if (answer) return answer;
    // An instance of a class of this file, for what is called on it.
    if (this.classes.has(path)) return { kind: "path", path };
    const taints = taintsOfAll(given);
    if (taints.has("environment")) return unknown("environment", ...given);
    // What a function of this file makes of a long text is what decoders make.
    const local = /^\w+$|^<lambda/.test(path);
    if (local && given.some((value) => textsOf(value).some((one) => ENCODED.test(one) || BINARY.test(one))))
      return unknown("decoded");
    if (taints.size > 0 || path.length > 200) return unknown(...given);
    return { kind: "path", path: `${path}()` };
  }

  private callGiven(given: readonly Value[], at: number): void {
    const [first, ...rest] = given;
    // A lambda may call what it is handed.
    this.mayCall(given.some(isLambda) ? leavesOf<never>(given) : given);
    const later = rest.find((value) => value.kind === "path" && RUNS.test(value.path));
    if (later?.kind === "path") this.event("acts", `has ${later.path} called`, at);
    if (first?.kind === "path" && RUNS.test(first.path)) {
      const items = rest.map((value) => itemsOf(value)?.[0] ?? value);
      this.judge(first.path, items, items, at);
    } else if (first?.kind === "path" && EXECUTES.test(first.path)) this.judge(first.path, rest, rest, at);
  }

  /** The function that is read calls something that has a name, and nobody knows what that stands for. */
  callsUnknown(): void {
    this.body.callsGiven = true;
  }

  private hand(path: string, given: readonly Value[]): void {
    for (const value of given) {
      if (value.kind === "path" && this.body.hands.length < MOST_HANDED)
        this.body.hands.push([path, value.path]);
    }
  }

  private mayCall(values: Iterable<Value>): void {
    for (const value of values) if (value.kind === "path") this.body.calls.add(value.path);
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
    if (path === "builtins.getattr" && first) return this.getattr(first, second);
    return name === undefined ? undefined : lookUp(path, name);
  }

  private getattr(of: Value, name: Value | undefined): Value | undefined {
    const [attribute] = name ? textsOf(name) : [];
    if (attribute !== undefined) return this.attribute(of, attribute, 0);
    return name && of.kind === "path" && isModule(of.path) ? unknown("modules") : undefined;
  }

  private judge(path: string, positional: readonly Value[], given: readonly Value[], at: number): void {
    if (RUNS.test(path)) this.runs(path, positional, given, at);
    else if (EXECUTES.test(path)) this.executes(path, positional[0], at);
    else if (UNPICKLES.test(path)) this.unpickles(path, positional[0], at);
    else if (OPENS.test(path)) this.tell(usedFile(path, positional), at);
    else if (isFetch(path)) this.fetches(path, given, at);
    else if (ABLE.test(path)) this.event("able", `calls ${path}`, at);
    else if (isNative(path)) this.event("malice", `calls ${path}`, at);
    else this.judgeRest(path, given, at);
  }

  private judgeRest(path: string, given: readonly Value[], at: number): void {
    const names = given.flatMap((value) => [...textsOf(value)]);
    const harm = harmOf(path, names);
    if (harm !== undefined) this.event("malice", harm, at);
    else if (path === "os.dup2" && taintsOfAll(given).has("socket")) {
      this.event("malice", "hands a connection to a shell", at);
    } else if (/^socket\.(gethostbyname|getaddrinfo)$/.test(path) && taintsOfAll(given).has("environment")) {
      this.event("malice", "sends data in names that it looks up", at);
    } else if (
      /^operator\.(methodcaller|attrgetter)$/.test(path) &&
      names.some((name) => REACHED.test(name))
    ) {
      this.event("acts", `calls ${path}`, at);
    } else if (namesRunner(path, given)) this.event("acts", `has ${path} run what it names`, at);
    else if (path === CONNECT && given.some(isAddress)) this.event("acts", "opens a connection", at);
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

  private tell(event: Pick<PythonEvent, "level" | "what"> | undefined, at: number): void {
    if (event) this.event(event.level, event.what, at);
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
}
