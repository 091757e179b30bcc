import { ExpressionProblem, Lexer, type Token } from "./lexer.js";
import { isOperator, JINJA_LEVELS, PYTHON_LEVELS, WORDS } from "./operators.js";
import type { Named, Tree } from "./tree.js";

const MAX_DEPTH = 150;
const MAX_PARTS = 200_000;

/** Reads tokens one by one, with one token of foresight. */
export class Parser {
  readonly python: boolean;
  private readonly lexer: Lexer;
  private readonly source: string;
  private ahead: Token[] = [];
  private depth: number;
  private parts = 0;
  /** Parentheses and brackets around. */
  private nested = 0;

  constructor(source: string, at: number, python: boolean, depth = 0, inside = 0) {
    this.source = source;
    this.depth = depth;
    this.python = python;
    this.lexer = new Lexer(source, at, python, inside);
  }

  peek(offset = 0): Token {
    while (this.ahead.length <= offset) this.ahead.push(this.lexer.next());
    return this.ahead[offset] ?? { type: "end", text: "", at: this.source.length };
  }

  take(): Token {
    if (++this.parts > MAX_PARTS) throw new ExpressionProblem("a statement has too many parts");
    const token = this.peek();
    this.ahead.shift();
    return token;
  }

  /** Where the token ahead begins; Jinja looks for the end of an expression there. */
  get at(): number {
    return this.peek().at;
  }

  is(text: string): boolean {
    const token = this.peek();
    return (token.type === "operator" || token.type === "name") && token.text === text;
  }

  accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.take();
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) throw new ExpressionProblem(`${text} is missing`);
  }

  name(): string {
    const token = this.take();
    if (token.type !== "name") throw new ExpressionProblem("a name is missing");
    return token.text;
  }

  newStatement(): void {
    this.parts = 0;
    this.depth = 0;
    this.nested = 0;
  }

  /** Expressions with commas between them: one, or a list. */
  expressions(): Tree {
    const first = this.starred();
    if (!this.is(",")) return first;
    const items = [first];
    while (this.accept(",") && this.beginsExpression()) items.push(this.starred());
    return { kind: "list", items };
  }

  /** What a loop assigns to, up to its `in`. */
  targets(): Tree {
    const items: Tree[] = [];
    let commas = 0;
    do {
      const rest = this.accept("*");
      const of = this.binary(3);
      items.push(rest ? { kind: "star", of } : of);
    } while (this.accept(",") && ++commas > 0 && this.beginsExpression());
    const [first] = items;
    return first && commas === 0 ? first : { kind: "list", items };
  }

  beginsExpression(): boolean {
    const { type, text } = this.peek();
    if (type === "name") return !WORDS.has(text) || /^(not|lambda|await|yield)$/.test(text);
    if (type === "operator") return /^[([{+\-~*]$|^\*\*$|^\.\.\.$/.test(text);
    return type === "string" || type === "format" || type === "number";
  }

  private starred(): Tree {
    if (this.accept("*") || this.accept("**")) return { kind: "star", of: this.expression() };
    const value = this.expression();
    // `with (a as b, c as d):`
    return this.python && this.nested > 0 && this.accept("as")
      ? { kind: "any", parts: [value, this.binary(3)] }
      : value;
  }

  expression(): Tree {
    if (++this.depth > MAX_DEPTH) throw new ExpressionProblem("an expression is nested too deep");
    const tree = this.conditional();
    this.depth--;
    return tree;
  }

  private conditional(): Tree {
    if (this.accept("lambda")) return this.lambda();
    if (this.accept("yield")) {
      const each = this.accept("from");
      if (!this.beginsExpression()) return { kind: "any", parts: [] };
      return { kind: "yield", of: this.expressions(), each };
    }
    const value = this.binary(0);
    if (this.accept(":=")) {
      const assigned = this.expression();
      return { kind: "assign", name: value.kind === "name" ? value.name : "", value: assigned };
    }
    if (!this.accept("if")) return value;
    const test = this.binary(0);
    const other = this.accept("else") ? [this.expression()] : [];
    return { kind: "any", parts: [value, ...other, discard(test)] };
  }

  private lambda(): Tree {
    const parameters: { name: string; value: Tree | undefined }[] = [];
    while (!this.is(":") && this.peek().type !== "end" && this.peek().type !== "newline") {
      const { type, text } = this.take();
      if (type === "name")
        parameters.push({ name: text, value: this.accept("=") ? this.expression() : undefined });
    }
    this.expect(":");
    return { kind: "lambda", parameters, body: this.expression() };
  }

  private binary(level: number): Tree {
    const operators = (this.python ? PYTHON_LEVELS : JINJA_LEVELS)[level];
    if (!operators) return this.unary();
    if (level === 2 && this.accept("not")) return discard(this.binary(2));
    let left = this.binary(level + 1);
    for (let token = this.peek(); isOperator(token, operators) && !this.closes(token); token = this.peek()) {
      this.take();
      if (token.text === "not") this.expect("in");
      else if (token.text === "is") this.accept("not");
      left = { kind: "binary", operator: token.text, left, right: this.binary(level === 2 ? 3 : level + 1) };
    }
    return left;
  }

  /** Jinja's `-}}` and `%}` are no operators. */
  private closes({ at }: Token): boolean {
    return !this.python && /^[-+]?(?:\}\}|%\})/.test(this.source.slice(at, at + 3));
  }

  private unary(): Tree {
    if (++this.depth > MAX_DEPTH) throw new ExpressionProblem("an expression is nested too deep");
    const tree = this.unaryInside();
    this.depth--;
    return tree;
  }

  private unaryInside(): Tree {
    if (this.accept("not")) return discard(this.unary());
    if (this.accept("-")) {
      const of = this.unary();
      return of.kind === "number" ? { kind: "number", value: -of.value } : discard(of);
    }
    if (this.accept("+") || this.accept("await")) return this.unary();
    if (this.python && this.accept("~")) return discard(this.unary());
    const base = this.postfix(this.primary());
    return this.accept("**") ? { kind: "binary", operator: "**", left: base, right: this.unary() } : base;
  }

  private postfix(start: Tree): Tree {
    let tree = start;
    for (;;) {
      const next = this.trailer(tree, this.peek().at);
      if (!next) return tree;
      tree = next;
    }
  }

  private trailer(of: Tree, at: number): Tree | undefined {
    if (this.accept(".")) return { kind: "attribute", of, name: this.attributeName(), at };
    if (this.accept("[")) return this.subscript(of, at);
    if (this.accept("(")) return { kind: "call", callee: of, ...this.arguments(), at };
    if (this.python) return undefined;
    if (this.accept("|")) return this.filter(of, at);
    return this.accept("is") ? this.test(of) : undefined;
  }

  private attributeName(): string {
    const token = this.take();
    if (token.type !== "name" && token.type !== "number") throw new ExpressionProblem("a name is missing");
    return token.text;
  }

  private filter(of: Tree, at: number): Tree {
    let name = this.name();
    while (this.accept(".")) name += `.${this.name()}`;
    const given = this.accept("(") ? this.arguments() : { positional: [], named: [] };
    return { kind: "filter", of, name, ...given, at };
  }

  private test(of: Tree): Tree {
    this.accept("not");
    do this.name();
    while (this.accept("."));
    const parts: Tree[] = [of];
    if (this.accept("(")) parts.push(...this.arguments().positional);
    else if (this.beginsExpression() && !/^(not|lambda|[-+~*])/.test(this.peek().text)) {
      parts.push(this.postfix(this.primary()));
    }
    return discard({ kind: "any", parts });
  }

  private subscript(of: Tree, at: number): Tree {
    const bounds: (Tree | undefined)[] = [undefined];
    let sliced = false;
    while (!this.is("]")) {
      if (this.accept(":")) {
        sliced = true;
        bounds.push(undefined);
      } else if (this.accept(",")) bounds.push(undefined);
      else bounds[bounds.length - 1] = this.starred();
    }
    this.expect("]");
    if (sliced) return { kind: "slice", of, bounds, at };
    return { kind: "item", of, key: bounds[0] ?? { kind: "any", parts: [] }, at };
  }

  /** The arguments of a call, after its opening parenthesis. */
  arguments(): { positional: Tree[]; named: Named[] } {
    const positional: Tree[] = [];
    const named: Named[] = [];
    while (!this.accept(")")) {
      if (this.peek().type === "name" && this.peek(1).text === "=" && this.peek(1).type === "operator") {
        const name = this.name();
        this.take();
        named.push({ name, value: this.expression() });
      } else {
        const value = this.starred();
        positional.push(this.isEach() ? this.each(value) : value);
      }
      if (!this.accept(",") && !this.is(")")) throw new ExpressionProblem("a comma is missing");
    }
    return { positional, named };
  }

  private isEach(): boolean {
    return this.python && (this.is("for") || this.is("async"));
  }

  /** The clauses of a comprehension, from its `for` on. */
  private each(element: Tree): Tree {
    this.accept("async");
    this.expect("for");
    const targets: string[] = [];
    while (!this.is("in")) {
      const token = this.take();
      if (token.type === "name") targets.push(token.text);
      else if (token.type === "end" || token.type === "newline") throw new ExpressionProblem("in is missing");
    }
    this.expect("in");
    const source = this.binary(0);
    const rest: Tree[] = [];
    while (this.accept("if")) rest.push(this.binary(0));
    const inner = this.isEach() ? this.each(element) : element;
    return { kind: "each", element: inner, targets, source, rest };
  }

  private eachIn(items: readonly Tree[], pair: readonly [Tree, Tree] | undefined): Tree {
    const each = this.each(pair ? { kind: "list", items: pair } : { kind: "any", parts: items });
    this.expect("}");
    return pair && each.kind === "each" ? { ...each, keyed: true } : each;
  }

  private primary(): Tree {
    const token = this.take();
    if (token.type === "name") {
      if (WORDS.has(token.text)) throw new ExpressionProblem(`${token.text} stands for no value`);
      return { kind: "name", name: token.text, at: token.at };
    }
    if (token.type === "number") return { kind: "number", value: Number(numeral(token.text)) };
    if (token.type === "string" || token.type === "format") return this.strings(token);
    if (token.text === "(" || token.text === "[") return this.sequence(token.text === "(" ? ")" : "]");
    if (token.text === "{") return this.braces();
    if (token.text === "...") return { kind: "any", parts: [] };
    throw new ExpressionProblem("an expression is missing");
  }

  /** Strings that follow each other are one. */
  private strings(first: Token): Tree {
    const parts: Tree[] = [this.string(first)];
    while (this.peek().type === "string" || this.peek().type === "format")
      parts.push(this.string(this.take()));
    return parts.reduce((left, right) => ({ kind: "binary", operator: "+", left, right }));
  }

  private string(token: Token): Tree {
    return token.type === "string" ? { kind: "text", text: token.text } : formatted(token.text, this.depth);
  }

  private sequence(close: string): Tree {
    if (this.accept(close)) return { kind: "list", items: [] };
    this.nested++;
    const tree = this.items(close);
    this.nested--;
    return tree;
  }

  private items(close: string): Tree {
    const first = this.starred();
    if (this.isEach()) {
      const each = this.each(first);
      this.expect(close);
      return each;
    }
    const items = [first];
    let commas = 0;
    while (this.accept(",")) {
      commas++;
      if (!this.is(close)) items.push(this.starred());
    }
    this.expect(close);
    return close === ")" && commas === 0 ? first : { kind: "list", items };
  }

  private braces(): Tree {
    const entries: (readonly [Tree, Tree])[] = [];
    const items: Tree[] = [];
    while (!this.accept("}")) {
      const key = this.starred();
      if (this.accept(":")) entries.push([key, this.expression()]);
      else items.push(key.kind === "star" ? key.of : key);
      if (this.isEach()) return this.eachIn(items, entries[0]);
      if (!this.accept(",") && !this.is("}")) throw new ExpressionProblem("a comma is missing");
    }
    return entries.length > 0 || items.length === 0 ? { kind: "map", entries } : { kind: "list", items };
  }
}

/** What is evaluated, but whose value is not a part of the whole's. */
function discard(tree: Tree): Tree {
  return { kind: "binary", operator: "discard", left: tree, right: { kind: "any", parts: [] } };
}

function numeral(text: string): string {
  return text.replaceAll("_", "").replace(/[jJ]$/, "");
}

/** An f-string: its texts and the expressions in its braces. */
function formatted(text: string, depth: number): Tree {
  const parts: Tree[] = [];
  let plain = "";
  for (let at = 0; at < text.length; ) {
    const character = text[at] ?? "";
    if ((character === "{" || character === "}") && text[at + 1] === character) {
      plain += character;
      at += 2;
    } else if (character !== "{" || depth > 20) {
      plain += character;
      at++;
    } else {
      parts.push({ kind: "text", text: plain });
      plain = "";
      const inner = new Parser(text, at + 1, true, depth + 10, 1);
      parts.push(inner.expressions());
      const end = text.indexOf("}", inner.at);
      at = end < 0 ? text.length : end + 1;
    }
  }
  parts.push({ kind: "text", text: plain });
  return parts.reduce((left, right) => ({ kind: "binary", operator: "format", left, right }));
}
