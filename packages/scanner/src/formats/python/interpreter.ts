import type { Budget } from "../../core/limits.js";
import { type Dialect, Evaluator } from "../../expression/evaluate.js";
import type { Tree } from "../../expression/tree.js";
import {
  itemsOf,
  leavesOf,
  taintsOf,
  text,
  textsOf,
  UNKNOWN,
  unknown,
  type Value,
} from "../../expression/value.js";
import { Answers } from "./answers.js";
import { builtinPath, costOf, EXECUTES, isLocal, RUNS, resultOf } from "./calls.js";
import { type Body, type EventLevel, hand, type PythonEvent } from "./events.js";
import { combined, fileOf, usedFile } from "./files.js";
import {
  CALLS_GIVEN,
  choose,
  handsOver,
  isLambda,
  isListed,
  isModule,
  lambdasIn,
  mapped,
  Pickable,
  pairsIn,
} from "./handed.js";
import { FINDER_METHODS, FINDERS, keptAs, reduction, rootOf, variable } from "./hooks.js";
import { Inlined } from "./inlined.js";
import { CallJudge, CONNECT, type Inner } from "./judge.js";
import { Lambdas } from "./lambdas.js";
import { callIn, expressionIn } from "./odd.js";
import {
  IMPORTS,
  imported,
  isStar,
  join,
  lookUp,
  madeBy,
  NAMESPACES,
  PICKS,
  pickedFrom,
  ROOT_CLASS,
  sendsAll,
} from "./paths.js";
import { Written } from "./written.js";

interface Arguments {
  positional: readonly Value[];
  named: ReadonlyMap<string, Value>;
  /** Both, in one list. */
  given: readonly Value[];
}

/** What Python makes of names, attributes and calls, as far as a file tells without being run. */
export class PythonInterpreter implements Dialect {
  body: Body;
  /** Modules of which every name was imported. */
  readonly stars: Set<string> = new Set();
  /** Modules that the file imports, by their first name. */
  readonly modules: Set<string> = new Set(["builtins"]);
  /** Classes of the file whose methods those of Python call. */
  readonly templates: Set<string> = new Set();
  /** Classes of the file that stand for what runs commands. */
  readonly runners: Map<string, string> = new Map();
  private readonly written: Written;
  /** Classes of the file. */
  readonly classes: Set<string> = new Set();
  private readonly budget: Budget;
  private readonly evaluator: Evaluator;
  private readonly judge: CallJudge;
  private readonly pickable = new Pickable();
  private readonly lambdas = new Lambdas();
  private depth = 0;
  readonly inlined: Inlined = new Inlined();
  /** What functions of the file answer. */
  private readonly answers = new Answers();
  private readonly define: (body: Body) => void;

