import { inside, type Part, type Scan } from "../core/scan.js";
import { bytesSource } from "../core/source.js";
import { classify, isTooLong, looksLikeClass } from "../globals/classify.js";
import { modernName } from "../globals/compat.js";
import type { RuleId } from "../rules/rules.js";
import { argumentList, show, showList } from "./arguments.js";
import { Armed, drawsNumber, reachesAction } from "./bound.js";
import { handsOut, mayBeCalled } from "./callable.js";
import { checked } from "./checks.js";
import { Carried } from "./code/carried.js";
import { handOver, reportCode, reportModules } from "./code/report.js";
import { callCarried, readsAttribute, setsCarried } from "./code/wrappers.js";
import { attributesOf, HOOKS, keepHooks } from "./hooks.js";
import { type Judge, Machine } from "./machine.js";
import { unexamined } from "./nested.js";
import { OPCODES } from "./opcodes.js";
import { joined, partialOf } from "./partial.js";
import { reportReference } from "./references.js";
import { checkState } from "./state.js";
import { callUnlisted, makeInstance } from "./unlisted.js";
import { Blob, Call, type CallKind, Global, isPickled, Opaque, Tuple, type Value } from "./value.js";

/** Called after BUILD: a loader such as joblib reads raw bytes there. */
export type AfterBuild = (target: Call, state: Value, machine: Machine) => void;

export interface JudgeOptions {
  part: Part;
  afterBuild?: AfterBuild;
}

/** Judges what a pickle does: calls by their callable and arguments, not names alone. */
export class PickleJudge implements Judge {
  readonly scan: Scan;
  readonly part: Part;
  readonly persistentIds: Value[] = [];
  /** Calls of names that Python or a framework has, or that are known to be dangerous. */
  knownCalls = 0;
  /** Calls of importable names. */
  calls = 0;
  /** Frames and opcodes disagree, so that loaders may read different opcodes. */
  framesDisagree = false;
  /** Soft faults: places where CPython would have stopped. */
  faults = 0;
  /** Classes of unknown packages that were noted: a pickle may make millions of instances of one. */
  readonly noted: Set<Global> = new Set();
  readonly carried: Carried = new Carried();
  private firstFault: { reason: string; offset: number } | undefined;
  private readonly afterBuild: AfterBuild | undefined;
  private readonly known = new Map<string, Global>();
  private readonly imported = new Map<Global, number>();
  private readonly called = new Set<Global>();
  /** Those among them whose calls are findings. */
  private readonly alarmed = new Set<Global>();
  private readonly registry = new Map<number, [module: string, name: string]>();
  private readonly examined = new Set<Blob>();
  /** What something calls later, with what. */
  private readonly later = new Map<Call, Value>();
  private readonly armed = new Armed();
  private alarms = 0;

  constructor(scan: Scan, options: JudgeOptions) {
    this.scan = scan;
    this.part = options.part;
    this.afterBuild = options.afterBuild;
  }

  report(rule: RuleId, offset: number, message: string, cause?: string): void {
    this.alarms++;
    this.scan.report(rule, this.part, message, { offset, ...(cause === undefined ? {} : { cause }) });
  }

  global(module: Value, name: Value, offset: number): Value {
    if (typeof module !== "string" || typeof name !== "string") {
      this.report("pickle-unresolved-name", offset, "A name to import is computed while loading.", "name");
      return new Opaque("stack");
    }
    return this.resolve(module, name, offset);
  }

  resolve(module: string, name: string, offset: number): Global {
    this.scan.budget.step((module.length + name.length) >> 6);
    const key = `${module}\0${name}`;
    let global = this.known.get(key);
    if (!global) {
      // By whatever name Python 2 pickles have it, it is one thing: `__builtin__.getattr` is `builtins.getattr`.
      const modern = modernName(module, name);
      global = new Global(modern.module, modern.name, classify(module, name));
      this.known.set(key, global);
    }
    if (!this.imported.has(global)) this.imported.set(global, offset);
    if (global.judgement.level === "dangerous") this.carried.watched.add(global);
    return global;
  }

  /** A module itself, as `__import__` gives it; what is read from it is judged. */
  moduleValue(module: string): Global {
    return new Global(module, "", { level: "dangerous", origin: "other", reason: "a module" });
  }

