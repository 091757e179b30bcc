import type { Budget } from "../../core/limits.js";
import { ExpressionProblem } from "../../expression/lexer.js";
import { Parser } from "../../expression/parser.js";
import type { Tree } from "../../expression/tree.js";
import { itemsOf, UNKNOWN, unknown, type Value } from "../../expression/value.js";
import { type Body, executed, newBody, type PythonEvent } from "./events.js";
import { isMainGuard } from "./guard.js";
import { choose, isCallable } from "./handed.js";
import { inherit } from "./inherited.js";
import { PythonInterpreter } from "./interpreter.js";

type Parameter = { name: string; value: Value };

interface Scope {
  indent: number;
  /** A function's own body; blocks share the one around them. */
  body: Body | undefined;
  className: string;
  /** Takes back what the function assigned. */
  leave: (() => void) | undefined;
}

const MAX_STATEMENTS = 500_000;
const MAX_INNER = 3;
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
  private parser: Parser;
  private indent = 0;
  private odd = false;

  constructor(source: string, budget: Budget, depth: number) {
    this.source = source;
    this.budget = budget;
    this.parser = new Parser(source, 0, true);
    this.interpreter = new PythonInterpreter(
      budget,
      this.root,
      (code) => (depth < MAX_INNER ? this.inner(code, depth) : []),
      (body) => void this.bodies.set(body.name, [body]),
    );
    budget.step(source.length);
    const codec = COOKIE.exec(source.slice(0, 400))?.[1];
    if (codec !== undefined && !ENCODINGS.test(codec)) this.interpreter.oddEncoding(codec);
  }

  /** Code in a string: what it defines can be called from here. */
  private inner(code: string, depth: number): PythonEvent[] {
    const { root, bodies, bases } = readProgram(code, this.budget, depth + 1);
    for (const [name, found] of bodies) this.bodies.set(name, [...(this.bodies.get(name) ?? []), ...found]);
    return [...executed(root, bodies, bases)].flatMap(({ events }) => events);
  }

  read(): Program {
    for (let count = 0; count < MAX_STATEMENTS; count++) {
      while (this.parser.peek().type === "newline") this.parser.take();
      const token = this.parser.peek();
      if (token.type === "end") break;
      if (token.indent !== undefined) this.enter(token.indent);
      this.guarded();
    }
    this.enter(-1);
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

  private enter(indent: number): void {
    this.indent = indent;
    while ((this.scopes.at(-1)?.indent ?? -2) >= indent) {
      const scope = this.scopes.pop();
      scope?.leave?.();
    }
    const inner = this.scopes.findLast((scope) => scope.body)?.body;
    this.interpreter.body = inner ?? this.root;
  }

  private statement(): void {
    const token = this.parser.peek();
    if (token.text === ";" || token.text === ":") {
      this.parser.take();
      return;
    }
    const work = token.type === "name" ? STATEMENTS[token.text] : undefined;
    if (token.text === "@" && token.type === "operator") this.decorator();
    else if (work && !this.isAssigned()) {
      this.parser.take();
      work(this, token.text);
    } else this.simple();
  }

  /** `match` and `type` are statements only where they are no names. */
  private isAssigned(): boolean {
    return /^(=|\.|\(|,|\)|\[)$/.test(this.parser.peek(1).text) && SOFT.has(this.parser.peek().text);
  }

  private decorator(): void {
    this.parser.take();
    const value = this.interpreter.evaluate(this.parser.expression());
    // A decorator is called with what it decorates.
    this.interpreter.decorate(value, this.parser.at);
    this.interpreter.call(value, [UNKNOWN], new Map(), this.parser.at);
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
      const tree: Tree = {
        kind: "binary",
        operator: operator.slice(0, -1),
        left,
        right: parser.expressions(),
      };
      this.assign(left, interpreter.evaluate(tree));
      return;
    }
    while (parser.accept("=")) targets.push(parser.expressions());
    const value = interpreter.evaluate(targets.at(-1) ?? { kind: "any", parts: [] });
    for (const target of targets.slice(0, -1)) this.assign(target, value);
  }

  private assign(target: Tree, value: Value): void {
    const owner = this.scopes.at(-1)?.className;
    if (target.kind === "name") {
      this.interpreter.assign(target.name, value);
      if (owner) this.interpreter.assign(`${owner}.${target.name}`, value);
    } else if (target.kind === "item" && target.key.kind === "text" && this.isNamespace(target.of)) {
      this.interpreter.assign(target.key.text, value);
    } else if (target.kind === "list") {
      const items = itemsOf(value);
      for (const [at, one] of target.items.entries()) this.assign(one, items?.[at] ?? unknown(value));
    } else if (target.kind === "attribute" && target.of.kind === "name") {
      this.interpreter.assign(`${target.of.name}.${target.name}`, value);
      this.interpreter.keep(this.interpreter.evaluate(target.of), target.name, value);
    } else this.interpreter.evaluate(target);
  }

  private isNamespace(tree: Tree): boolean {
    const value = this.interpreter.evaluate(tree);
    return value.kind === "path" && value.path === "<globals>";
  }

  importNames(): void {
    const { parser, interpreter } = this;
    do {
      const module = this.dotted();
      const top = module.split(".", 1)[0] ?? "";
      if (parser.accept("as")) interpreter.assign(parser.name(), { kind: "path", path: module });
      else interpreter.assign(top, { kind: "path", path: top });
    } while (parser.accept(","));
  }

  fromImport(): void {
    const { parser, interpreter } = this;
    let module = "";
    while (parser.is(".") || parser.is("...")) module += parser.take().text;
    if (!parser.is("import")) module += this.dotted();
    parser.expect("import");
    const closed = parser.accept("(");
    if (parser.accept("*")) {
      interpreter.stars.add(module);
      return;
    }
    do {
      if (closed && parser.is(")")) break;
      const name = parser.name();
      const path = `${module}.${name}`;
      interpreter.assign(parser.accept("as") ? parser.name() : name, { kind: "path", path });
    } while (parser.accept(","));
    if (closed) parser.expect(")");
  }

  private dotted(): string {
    let name = this.parser.name();
    while (this.parser.accept(".")) name += `.${this.parser.name()}`;
    return name;
  }

  define(): void {
    const { parser, interpreter } = this;
    const name = parser.name();
    while (!parser.is("(")) parser.take();
    parser.expect("(");
    const parameters = this.parameters();
    if (parser.accept("->")) interpreter.evaluate(parser.expression());
    const owner = this.scopes.at(-1)?.className;
    const full = owner ? `${owner}.${name}` : name;
    const body = newBody(full);
    const same = this.bodies.get(full);
    if (same) same.push(body);
    else this.bodies.set(full, [body]);
    if (!owner && /^__(getattr|dir)__$/.test(name)) this.root.calls.add(name);
    if (!owner) interpreter.assign(name, { kind: "path", path: name });
    this.scopes.push({ indent: this.indent, body, className: "", leave: interpreter.enterFunction() });
    for (const [at, { name: parameter, value }] of parameters.entries()) {
      const self: Value | undefined = at === 0 && owner ? { kind: "path", path: owner } : undefined;
      interpreter.assign(parameter, self ?? value);
    }
    parser.expect(":");
    interpreter.body = body;
  }

  /** Parameters up to the closing parenthesis. Their defaults and annotations run where the function is defined. */
  private parameters(): Parameter[] {
    const names: Parameter[] = [];
    while (!this.parser.accept(")")) {
      const name = this.parameter();
      if (name !== undefined) names.push(name);
      if (!this.parser.accept(",") && !this.parser.is(")")) throw new ExpressionProblem("a comma is missing");
    }
    return names;
  }

  /** A parameter's name; undefined for a lone `*` or `/`. */
  private parameter(): Parameter | undefined {
    const { parser, interpreter } = this;
    const marked = ["*", "/", "**"].some((mark) => parser.accept(mark));
    if (marked && (parser.is(",") || parser.is(")"))) return undefined;
    const name = parser.name();
    if (parser.accept(":")) {
      parser.accept("*");
      interpreter.evaluate(parser.expression());
    }
    const value = parser.accept("=") ? interpreter.evaluate(parser.expression()) : UNKNOWN;
    return { name, value: isCallable(value) ? value : UNKNOWN };
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
    const value = interpreter.evaluate(parser.expressions());
    if (parser.accept("as")) {
      this.assign(parser.expression(), value);
      while (parser.accept(",")) {
        const next = interpreter.evaluate(parser.expression());
        if (parser.accept("as")) this.assign(parser.expression(), next);
      }
    }
    if (verb === "case" && parser.accept("if")) interpreter.evaluate(parser.expression());
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
    const names: string[] = [];
    while (!parser.is("in")) {
      const token = parser.take();
      if (token.type === "name") names.push(token.text);
      else if (token.type === "newline" || token.type === "end") throw new ExpressionProblem("in is missing");
    }
    parser.expect("in");
    const source = interpreter.evaluate(parser.expressions());
    const items = itemsOf(source)?.slice(0, 16);
    for (const [at, name] of names.entries()) {
      const values =
        names.length === 1 ? items : items?.map((item) => itemsOf(item)?.[at] ?? unknown(source));
      interpreter.assign(name, values ? values.reduce(choose, UNKNOWN) : unknown(source));
    }
    parser.expect(":");
  }

  expressionAfter(verb: string): void {
    const { parser, interpreter } = this;
    if (parser.beginsExpression()) {
      const value = interpreter.evaluate(parser.expressions());
      if (verb === "return") interpreter.answer(value);
    }
    if (parser.accept("from")) interpreter.evaluate(parser.expression());
  }

  names(): void {
    while (this.parser.peek().type === "name" || this.parser.is(",")) this.parser.take();
  }

  asynchronous(): void {
    this.statement();
  }
}

