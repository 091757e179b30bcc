import { LimitReached } from "../../core/limits.js";
import type { Part, Scan } from "../../core/scan.js";
import { type Dialect, Evaluator } from "../../expression/evaluate.js";
import type { Named, Tree } from "../../expression/tree.js";
import {
  either,
  itemsOf,
  leavesOf,
  pairs,
  text,
  textsOf,
  UNKNOWN,
  unknown,
  type Value,
} from "../../expression/value.js";
import { applyFilter, GENERATOR } from "./filters.js";
import { type Piece, parseTemplate } from "./tree.js";
import { COMPUTED, filtered, isComputed, rangeOf, reaches, shorten } from "./values.js";
import { reachByWords } from "./words.js";

/** Objects that every template has and whose attributes lead to globals. */
const LADDERS = /^(cycler|joiner|lipsum|self|request|config|get_flashed_messages|url_for)$/;
/** Callables whose text, as Python describes them, lends characters. */
const DESCRIBED =
  /^(cycler|joiner|lipsum|self|namespace|dict|range|raise_exception|strftime_now|get_flashed_messages|url_for|<generator>)$/;
/** Objects of every template whose items nobody chooses by a computed name. */
const NO_MAPS = /^(cycler|joiner|lipsum|self|get_flashed_messages|url_for)$/;
/** Filters that make text of whatever they are given. */
const TO_TEXT =
  /^(string|safe|e|escape|forceescape|pprint|upper|lower|capitalize|title|trim|replace|center|indent|wordwrap|truncate|striptags|urlize|urlencode|wordcount|format)$/;
/** Filters that answer a generator. */
const LAZY = /^(map|select|reject|selectattr|rejectattr|unique|batch|slice|items)$/;
const METHODS_OF_LADDERS = /^(next|reset|current|get|items|keys|values)$/;
/** Attributes that have no use but to reach the interpreter. */
const SPELLED =
  /__(class|mro|bases?|subclasses|globals|init|builtins|import|getattribute|dict|code|self|func|call|reduce(_ex)?|loader|spec|wrapped|closure|module|subclasshook|new)__/;
/** Filters whose arguments name attributes or other filters. */
const BY_NAME = /^(map|selectattr|rejectattr|groupby|sort|sum|unique|max|min|join|select|reject)$/;
/** Pieces of `__name__`, however they are written. */
const PIECES = /__|\\x5f|\\u005f|\\137|LOW LINE|%c/i;
const MAX_ROUNDS = 20_000;
const MAX_DESCRIBED_DEPTH = 3;
/** What a piece costs: it may put long texts together, and loops go through it again. */
const STEPS = 400;
const MAX_MACROS = 8;
/** Macros of honest templates call themselves in many places; every level more costs as many times more. */
const MAX_RECURSION = 3;

/**
 * Follows a Jinja template as far as it is made of constants, so that spelling an attribute in pieces hides nothing: loops
 * over constants, macros, captured blocks and filters are gone through. What the caller gives is unknown. Words outside
 * of expressions never count.
 */