  constructor(budget: Budget, body: Body, inner: Inner, define: (body: Body) => void = () => undefined) {
    this.body = body;
    this.judge = new CallJudge((...event) => this.event(...event), inner);
    this.written = new Written((code) => inner(code, true));
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

  endStatement(): void {
    for (const body of this.lambdas.read(this)) this.define(body);
  }

  /** An attribute that is set in a function, and read elsewhere. */
  keep(of: Value, name: string, value: Value, at: number): void {
    if (of.kind !== "path") return;
    for (const one of keptAs(of.path, name, value)) this.evaluator.names.set(one, value);
    if (of.path === "os.environ") this.tell(variable(name, value), at);
    // Others call what a module of theirs has: hooks of Python, functions that are replaced.
    if (name === "__getattr__" || this.modules.has(rootOf(of.path))) this.replaces(value);
  }

  /** A function, or an object of a class, that stands where others call it. */
  private replaces(value: Value): void {
    this.mayCall([value]);
    if (value.kind === "path" && this.classes.has(value.path)) this.body.calls.add(`${value.path}.*`);
  }

  named(name: string): Value {
    return this.evaluator.names.get(name) ?? UNKNOWN;
  }

  /** `raise Class`. */
  makes(value: Value): void {
    if (value.kind === "path" && this.classes.has(value.path)) this.body.calls.add(value.path);
  }

  describe(name: string, value: Value): void {
    this.evaluator.names.set(name, value);
  }

  imports(module: string, at: number): void {
    this.modules.add(rootOf(module));
    if (this.written.brought(module)) this.event("acts", `imports ${module}, which it fetched`, at);
  }

  /** A module, or what the file puts in its place. */
  moduleOf(name: string): Value {
    return this.evaluator.names.get(`sys.modules.${name}`) ?? { kind: "path", path: name };
  }

  charge(steps: number): void {
    this.budget.step(steps);
  }

  /** `return value`. */
  answer(value: Value): void {
    const { name } = this.body;
    if (name.endsWith(".__reduce__") || name.endsWith(".__reduce_ex__")) this.tell(reduction(value), 0);
    this.answers.returns(name, value);
  }

  yields(values: readonly Value[]): void {
    this.answers.yields(this.body.name, values);
  }

  /** A statement that cannot be parsed is looked at by its words. */
  oddStatement(text: string, at: number): void {
    const words = callIn(text);
    if (words !== undefined) this.event("acts", `seems to call ${words}`, at);
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
    return this.lambdas.later(this, tree, this.inlined);
  }

  combined(operator: string, left: Value, right: Value): Value | undefined {
    return combined(operator, left, right);
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
    if (of.kind !== "path") return this.attributeOfData(of, name);
    if (/^__(dict|call|class|wrapped|func|self)__$/.test(name)) return of;
    if (name === "__builtins__") return { kind: "path", path: "builtins" };
    const path = join(of.path, name);
    if (FINDERS.test(path)) this.body.calls.add(FINDER_METHODS);
    if (path === "os.environ" || path === "sys.argv") return { kind: "path", path };
    if (path === "os.sep") return text("/");
    return this.member(of.path, path);
  }

  private attributeOfData(of: Value, name: string): Value | undefined {
    if (of.kind === "map")
      return pairsIn(of, name) ?? of.entries.find(([key]) => textsOf(key).includes(name))?.[1];
    if (name === "to_bytes" && of.kind === "number") return { kind: "path", path: "int.to_bytes" };
    if (/^connect(_ex)?$/.test(name) && taintsOf(of).has("socket")) return { kind: "path", path: CONNECT };
    return this.written.attribute(of, name);
  }

  private member(owner: string, path: string): Value {
    const own = this.evaluator.names.get(path);
    const known = own ?? (this.classes.has(owner) ? this.answers.computedBy(owner) : undefined);
    if (this.classes.has(owner)) this.body.calls.add(known?.kind === "path" ? known.path : path);
    return known ?? { kind: "path", path };
  }

  item(of: Value, key: Value, _at: number): Value | undefined {
    if (of.kind !== "path") return undefined;
    const [name] = textsOf(key);
    if (of.path === "os.environ") return this.named(`os.environ.${name}`);
    if (of.path === "sys.argv") return unknown("input");
    if (of.path.startsWith("<class>")) return of;
    if (this.classes.has(of.path)) this.body.calls.add(`${of.path}.__class_getitem__`);
    if (/(^|\.)sys\.modules$/.test(of.path) && key.kind === "path" && key.path === "__name__")
      return { kind: "path", path: "<globals>" };
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
      if (sendsAll(callee, given)) this.event("malice", "sends the environment to another machine", at);
      if (handsOver("", given)) this.event("acts", "hands on what runs code or commands", at);
      return undefined;
    }
    const { path } = callee;
    const args: Arguments = { positional, named, given };
    return this.find(path, args, at) ?? this.answered(path, args, at);
  }

  /** What a call only picks, hands on, or finds by its name. */
  private find(path: string, { positional, named, given }: Arguments, at: number): Value | undefined {
    if (path === "builtins.setattr") this.setattr(given, at);
    if (PICKS.test(path) || isListed(path, given)) return unknown("modules");
    if (path === "<globals>.items" || path === "<globals>.values") {
      return this.pickable.of(this.evaluator.names, path.slice("<globals>.".length));
    }
    if (CALLS_GIVEN.test(path)) this.callGiven(given, at);
    else if (handsOver(path, given)) this.event("acts", `hands on to ${path} what runs code or commands`, at);
    else this.mayCall(lambdasIn(given));
    for (const one of given)
      if (one.kind === "path" && this.templates.has(one.path)) this.body.calls.add(`${one.path}.*`);
    if (path === "<globals>.update") this.updates(given);
    this.body.calls.add(path.replace(/^self\./, ""));
    return this.resolve(path, positional, named);
  }