/** PEP 263: a declared encoding, in the first two lines. Some turn comments into code. */
const COOKIE = /^(?:[ \t\f]*(?:#[^\n]*)?\n)?[ \t\f]*#[^\n]*?coding[:=][ \t]*([-\w.]+)/;
const ENCODINGS =
  /^(utf[-_]?8([-_]\w+)?|u8|us[-_]?ascii|ascii|(iso[-_]?)?8859[-_]?\d+|iso[-_]8859[-_]\d+|latin[-_]?\d?|cp\d+|windows[-_]\d+|gbk|gb2312|gb18030|big5|euc[-_]\w+|shift[-_]jis|sjis|koi8[-_]\w)([-_]unix)?$/i;
const SOFT = new Set(["match", "case", "type", "print", "exec"]);

const STATEMENTS: Readonly<Record<string, (reader: ProgramReader, verb: string) => void>> = Object.assign(
  Object.create(null),
  {
    import: (reader) => reader.importNames(),
    from: (reader) => reader.fromImport(),
    def: (reader) => reader.define(),
    class: (reader) => reader.defineClass(),
    for: (reader) => reader.loop(),
    async: (reader) => reader.asynchronous(),
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
        (reader: ProgramReader) => reader.names(),
      ]),
    ),
  } satisfies Record<string, (reader: ProgramReader, verb: string) => void>,
);
