import type { Budget } from "../../core/limits.js";
import type { Tree } from "../../expression/tree.js";
import { textsOf, UNKNOWN, type Value } from "../../expression/value.js";
import { builtinPath } from "../../formats/python/calls.js";
import { newBody } from "../../formats/python/events.js";
import { PythonInterpreter } from "../../formats/python/interpreter.js";
import { readProgram } from "../../formats/python/program.js";
import { Call } from "../value.js";
import type { CodeObject } from "./code-object.js";
import { codeOf } from "./constants.js";
import { attributeDeed, CHANGES, type Deed, isSystem, LEVEL_OF, pathDeed, setDeed } from "./deeds.js";
import type { Entry } from "./entry.js";
import { Follower } from "./follow.js";
import type { Listener, Surroundings } from "./frame.js";
import { isOwnMethod, isProven } from "./proof.js";
import type { Version } from "./versions.js";

const MOST_DEEP = 20;
const MOST_WAYS = 64;

/** Hears what a function does, with what is known of Python. */
export class CodeListener implements Listener {
  readonly deeds: Map<string, Deed> = new Map();
  /** Why nobody can say that running it does no harm. */
  readonly unproven: Set<string> = new Set();
  /** Functions and methods that it calls by name. */
  readonly called: Set<string> = new Set();
  /** Methods of values that nobody knows. */
  readonly methods: Set<string> = new Set();
  private readonly budget: Budget;
  private readonly version: Version;
  private readonly python: PythonInterpreter;
  private readonly made = new Map<CodeObject, Set<string>>();
  private depth = 0;

  constructor(budget: Budget, version: Version) {
    this.budget = budget;
    this.version = version;
    this.python = new PythonInterpreter(
      budget,
      newBody(""),
      (code) => readProgram(code, budget, 1).root.events,
    );
  }

  /** What the code was seen to do, with what the reader of Python made of its calls. */
  finish(): void {
    for (const { level, what } of this.python.body.events) this.deed({ level: LEVEL_OF[level], what });
  }

  follow(code: CodeObject, around: Surroundings): void {
    this.budget.step(64 + code.bytecode.length);
    new Follower(code, this.version, this, around).run();
    // Code among the constants of which no function is made here: something else would run it.
    for (const value of code.consts) {
      const inner = value instanceof Call ? codeOf(value) : undefined;
      if (inner && !this.made.has(inner)) this.makes(inner, { ...around, argument: () => undefined });
    }
  }

  step(count: number): void {
    this.budget.step(24 * count);
  }

  private deed(deed: Deed | undefined): void {
    if (deed) {
      this.deeds.set(deed.what, deed);
      this.unproven.add(deed.what);
    }
  }

  reads(name: string, value: Value | undefined): Value {
    if (/^__(builtins?|loader|spec)__$/.test(name)) this.deed({ level: "acts", what: `reads \`${name}\`` });
    if (value === undefined && /^__\w+__$/.test(name) && name !== "__import__") return UNKNOWN;
    const path = builtinPath(name) ?? `builtins.${name}`;
    const found = value ?? { kind: "path", path };
    this.called.add(name);
    return this.came(found);
  }

  /** A value that may be a path, which is judged. */
  private came(value: Value): Value {
    if (value.kind === "path") this.deed(pathDeed(value.path));
    return value;
  }

  attribute(of: Entry, name: string): Entry {
    if (of.value.kind !== "path") this.deed(attributeDeed(name));
    const tree: Tree = { kind: "attribute", of: { kind: "known", value: of.value }, name, at: 0 };
    // Python's own functions belong to the module `builtins`.
    const own = name === "__self__" && of.value.kind === "path" && /^builtins\.\w+$/.test(of.value.path);
    const value: Value = own ? { kind: "path", path: "builtins" } : this.came(this.python.evaluate(tree));
    return { value, tree };
  }

  calls(callee: Entry, given: readonly Entry[], named: ReadonlyMap<string, Entry>): Value {
    const entries = [...given, ...named.values()];
    const path = callee.value.kind === "path" ? callee.value.path : undefined;
    this.judge(path, callee, given);
    if (path === undefined || !ASKS_OF.test(path)) for (const one of entries) this.handsOn(one);
    const value = this.python.evaluate({
      kind: "call",
      callee: callee.tree ?? { kind: "known", value: callee.value },
      positional: given.map((one) => ({ kind: "known", value: one.value })),
      named: [...named].map(([name, one]) => ({ name, value: { kind: "known", value: one.value } })),
      at: 0,
    });
    // What `getattr(module, name)` gave stays known for what it came from.
    const [of, key] = given;
    if (path === "builtins.getattr" && of?.value.kind === "path" && key && textsOf(key.value).length === 0)
      return { kind: "path", path: `${of.value.path.slice(0, 200)}.<computed>` };
    return this.came(value);
  }

  private judge(path: string | undefined, callee: Entry, given: readonly Entry[]): void {
    const name = callee.tree?.kind === "attribute" ? callee.tree.name : undefined;
    if (name !== undefined) this.called.add(name);
    if (name !== undefined && path === undefined && isOwnMethod(name)) this.methods.add(name);
    const why = isProven(path, name);
    if (why !== undefined) this.unproven.add(why);
    if (path !== undefined) this.judgePath(path, given);
    else if (name === "system") this.deed({ level: "acts", what: "calls a method `system`" });
    if (name === "__getattribute__") this.looksUp(given);
  }