  call(callee: Value, args: Value, how: CallKind, offset: number): Value {
    if (callee instanceof Global) return this.callGlobal(callee, args, how, offset);
    if (callee instanceof Call) return this.callResult(callee, args, how, offset);
    if (callee instanceof Opaque) {
      this.report("pickle-unresolved-call", offset, "Calls a value that the file does not name.", callee.why);
    } else this.fault(`calls ${show(callee)}, which cannot be called`, offset);
    return new Call(callee, args, how);
  }

  private callGlobal(callee: Global, args: Value, how: CallKind, offset: number): Value {
    const { level, origin } = callee.judgement;
    if (level !== "unproven" || origin !== "other") this.calls++;
    const made = new Call(callee, args, how);
    const onlyMade = how === "newobj" || (how === "object" && argumentList(args)?.length === 0);
    if (level === "safe" || origin === "framework") this.armed.called(this, callee, args, made, offset);
    handOver(this, callee, args, offset);
    if (level === "safe") return checked(this, { callee, args, offset, made, onlyMade });
    this.called.add(callee);
    if (level === "dangerous") {
      if (onlyMade && callee.judgement.instances) {
        makeInstance(this, callee, args, offset);
        return made;
      }
      return this.callDangerous(callee, args, made, offset);
    }
    this.callUnproven(callee, args, how === "newobj" || (onlyMade && looksLikeClass(callee.name)), offset);
    return made;
  }

  private callUnproven(callee: Global, args: Value, onlyMade: boolean, offset: number): void {
    const before = this.alarms;
    if (onlyMade) makeInstance(this, callee, args, offset);
    else callUnlisted(this, callee, args, offset);
    if (this.alarms > before) this.alarmed.add(callee);
  }

  private callDangerous(callee: Global, args: Value, made: Call, offset: number): Value {
    if (setsCarried(this, callee, args)) return made;
    this.report(
      "pickle-dangerous-call",
      offset,
      `Loading calls ${callee.path}(${showList(args)}), which ${callee.judgement.reason}.`,
      callee.path,
    );
    const list = argumentList(args) ?? [];
    for (const value of list) if (value instanceof Blob && isPickled(value)) this.nested(value);
    if (callee.path === "copyreg.add_extension") this.register(list);
    const [first] = list;
    const imports = callee.name === "__import__" || callee.path === "importlib.import_module";
    return imports && typeof first === "string" ? this.moduleValue(first) : made;
  }

  private register(args: readonly Value[]): void {
    const [module, name, code] = args;
    if (typeof module === "string" && typeof name === "string" && typeof code === "number")
      this.registry.set(code, [module, name]);
  }

  /** Calls what an earlier call gave. */
  private callResult(callee: Call, args: Value, how: CallKind, offset: number): Value {
    const made = new Call(callee, args, how);
    if (callCarried(this, callee, args, offset, how === "newobj") || this.rootIsReported(callee)) return made;
    if (drawsNumber(callee, args)) return made;
    const origin = callee.callee instanceof Global ? callee.callee.path : "";
    const list = argumentList(callee.args) ?? [];
    if (/^(_?functools\.partial|types\.MethodType)$/.test(origin)) {
      const [target, ...bound] = partialOf(callee, list);
      if (target !== undefined) return this.call(target, joined(bound, args), "reduce", offset);
    }
    if (/^_?operator\.attrgetter$/.test(origin)) return this.readAttributes(list, args, offset);
    if (/^_?operator\.itemgetter$/.test(origin)) {
      this.readItem(list, args, offset);
      return made;
    }
    const message = `Loading calls what ${show(callee)} gives, so the file decides at load time what runs.`;
    this.report("pickle-dynamic-call", offset, message, "dynamic");
    return made;
  }

  /** Judges a call that something makes later: of a partial, BUILD may change the function until then. */
  callLater(value: Global | Call, args: Value, offset: number): void {
    if (value instanceof Call) this.later.set(value, args);
    this.call(value, args, "reduce", offset);
  }

  private readItem(keys: readonly Value[], args: Value, offset: number): void {
    const [target] = argumentList(args) ?? [];
    const [key] = keys;
    if (target === undefined || key === undefined) return;
    this.callGlobal(this.resolve("operator", "getitem", offset), new Tuple([target, key]), "reduce", offset);
  }