export function scanTemplate(scan: Scan, part: Part, template: string, offset?: number): void {
  if (!/\{[{%]/.test(template)) return;
  new TemplateWalk(scan, part, template, offset).run();
}

interface Macro {
  parameters: readonly Named[];
  body: readonly Piece[];
}

class TemplateWalk implements Dialect {
  private readonly scan: Scan;
  private readonly part: Part;
  private readonly template: string;
  private readonly where: { offset?: number };
  private readonly evaluator: Evaluator;
  private readonly macros = new Map<string, Macro>();
  /** What the block that is captured has written so far. */
  private captured: Value | undefined;
  private rounds = 0;
  private readonly seen = new Set<Piece>();
  /** Lists that are generators where the template runs. */
  private readonly lazy = new WeakSet<Value>();
  /** Where a name was read last. */
  private at = 0;
  readonly marksComputed = true;
  private depth = 0;
  private readonly running = new Map<Macro, number>();
  private escaped = false;

  constructor(scan: Scan, part: Part, template: string, offset: number | undefined) {
    this.scan = scan;
    this.part = part;
    this.template = template;
    this.where = offset === undefined ? {} : { offset };
    this.evaluator = new Evaluator(this, scan.budget, (name, at) => this.name(name, at));
  }

  run(): void {
    this.scan.budget.step(this.template.length);
    this.walk(parseTemplate(this.template));
  }

  private walk(pieces: readonly Piece[]): void {
    for (const piece of pieces) {
      if (this.escaped) return;
      this.scan.budget.step(STEPS);
      this.piece(piece);
    }
  }

  private piece(piece: Piece): void {
    switch (piece.kind) {
      case "words":
        this.write(text(piece.text));
        break;
      case "output":
        this.write(this.evaluator.evaluate(piece.tree));
        break;
      case "set":
        this.set(piece.targets, this.evaluator.evaluate(piece.value));
        break;
      case "capture":
        this.set(
          [piece.target],
          piece.filtered ? filtered(this.capture(piece.body)) : this.capture(piece.body),
        );
        break;
      case "for":
        this.loop(piece);
        break;
      case "branches":
        this.branches(piece.bodies);
        break;
      case "macro":
        this.macros.set(piece.name, piece);
        // A macro that nobody calls by name may still be called; once it runs with nothing known.
        this.runMacro(piece, [], new Map());
        break;
      case "body":
        for (const value of piece.values) this.evaluator.evaluate(value);
        // What stands in a `call` or `filter` is text for another.
        if (piece.values.length > 0 && piece.body.length > 0) this.write(this.capture(piece.body));
        else this.walk(piece.body);
        break;
      case "load":
        if (piece.source) this.evaluator.evaluate(piece.source);
        this.odd("The template includes another file", piece.verb);
        break;
      case "odd":
        if (!this.seen.has(piece)) this.oddWords(piece.text);
        this.seen.add(piece);
        break;
    }
  }

  private write(value: Value): void {
    if (!this.captured) return;
    this.described(value);
    this.captured = pairs(this.captured, value, (a, b) => a + b);
  }

  private capture(body: readonly Piece[]): Value {
    const before = this.captured;
    this.captured = text("");
    this.walk(body);
    const value = this.captured;
    this.captured = before;
    return value;
  }

  private set(targets: readonly string[], value: Value): void {
    const items = targets.length > 1 ? itemsOf(value) : undefined;
    for (const [at, target] of targets.entries()) {
      const one = targets.length > 1 ? (items?.[at] ?? unknown(value)) : value;
      const dot = target.indexOf(".");
      if (dot < 0) this.evaluator.assign(target, one);
      else this.setAttribute(target.slice(0, dot), target.slice(dot + 1), one);
    }
  }

  /** `{% set namespace.attribute = value %}`. */
  private setAttribute(name: string, attribute: string, value: Value): void {
    const before = this.evaluator.names.get(name);
    const entries = before?.kind === "map" ? before.entries : [];
    const others = entries.filter(([key]) => !textsOf(key).includes(attribute));
    this.evaluator.assign(name, { kind: "map", entries: [[text(attribute), value], ...others] });
  }

  private loop({ targets, source, body }: Extract<Piece, { kind: "for" }>): void {
    const value = this.evaluator.evaluate(source);
    for (const item of itemsOf(value) ?? [unknown(value)]) {
      if (this.escaped) return;
      if (this.rounds++ > MAX_ROUNDS) throw new LimitReached("steps");
      this.set(targets, item);
      this.walk(body);
    }
  }

  /** Every branch from the same start; afterwards a name may be what any branch made of it. */
  private branches(bodies: readonly (readonly Piece[])[]): void {
    const merged = new Map<string, Value>();
    for (const body of bodies) {
      const outer = this.evaluator.begin();
      this.walk(body);
      for (const [name, value] of this.evaluator.undo(outer)) {
        const before = merged.get(name) ?? this.evaluator.names.get(name);
        merged.set(name, before ? either(before, value) : value);
      }
    }
    for (const [name, value] of merged) this.evaluator.assign(name, value);
  }

  private runMacro(macro: Macro, positional: readonly Value[], named: ReadonlyMap<string, Value>): Value {
    const running = this.running.get(macro) ?? 0;
    if (this.depth >= MAX_MACROS || running >= MAX_RECURSION) return UNKNOWN;
    if (this.rounds++ > MAX_ROUNDS) throw new LimitReached("steps");
    this.depth++;
    this.running.set(macro, running + 1);
    const outer = this.evaluator.begin();
    for (const [at, { name, value }] of macro.parameters.entries()) {
      this.evaluator.assign(name, positional[at] ?? named.get(name) ?? this.evaluator.evaluate(value));
    }
    const written = this.capture(macro.body);
    this.evaluator.undo(outer);
    this.depth--;
    this.running.set(macro, running);
    return written;
  }

  private name(name: string, at: number): Value {
    this.at = at;
    if (/^__\w+__$/.test(name)) this.escape(name, at);
    // Tokens stand in a file beside the template.
    if (/_tokens?$/.test(name)) return COMPUTED;
    return /^(true|false|none|True|False|None)$/.test(name) ? text(name) : { kind: "path", path: name };
  }

  attribute(of: Value, name: string, at: number): Value | undefined {
    if (reaches(name, true)) this.escape(name, at);
    if (/^format(_map)?$/.test(name) && textsOf(of).some((one) => /\{[^{}]*__\w+__/.test(one))) {
      this.escape("attributes in a format", at);
    }
    if (of.kind === "path" && LADDERS.test(of.path) && !METHODS_OF_LADDERS.test(name)) {
      this.odd(`The template looks into ${of.path}`, this.excerpt(at));
    }
    if (of.kind === "path" && of.path === "loop" && /^(previtem|nextitem)$/.test(name)) return COMPUTED;
    if (of.kind !== "map") return undefined;
    return of.entries.find(([key]) => textsOf(key).includes(name))?.[1];
  }

  item(of: Value, key: Value, at: number): Value | undefined {
    const names = textsOf(key);
    for (const name of names) this.reached(name, at);
    const unnamed = names.length === 0 && of.kind === "path" && NO_MAPS.test(of.path);
    if (unnamed || isComputed(key)) {
      this.escape(`an item${of.kind === "path" ? ` of ${of.path}` : ""} by a name that it computes`, at);
    }
    return undefined;
  }

  private reached(name: string, at: number): void {
    if (name.split(".").some((one) => reaches(one, false))) this.escape(name, at);
  }

  call(
    callee: Value,
    positional: readonly Value[],
    named: ReadonlyMap<string, Value>,
    at: number,
  ): Value | undefined {
    for (const value of [...positional, ...named.values()]) this.spelled(value, at);
    if (callee.kind !== "path") return undefined;
    const macro = this.macros.get(callee.path);
    if (macro) return this.runMacro(macro, positional, named);
    const entries = [...named].map(([name, value]) => [text(name), value] as const);
    // What a `call` block holds.
    if (callee.path === "caller") return COMPUTED;
    if (callee.path === "namespace" || callee.path === "dict") return { kind: "map", entries };
    if (callee.path !== "range") return undefined;
    const range = rangeOf(positional);
    if (range) this.scan.budget.step(4 * range.items.length);
    return range;
  }

  filter(
    name: string,
    of: Value,
    positional: readonly Value[],
    named: ReadonlyMap<string, Value>,
    at: number,
  ): Value | undefined {
    if (name === "attr") return this.readAttribute(positional[0], at);
    if (BY_NAME.test(name)) {
      for (const value of leavesOf<never>([...positional, ...named.values()]))
        for (const one of textsOf(value)) this.reached(one, at);
      this.named(name, positional, named, at);
    }
    this.describedBy(name, of, positional, named);
    const value = applyFilter(name, of, positional, named);
    if (!LAZY.test(name)) return value;
    if (value?.kind !== "list") return GENERATOR;
    this.lazy.add(value);
    return value;
  }

  /** `map(attribute=x)`, `map("attr", x)`, `selectattr(x)`: an attribute by a name that nobody knows. */
  private named(
    filter: string,
    [first, second]: readonly Value[],
    named: ReadonlyMap<string, Value>,
    at: number,
  ): void {
    const byAttr = filter === "map" && first !== undefined && textsOf(first).includes("attr");
    const direct = /^(selectattr|rejectattr|groupby)$/.test(filter);
    const names = [named.get("attribute"), byAttr ? second : undefined, direct ? first : undefined];
    if (names.some((name) => name && isComputed(name)))
      this.escape("an attribute by a name that it computes", at);
  }

  private describedBy(
    name: string,
    of: Value,
    positional: readonly Value[],
    named: ReadonlyMap<string, Value>,
  ): void {
    const given = [...positional, ...named.values()];
    if (TO_TEXT.test(name)) this.described(of, ...given);
    else if (name === "join") this.described(...(itemsOf(of) ?? []), ...given);
    else if (name === "map" && positional[0] && textsOf(positional[0]).some((one) => TO_TEXT.test(one))) {
      this.described(...(itemsOf(of) ?? []), ...given);
    }
  }

  /** The text of a function or generator lends the characters that a template must not spell. */
  described(...values: Value[]): void {
    const found = values.map((value) => this.describedIn(value, 0)).find((path) => path !== undefined);
    if (found !== undefined) this.escape(`the text of ${found}`, this.at);
  }

  private describedIn(value: Value, depth: number): string | undefined {
    if (value.kind === "path") {
      return DESCRIBED.test(value.path) || this.macros.has(value.path) ? value.path : undefined;
    }
    if (this.lazy.has(value)) return "a generator";
    if ((value.kind !== "list" && value.kind !== "map") || depth >= MAX_DESCRIBED_DEPTH) return undefined;
    const items = value.kind === "list" ? value.items : value.entries.map(([, item]) => item);
    this.scan.budget.step(4 * items.length);
    for (const item of items) {
      const found = this.describedIn(item, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private readAttribute(name: Value | undefined, at: number): undefined {
    const names = name ? textsOf(name) : [];
    for (const one of names) this.reached(one, at);
    const plain = names.length > 0 && names.every((one) => /^[a-zA-Z]\w*$/.test(one));
    if (plain) return undefined;
    if (PIECES.test(this.template) || (name && isComputed(name)))
      this.escape("an attribute that it spells in pieces", at);
    else this.odd("The template reads attributes by name", this.excerpt(at));
    return undefined;
  }

  private spelled(value: Value, at: number): void {
    const texts = [...leavesOf<never>([value])].flatMap((one) => textsOf(one));
    if (texts.some((one) => /^__\w+__$/.test(one) && SPELLED.test(one)))
      this.escape("a special attribute", at);
    if (texts.some((one) => SPELLED.test(one) && !/\s/.test(one))) {
      this.odd("The template spells a special attribute", this.excerpt(at));
    }
  }

  later({ body }: Extract<Tree, { kind: "lambda" }>): Value {
    return this.evaluator.evaluate(body);
  }

  private oddWords(words: string): void {
    const reach = reachByWords(words);
    if (reach === undefined) return;
    this.escaped = true;
    const message = `The template reaches ${reach}: ${shorten(words)}`;
    this.scan.report("template-escape", this.part, message, { ...this.where, cause: "template" });
  }

  private escape(what: string, at: number): void {
    this.escaped = true;
    const message = `The template reaches ${what.slice(0, 100)}: ${this.excerpt(at)}`;
    this.scan.report("template-escape", this.part, message, { ...this.where, cause: "template" });
  }

  private odd(why: string, excerpt: string): void {
    if (this.escaped) return;
    this.scan.report("template-suspicious", this.part, `${why}: ${excerpt}`, { ...this.where, cause: "odd" });
  }

  private excerpt(at: number): string {
    return shorten(this.template.slice(Math.max(0, at - 60), at + 60));
  }
}