  private answered(path: string, args: Arguments, at: number): Value {
    const { positional, named, given } = args;
    this.charge(costOf(positional));
    this.tell(usedFile(path, positional, named), at);
    this.tell(this.written.uses(path, given), at);
    this.judge.call(this.runners.get(path) ?? path, positional, given, at);
    if (path === "builtins.eval") return this.evaluated(positional[0]);
    const answer =
      (path === "builtins.map" ? mapped(this, positional, at) : fileOf(path, positional)) ??
      resultOf(path, positional) ??
      this.result(path, args);
    this.written.opens(path, positional, answer);
    return answer;
  }

  private result(path: string, { positional, named, given }: Arguments): Value {
    const local = isLocal(path);
    // A function of the file may call what it is given; `type` makes a class of what stands in a map.
    if (local) hand(this.body, path, given);
    else if (path === "builtins.type" && given.length > 1) this.mayCall(leavesOf<never>(given));
    const answer =
      this.answers.get(path) ?? (local ? this.inlined.call(this, path, positional, named) : undefined);
    if (answer) return answer;
    // An instance of a class of this file, for what is called on it.
    if (!this.classes.has(path)) return madeBy(path, given);
    if (this.templates.has(path)) this.body.calls.add(`${path}.*`);
    return { kind: "path", path };
  }

  /** What `eval` answers for an expression in the file. */
  private evaluated(code: Value | undefined): Value {
    const [written = ""] = code ? textsOf(code) : [];
    const tree = this.depth > 0 ? undefined : expressionIn(written);
    if (!tree) return unknown(...(code ? [code] : []));
    this.depth++;
    const value = this.evaluate(tree);
    this.depth--;
    return value;
  }

  private updates([first]: readonly Value[]): void {
    for (const [key, value] of first?.kind === "map" ? first.entries : [])
      for (const name of textsOf(key)) this.assign(name, value);
  }

  private setattr([of, name, value]: readonly Value[], at: number): void {
    for (const one of name ? textsOf(name) : []) if (of && value) this.keep(of, one, value, at);
  }

  private callGiven(given: readonly Value[], at: number): void {
    const [first, ...rest] = given;
    // A lambda may call what it is handed.
    this.mayCall(given.some(isLambda) ? leavesOf<never>(given) : given);
    const later = [...leavesOf<never>(rest)].find((value) => value.kind === "path" && RUNS.test(value.path));
    if (later?.kind === "path") this.event("acts", `has ${later.path} called`, at);
    if (first?.kind === "path" && RUNS.test(first.path)) {
      const items = rest.map((value) => itemsOf(value)?.[0] ?? value);
      this.judge.call(first.path, items, items, at);
    } else if (first?.kind === "path" && EXECUTES.test(first.path))
      this.judge.call(first.path, rest, rest, at);
  }

  /** The function that is read calls something that has a name, and nobody knows what that stands for. */
  callsUnknown(): void {
    this.body.callsGiven = true;
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
    if (IMPORTS.test(path)) return name === undefined ? undefined : imported(path, name, given, named);
    if (NAMESPACES.test(path)) return first?.kind === "path" ? first : { kind: "path", path: "<globals>" };
    if (path === "builtins.getattr" && first) return this.getattr(first, second);
    return name === undefined ? undefined : lookUp(path, name);
  }

  private getattr(of: Value, name: Value | undefined): Value | undefined {
    const [attribute] = name ? textsOf(name) : [];
    if (attribute !== undefined) return this.attribute(of, attribute, 0);
    if (!name || of.kind !== "path" || !isModule(of.path)) return undefined;
    // Types of Python are found by their names; nobody looks for what `os` has.
    return of.path === "builtins" ? unknown("modules") : unknown("modules", "computed");
  }

  private tell(event: Pick<PythonEvent, "level" | "what"> | undefined, at: number): void {
    if (event) this.event(event.level, event.what, at);
  }
}
