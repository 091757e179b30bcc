import type { Budget } from "../../core/limits.js";
import { ExpressionProblem } from "../../expression/lexer.js";
import { Parser } from "../../expression/parser.js";
import type { Tree } from "../../expression/tree.js";
import { itemsOf, text, UNKNOWN, type Value } from "../../expression/value.js";
import { type Body, executed, newBody, type PythonEvent } from "./events.js";
import { changed, changedTarget, grown } from "./gathered.js";
import { isMainGuard } from "./guard.js";
import { isCallable, isRunner } from "./handed.js";
import { readFromImport, readImport } from "./imports.js";
import { inherit } from "./inherited.js";
import { PythonInterpreter } from "./interpreter.js";
import { Loops } from "./loops.js";
import { type Parameter, readParameters } from "./parameters.js";
import { isName } from "./soft-keywords.js";
import { type Assigns, anyOf, assign, bind, ownMethod } from "./targets.js";

interface Scope {
  indent: number;
  /** A function's own body; blocks share the one around them. */
  body: Body | undefined;
  className: string;
  /** Takes back what the function assigned. */
  leave: (() => void) | undefined;
  /** What it assigns for others: `global name`. */
  shared?: Set<string>;
}

const MAX_STATEMENTS = 500_000;
const MAX_INNER = 3;
const MOST_DECORATORS = 64;
/** A statement that cannot be parsed costs an exception. */
const ODD_STEPS = 20_000;

export interface Program {
  root: Body;
  bodies: Map<string, Body[]>;
  /** What classes of the file inherit from. */
  bases: Map<string, string[]>;
  /** A statement that no parser here takes. */
  odd: boolean;
}

/** Follows a Python file statement by statement; what stands in functions is kept apart from what runs on import. */
export function readProgram(source: string, budget: Budget, depth = 0): Program {
  return new ProgramReader(source, budget, depth).read();
}

class ProgramReader {
  private readonly source: string;
  readonly interpreter: PythonInterpreter;
  readonly root: Body = newBody("");
  private readonly bodies = new Map<string, Body[]>();
  readonly bases: Map<string, string[]> = new Map();
  private readonly scopes: Scope[] = [];
  private readonly budget: Budget;
  parser: Parser;
  private indent = 0;
  /** Statements so far, but for colons. */
  private statements = 0;
  /** A function that begins where the next statement stands. */
  private small: { name: string; parameters: Parameter[]; at: number } | undefined;
  private readonly loops: Loops;
  /** The statement ahead follows a loop's colon: its column says nothing. */
  private inline = false;
  private readonly documented = new Set<string>();
  /** Of the function or class that follows. */
  private readonly decorators: Value[] = [];
  /** What the statements `match` look at, by their columns. */
  private readonly subjects = new Map<number, Value>();
  private odd = false;

  constructor(source: string, budget: Budget, depth: number) {
    this.source = source;
    this.loops = new Loops(source);
    this.budget = budget;
    this.parser = new Parser(source, 0, true);
    this.interpreter = new PythonInterpreter(
      budget,
      this.root,
      (code, apart) => (depth < MAX_INNER ? this.inner(code, depth, apart) : []),
      (body) => void this.bodies.set(body.name, [body]),
    );
    budget.step(source.length);
    const codec = COOKIE.exec(source.slice(0, 400))?.[1];
    if (codec !== undefined && !ENCODINGS.test(codec)) this.interpreter.oddEncoding(codec);
  }

  /** Code in a string: what it defines can be called from here. */
  private inner(code: string, depth: number, apart = false): PythonEvent[] {
    const { root, bodies, bases } = readProgram(code, this.budget, depth + 1);
    for (const [name, found] of apart ? [] : bodies)
      this.bodies.set(name, [...(this.bodies.get(name) ?? []), ...found]);
    return [...executed(root, bodies, bases)].flatMap(({ events }) => events);
  }

  read(): Program {
    for (let count = 0; count < MAX_STATEMENTS; count++) {
      while (this.parser.peek().type === "newline") this.parser.take();
      const token = this.parser.peek();
      const end = token.type === "end";
      if ((end || token.indent !== undefined) && this.enter(end ? -1 : (token.indent ?? 0))) continue;
      if (end) break;
      this.guarded();
    }
    const { root, bodies, bases, odd } = this;
    return { root, bodies, bases, odd };
  }