  private judgePath(path: string, given: readonly Entry[]): void {
    const [, second] = given;
    if (path === "builtins.getattr") this.looksUp(given);
    else if (
      /^importlib\.(import_module|__import__)$/.test(path) &&
      !(given[0] && textsOf(given[0].value).length > 0)
    )
      this.deed({ level: "asks", what: "imports a module by a name that it computes" });
    else if (/^types\.(FunctionType|LambdaType|CodeType)$/.test(path))
      this.deed({ level: "acts", what: `makes a function with ${path}` });
    else if (path === "builtins.type" && second) this.unproven.add("makes a class");
    else if (OPENS.test(path)) this.opens(given);
    else if (CHANGES.test(path)) this.changes(path, given);
    else if (path === "builtins.setattr" && second)
      for (const one of textsOf(second.value)) this.deed(setDeed(one));
  }

  /** `getattr(of, name)`, of which only a constant name says what it leads to. */
  private looksUp([of, key]: readonly Entry[]): void {
    if (of?.value.kind !== "path" || (key && textsOf(key.value).length > 0)) {
      for (const name of key ? textsOf(key.value) : []) this.deed(attributeDeed(name));
      return;
    }
    this.unproven.add("reads an attribute by a name that it computes");
    const again = of.value.path.includes("<computed>");
    if (again)
      this.deed({ level: "asks", what: "reads attribute after attribute by names that it computes" });
    if (isSystem(of.value.path) || /\.(modules|environ|__dict__)$/.test(of.value.path)) {
      this.deed({ level: "acts", what: `picks from ${of.value.path} by a name that it computes` });
    }
  }

  private changes(path: string, [file]: readonly Entry[]): void {
    const [name] = file ? textsOf(file.value) : [];
    if (name !== undefined)
      this.deed({ level: "acts", what: `calls ${path} on ${JSON.stringify(name.slice(0, 80))}` });
    else this.deed({ level: "asks", what: `calls ${path}` });
  }

  private opens([file, mode]: readonly Entry[]): void {
    const writes = mode && textsOf(mode.value).some((one) => /[wax+]/.test(one));
    const [name] = file ? textsOf(file.value) : [];
    if (!writes || name === undefined || file?.value.kind !== "text") return;
    const fixed = /^([/~\\]|[A-Za-z]:|\.\.)/.test(name) && !/^\/dev\/(null|std\w+)$/.test(name);
    this.deed({ level: fixed ? "acts" : "asks", what: `writes ${JSON.stringify(name.slice(0, 80))}` });
  }

  binary(operator: string, left: Value, right: Value): Value {
    return this.python.evaluate({
      kind: "binary",
      operator,
      left: { kind: "known", value: left },
      right: { kind: "known", value: right },
    });
  }

  item(of: Value, key: Value): Value {
    const tree: Tree = {
      kind: "item",
      of: { kind: "known", value: of },
      key: { kind: "known", value: key },
      at: 0,
    };
    if (of.kind === "path" && /(^sys\.modules|<globals>|__dict__|__globals__)$/.test(of.path)) {
      this.deed({ level: "acts", what: `picks from ${of.path}` });
    }
    return this.came(this.python.evaluate(tree));
  }

  imports(module: string, from: readonly string[] | undefined): Value {
    this.unproven.add(`imports ${module}`);
    this.deed(pathDeed(module));
    const path = from ? module : (module.split(".", 1)[0] ?? "");
    if (from?.includes("*")) this.deed({ level: "asks", what: `imports everything of ${module}` });
    return { kind: "path", path };
  }

  handsOn({ value }: Entry): void {
    if (value.kind !== "path") return;
    if (CHANGES.test(value.path)) this.deed({ level: "asks", what: `hands on ${value.path}` });
    else if (isSystem(value.path)) this.deed({ level: "acts", what: `hands on the module ${value.path}` });
    else if (HANDED.test(value.path)) this.deed({ level: "asks", what: `hands on ${value.path}` });
  }

  sets(of: Entry, name: string): void {
    this.deed(setDeed(name));
    if (of.value.kind !== "path") return;
    const { path } = of.value;
    if (!path.includes("()")) this.unproven.add(`changes ${path}`);
    if (isSystem(path) || /^(builtins\.\w+$|sys\.(modules|meta_path|path_hooks))\b/.test(path)) {
      this.deed({ level: "acts", what: `changes ${path}` });
    }
  }

  setsGlobal(name: string): void {
    if (/^__builtins?__$/.test(name)) this.deed({ level: "acts", what: `sets \`${name}\`` });
  }

  makes(code: CodeObject, around: Surroundings): Value {
    const given = code.free.map((name) => described(around.free(name))).join("\0");
    const seen = this.made.get(code) ?? new Set();
    this.made.set(code, seen);
    if (seen.has(given)) return UNKNOWN;
    seen.add(given);
    if (this.depth >= MOST_DEEP || seen.size > MOST_WAYS) {
      this.deed({ level: "asks", what: "makes functions in more ways than can be followed" });
      return UNKNOWN;
    }
    this.depth++;
    this.follow(code, around);
    this.depth--;
    return UNKNOWN;
  }
}

/** Enough to tell whether a function is made with something new in its closure. */
function described(value: Value | undefined, depth = 0): string {
  if (value?.kind === "text") return value.options.join("\u0001");
  if (value?.kind === "path") return value.path;
  if (value?.kind === "number") return String(value.value);
  if (value?.kind !== "list" || depth > 2) return value?.kind ?? "";
  return `[${value.items.slice(0, 64).map((one) => described(one, depth + 1))}]`;
}

const OPENS = /^(builtins|_?io|codecs|os)\.open$/;
/** These ask something of a value and keep nothing of it. */
const ASKS_OF =
  /^builtins\.(getattr|hasattr|isinstance|issubclass|callable|type|id|repr|str|print|dir|len|bool)$/;
/** Functions that reach anything by its name; called where they stand they are judged by their arguments. */
const HANDED = /^builtins\.(getattr|__import__|eval|exec|compile|open|vars|globals|locals|setattr)$/;