  private readAttributes(names: readonly Value[], args: Value, offset: number): Value {
    const [target] = argumentList(args) ?? [];
    const [name] = names;
    if (target === undefined || typeof name !== "string") return new Opaque("stack");
    return this.attribute(target, name, offset);
  }

  /** `getattr(target, name)`: an attribute of an import is an import. */
  attribute(target: Value, name: string, offset: number): Value {
    if (target instanceof Global) {
      if (isTooLong(target.module, target.name)) return target;
      return target.name
        ? this.resolve(target.module, `${target.name}.${name}`, offset)
        : this.resolve(target.module, name, offset);
    }
    if (target instanceof Call) readsAttribute(this, target, name, offset);
    if (/^__\w+__$/.test(name) && !(target instanceof Call && this.rootIsReported(target))) {
      this.report(
        "pickle-unresolved-name",
        offset,
        `Reads the attribute ${name} of a value while loading.`,
        name,
      );
    }
    if (reachesAction(target, name)) {
      const message = `Loading takes the method ${name} of ${show(target)}, which acts on files or reaches attributes.`;
      this.report("pickle-dangerous-import", offset, message, name);
    }
    return new Call(this.resolve("builtins", "getattr", offset), new Tuple([target, name]), "reduce");
  }

  /** Whether the finding for this value's origin is made already: one finding per root cause. */
  private rootIsReported(value: Value): boolean {
    let at: Value = value;
    for (let hops = 0; at instanceof Call && hops < 64; hops++) {
      const [first] = argumentList(at.args) ?? [];
      if (first instanceof Global && isReported(first)) return true;
      at =
        at.callee instanceof Global && at.callee.path === "builtins.getattr" && first !== undefined
          ? first
          : at.callee;
    }
    if (at instanceof Opaque) return true;
    return at instanceof Global && (isReported(at) || this.alarmed.has(at));
  }

  build(target: Value, state: Value, machine: Machine, offset: number): void {
    if (target instanceof Global) {
      const message = `Loading changes attributes of ${target.path}, an object that other code shares.`;
      this.report("pickle-global-mutation", offset, message, target.path);
      return;
    }
    if (!(target instanceof Call)) return;
    if (this.carried.fill(target, state)) return;
    handOver(this, target.callee, state);
    this.reportHandedOut(target, offset);
    const hook = target.hooks?.get("__setstate__");
    if (hook !== undefined) {
      this.report(
        "pickle-state-hook",
        offset,
        `Loading calls ${show(hook)} as a __setstate__ that the file put there.`,
      );
    }
    this.armed.built(this, state, offset);
    for (const [key, value] of attributesOf(state)) this.recordHook(target, key, value, offset);
    const classes = state === target ? [] : this.carried.basesOf(target.callee);
    for (const cls of classes) checkState(this, cls, state, offset);
    target.state = state;
    const later = this.later.get(target);
    if (later !== undefined) this.call(target, later, "reduce", offset);
    this.afterBuild?.(target, state, machine);
  }

  /** An object that an item, an attribute or a function hands out is one that other code may share. */
  private reportHandedOut(target: Call, offset: number): void {
    if (!handsOut(target) || this.carried.isInstance(target) || this.rootIsReported(target)) return;
    const message = `Loading changes what ${show(target)} gives, an object that other code may share.`;
    this.report("pickle-global-mutation", offset, message, "handed out");
  }

  private recordHook(target: Call, key: Value, value: Value, offset: number): void {
    this.armed.set(this, target, key, value, offset);
    if (typeof key !== "string" || !HOOKS.has(key) || !mayBeCalled(value)) return;
    target.hooks ??= new Map();
    target.hooks.set(key, value);
    if (key === "__setstate__" || (key.startsWith("__") && (value instanceof Global || key !== "__dict__"))) {
      this.report("pickle-state-hook", offset, `The state puts ${show(value)} where ${key} is called.`, key);
    }
  }

  /** The Python unpickler calls `extend` for no items as well, C does not. */
  extend(target: Value, items: Value[], how: "append" | "add" | "set", offset: number): void {
    if (target instanceof Global && items.length > 0) {
      const message = `Loading puts values into ${target.path}, an object that other code shares.`;
      this.report("pickle-global-mutation", offset, message, target.path);
    } else if (target instanceof Global) return;
    else if (target instanceof Call) this.extendInstance(target, items, how, offset);
    else if (!(target instanceof Opaque)) this.fault("adds items to a value that takes none", offset);
    else if (target.why === "persistent" && how === "set") this.reportConfusion(target, offset);
  }