  /** One statement; one that cannot be parsed is left out, up to the end of its line. */
  private guarded(): void {
    const { at } = this.parser;
    this.parser.newStatement();
    try {
      this.statement();
      this.interpreter.endStatement();
    } catch (error) {
      if (!(error instanceof ExpressionProblem)) throw error;
      this.odd = true;
      this.budget.step(ODD_STEPS);
      const reached = Math.min(this.parser.at, this.source.length);
      const end = this.source.indexOf("\n", Math.max(at, reached - 1));
      const stop = end < 0 ? this.source.length : end;
      this.interpreter.oddStatement(this.source.slice(at, Math.min(stop, at + 65_536)), at);
      this.interpreter.endStatement();
      this.parser = new Parser(this.source, stop, true);
    }
  }

  /** Answers whether the statement is another one now, in the next round of a loop. */
  private enter(indent: number): boolean {
    const { inline } = this;
    this.inline = false;
    if (inline) return false;
    const again = this.loops.again(indent, this.parser.at);
    this.indent = again ? again.indent + 1 : indent;
    while ((this.scopes.at(-1)?.indent ?? -2) >= this.indent) this.leave(this.scopes.pop());
    const inner = this.scopes.findLast((scope) => scope.body)?.body;
    this.interpreter.body = inner ?? this.root;
    if (!again) return false;
    this.parser = new Parser(this.source, again.start, true);
    this.inline = again.inline;
    assign(this.here(), again.target, again.item);
    return true;
  }

  private leave(scope: Scope | undefined): void {
    const { interpreter } = this;
    const shared = [...(scope?.shared ?? [])].map((name): [string, Value] => [name, interpreter.named(name)]);
    scope?.leave?.();
    for (const [name, value] of shared) if (isCallable(value)) interpreter.assign(name, value);
  }

  statement(): void {
    const token = this.parser.peek();
    if (token.text === ";" || token.text === ":") {
      this.parser.take();
      return;
    }
    this.statements++;
    const work = token.type === "name" ? STATEMENTS[token.text] : undefined;
    if (token.text === "@" && token.type === "operator") this.decorator();
    else if (work && !isName(this.parser)) {
      this.parser.take();
      work(this, token.text);
    } else this.simple();
  }

  private decorator(): void {
    this.parser.take();
    const value = this.interpreter.evaluate(this.parser.expression());
    this.interpreter.decorate(value, this.parser.at);
    this.decorators.push(value);
  }

  /** Decorators are called with what they decorate, and register it with others. */
  private decorate(name: string): void {
    for (const value of this.decorators.splice(0).slice(-MOST_DECORATORS)) {
      this.interpreter.call(value, [{ kind: "path", path: name }], new Map(), this.parser.at);
      const [, of] = value.kind === "path" ? (/^(\w+)\.register(\(\))?$/.exec(value.path) ?? []) : [];
      for (const body of of ? (this.bodies.get(of) ?? []) : []) body.calls.add(name);
    }
  }

  /** An expression, or an assignment of one. */
  private simple(): void {
    const { parser, interpreter } = this;
    const targets: Tree[] = [parser.expressions()];
    if (parser.accept(":") && parser.beginsExpression()) interpreter.evaluate(parser.expression());
    const operator = parser.peek().text;
    if (/^(\+|-|\*|\/|%|@|&|\||\^|\/\/|\*\*|>>|<<)=$/.test(operator)) {
      parser.take();
      const [left] = targets;
      if (!left) return;
      const right = parser.expressions();
      const value = interpreter.evaluate({ kind: "binary", operator: operator.slice(0, -1), left, right });
      const known = changed(operator, left, right, value, this.loops.isOpen);
      this.assign(changedTarget(operator, left), known);
      return;
    }
    if (targets[0]?.kind === "text") this.documents(targets[0].text);
    while (parser.accept("=")) targets.push(parser.expressions());
    const last = targets.at(-1) ?? { kind: "any", parts: [] };
    const value = interpreter.evaluate(targets.length === 1 ? grown(interpreter, last) : last);
    for (const target of targets.slice(0, -1)) this.assign(target, value);
  }

  /** A text alone, which is the documentation of what it stands first in. */
  private documents(written: string): void {
    const { body } = this.interpreter;
    const name = this.interpreter.body === this.root ? "__doc__" : `${body.name}.__doc__`;
    if (this.documented.has(name)) return;
    this.documented.add(name);
    this.interpreter.describe(name, text(written));
  }

  private assign(target: Tree, value: Value): void {
    // `except ImportError: system = None`: what a branch of the module says holds only where it is taken.
    const branch =
      target.kind === "name" && this.indent > 0 && (this.scopes.length === 0 || this.loops.isOpen);
    const before = branch ? this.interpreter.named(target.name) : UNKNOWN;
    const own = ownMethod(this.bodies, this.here().className, value);
    assign(this.here(), target, isRunner(before) ? before : own);
  }

  private here(): Assigns {
    return { interpreter: this.interpreter, className: this.scopes.at(-1)?.className ?? "" };
  }

  define(): void {
    const { parser, interpreter } = this;
    const name = parser.name();
    while (!parser.is("(")) parser.take();
    parser.expect("(");
    const parameters = readParameters(this);
    if (parser.accept("->")) interpreter.evaluate(parser.expression());
    const owner = this.scopes.at(-1)?.className;
    const full = owner ? `${owner}.${name}` : name;
    const body = newBody(full);
    const same = this.bodies.get(full);
    if (same) same.push(body);
    else this.bodies.set(full, [body]);
    if (!owner && /^__(getattr|dir)__$/.test(name)) this.root.calls.add(name);
    if (!owner) interpreter.assign(name, { kind: "path", path: name });
    this.decorate(full);
    this.scopes.push({ indent: this.indent, body, className: "", leave: interpreter.enterFunction() });
    for (const [at, { name: parameter, value }] of parameters.entries()) {
      const self: Value | undefined = at === 0 && owner ? { kind: "path", path: owner } : undefined;
      interpreter.assign(parameter, self ?? value);
    }
    parser.expect(":");
    interpreter.body = body;
    interpreter.inlined.forget(full);
    this.small = owner ? undefined : { name: full, parameters, at: this.statements };
  }

  defineClass(): void {
    const { parser, interpreter } = this;
    const name = parser.name();
    const { positional, named } = parser.accept("(") ? parser.arguments() : { positional: [], named: [] };
    const bases = positional.map((base) => interpreter.evaluate(base));
    const meta = named.map(({ value }) => interpreter.evaluate(value));
    interpreter.assign(name, { kind: "path", path: name });
    const owner = this.scopes.at(-1)?.className;
    if (owner) interpreter.assign(`${owner}.${name}`, { kind: "path", path: name });
    interpreter.classes.add(name);
    this.bases.set(name, []);
    this.decorate(name);
    for (const base of bases) inherit(this, name, base, false);
    for (const base of meta) inherit(this, name, base, true);
    this.scopes.push({ indent: this.indent, body: undefined, className: name, leave: undefined });
    parser.expect(":");
  }

  block(verb: string): void {
    const { parser, interpreter } = this;
    if (/^(if|while)$/.test(verb) && this.isMainGuard()) {
      this.scopes.push({ indent: this.indent, body: newBody("__main__"), className: "", leave: undefined });
      this.bodies.set("__main__", [this.scopes.at(-1)?.body ?? this.root]);
      interpreter.body = this.scopes.at(-1)?.body ?? this.root;
    }
    if (verb === "except") parser.accept("*");
    if (parser.beginsExpression()) this.header(verb);
    parser.expect(":");
  }

  private header(verb: string): void {
    const { parser, interpreter } = this;
    if (verb === "case") {
      this.pattern();
      return;
    }
    const value = interpreter.evaluate(parser.expressions());
    if (verb === "match") this.subjects.set(this.indent, value);
    if (parser.accept("as")) {
      this.assign(parser.expression(), value);
      while (parser.accept(",")) {
        const next = interpreter.evaluate(parser.expression());
        if (parser.accept("as")) this.assign(parser.expression(), next);
      }
    }
  }