  private extendInstance(target: Call, items: Value[], how: "append" | "add" | "set", offset: number): void {
    this.reportHandedOut(target, offset);
    if (how === "set") {
      keepHooks(target, items);
      if (isTensor(target.callee)) this.reportConfusion(target, offset);
      return;
    }
    const names = how === "add" ? ["add"] : ["extend", "append"];
    const hook = names.map((key) => target.hooks?.get(key)).find((value) => value !== undefined);
    if (hook === undefined) return;
    this.report("pickle-state-hook", offset, `Loading calls ${show(hook)} with ${show(items[0] ?? null)}.`);
  }

  private reportConfusion(target: Value, offset: number): void {
    this.report(
      "pickle-item-confusion",
      offset,
      `Sets items of ${show(target)}, which is no dictionary.`,
      "items",
    );
  }

  extension(code: number, offset: number): Value {
    const entry = this.registry.get(code);
    if (entry) return this.resolve(...entry, offset);
    const message = `Uses the extension code ${code}, which means whatever the loading program registered.`;
    this.report("pickle-extension", offset, message, "extension");
    return new Opaque("extension", code);
  }

  persistent(id: Value): Value {
    this.persistentIds.push(id);
    // Torch's legacy files name classes so: ("module", class, file, source).
    const [tag, container] = id instanceof Tuple ? id.items : [];
    if (tag === "module" && container instanceof Global) return container;
    return new Opaque("persistent", id);
  }

  fault(reason: string, offset: number): void {
    this.faults++;
    this.firstFault ??= { reason, offset };
  }

  frame(reason: string, offset: number): void {
    this.framesDisagree = true;
    this.report("pickle-frame", offset, `The frames do not fit the opcodes: ${reason}.`, "frame");
  }

  /** Scans bytes that the pickle hands to another loader. */
  nested(value: Value): void {
    if (!(value instanceof Blob) || value.length < 2) return;
    if (value.changed)
      this.report(
        "pickle-unresolved-call",
        value.offset,
        "Loads bytes that the pickle computes.",
        "computed",
      );
    if (this.examined.has(value)) return;
    this.examined.add(value);
    const source = unexamined(this.scan, value);
    if (source)
      this.scan.examine({ ...inside(this.part, `bytes at ${value.offset}`, source), expect: "pickle" });
  }

  /** What the pickle in these bytes gives, for a loader that goes on with it. */
  innerResult(bytes: Blob): Value {
    const { limits } = this.scan.budget;
    const source = bytesSource(bytes.read(limits.memoryBytes));
    const part = inside(this.part, `bytes at ${bytes.offset}`, source);
    if (bytes.changed || part.depth > limits.depth) return new Opaque("stack");
    const judge = new PickleJudge(this.scan, { part });
    const { result, stopped } = new Machine(source, 0, judge).run(OPCODES, this.scan.budget);
    judge.finish();
    return stopped ? result : new Opaque("stack");
  }

  /** Whether the pickle imports anything that Python or a framework has: words of a list read as imports too. */
  get importsKnown(): boolean {
    return [...this.imported.keys()].some(({ judgement }) => judgement.level !== "unknown");
  }

  /** After the stream: imports that nothing called, and faults. */
  finish(): void {
    reportModules(this);
    for (const [global, offset] of this.imported) {
      if (!this.called.has(global) && !this.carried.isUsedOnly(global)) reportReference(this, global, offset);
    }
    reportCode(this);
    if (this.firstFault) {
      const { reason, offset } = this.firstFault;
      this.scan.report("pickle-malformed", this.part, `CPython would stop here: ${reason}.`, {
        offset,
        cause: "fault",
      });
    }
  }
}

/** A dangerous import is a finding by itself, but for classes that are harmless until something calls them. */
function isReported({ judgement }: Global): boolean {
  return judgement.level === "dangerous" && !judgement.instances;
}

function isTensor(callee: Value): boolean {
  return callee instanceof Global && /^torch\._(utils|tensor)\._rebuild_/.test(callee.path);
}