  /** `case pattern as name if condition`, of the innermost `match` around. */
  private pattern(): void {
    const { parser, interpreter, subjects, indent } = this;
    const around = Math.max(...[...subjects.keys()].filter((one) => one < indent));
    const value = subjects.get(around) ?? UNKNOWN;
    bind(this.here(), parser.expressions(), value);
    if (parser.accept("as")) this.assign(parser.expression(), value);
    if (parser.accept("if")) interpreter.evaluate(parser.expression());
  }

  private isMainGuard(): boolean {
    const words: string[] = [];
    for (let at = 0; at < 24 && !/^[:\n]?$/.test(this.parser.peek(at).text); at++) {
      words.push(this.parser.peek(at).text);
    }
    // Unless the file gives itself another name.
    const name = this.interpreter.evaluate({ kind: "name", name: "__name__", at: 0 });
    return isMainGuard(words) && name.kind === "path" && name.path === "__name__";
  }

  loop(): void {
    const { parser, interpreter } = this;
    const { indent } = this;
    const target = parser.targets();
    parser.expect("in");
    const source = interpreter.evaluate(parser.expressions());
    parser.expect(":");
    const inline = parser.peek().type !== "newline";
    const start = parser.at + (inline ? 0 : 1);
    const first = this.loops.begin({ indent, start, inline, target }, itemsOf(source));
    assign(this.here(), target, first ?? anyOf(source));
  }

  expressionAfter(verb: string): void {
    const { parser, interpreter } = this;
    const small = this.small?.at === this.statements - 1 ? this.small : undefined;
    if (parser.beginsExpression()) {
      const tree = parser.expressions();
      const value = interpreter.evaluate(tree);
      if (verb === "return" && small)
        interpreter.inlined.add(small.name, { parameters: small.parameters, tree });
      if (verb === "return") interpreter.answer(value);
      // `raise Class` makes an instance.
      if (verb === "raise") interpreter.makes(value);
    }
    if (parser.accept("from")) interpreter.evaluate(parser.expression());
  }

  names(verb: string): void {
    const scope = /^(global|nonlocal)$/.test(verb) ? this.scopes.findLast(({ body }) => body) : undefined;
    while (this.parser.peek().type === "name" || this.parser.is(",")) {
      const { type, text } = this.parser.take();
      if (scope && type === "name") scope.shared = (scope.shared ?? new Set()).add(text);
    }
  }
}

/** PEP 263: a declared encoding, in the first two lines. Some turn comments into code. */
const COOKIE = /^(?:[ \t\f]*(?:#[^\n]*)?\n)?[ \t\f]*#[^\n]*?coding[:=][ \t]*([-\w.]+)/;
const ENCODINGS =
  /^(utf[-_]?8([-_]\w+)?|u8|us[-_]?ascii|ascii|(iso[-_]?)?8859[-_]?\d+|iso[-_]8859[-_]\d+|latin[-_]?\d?|cp\d+|windows[-_]\d+|gbk|gb2312|gb18030|big5|euc[-_]\w+|shift[-_]jis|sjis|koi8[-_]\w)([-_]unix)?$/i;

const STATEMENTS: Readonly<Record<string, (reader: ProgramReader, verb: string) => void>> = Object.assign(
  Object.create(null),
  {
    import: (reader) => readImport(reader),
    from: (reader) => readFromImport(reader),
    def: (reader) => reader.define(),
    class: (reader) => reader.defineClass(),
    for: (reader) => reader.loop(),
    async: (reader) => reader.statement(),
    ...Object.fromEntries(
      ["if", "elif", "while", "with", "try", "except", "finally", "else", "match", "case"].map((verb) => [
        verb,
        (reader: ProgramReader) => reader.block(verb),
      ]),
    ),
    ...Object.fromEntries(
      ["return", "raise", "assert", "del"].map((verb) => [
        verb,
        (reader: ProgramReader, verb: string) => reader.expressionAfter(verb),
      ]),
    ),
    ...Object.fromEntries(
      ["global", "nonlocal", "pass", "break", "continue"].map((verb) => [
        verb,
        (reader: ProgramReader, verb: string) => reader.names(verb),
      ]),
    ),
  } satisfies Record<string, (reader: ProgramReader, verb: string) => void>,
);
