import { LimitReached } from "../../core/limits.js";
import { ExpressionProblem } from "../../expression/lexer.js";
import { Parser } from "../../expression/parser.js";
import type { Named, Tree } from "../../expression/tree.js";

/** A piece of a template. */
export type Piece =
  | { kind: "words"; text: string }
  | { kind: "output"; tree: Tree }
  | { kind: "set"; targets: readonly string[]; value: Tree }
  /** `filtered`: by filters that change what it holds. */
  | { kind: "capture"; target: string; filtered: boolean; body: Piece[] }
  | { kind: "for"; targets: readonly string[]; source: Tree; body: Piece[] }
  /** Branches of which one is taken. */
  | { kind: "branches"; bodies: Piece[][] }
  | { kind: "macro"; name: string; parameters: readonly Named[]; body: Piece[] }
  | { kind: "body"; values: readonly Tree[]; body: Piece[] }
  | { kind: "load"; verb: string; source: Tree | undefined }
  /** An expression that no parser here takes. */
  | { kind: "odd"; text: string };

const ENDRAW = /\{%[-+]?\s{0,100}endraw\s{0,100}[-+]?%\}/g;
const MAX_PIECES = 100_000;
const MAX_NESTING = 100;

/** Splits a template into its pieces, as Jinja's own lexer does: a string may hold what would close an expression. */
export function parseTemplate(template: string): Piece[] {
  return new TemplateParser(template).parse();
}

interface Open {
  verb: string;
  piece: Piece;
  body: Piece[];
}

class TemplateParser {
  private readonly text: string;
  private at = 0;
  private count = 0;
  private isRaw = false;
  private readonly root: Piece[] = [];
  private readonly open: Open[] = [];

  constructor(text: string) {
    this.text = text;
  }

  parse(): Piece[] {
    while (this.at < this.text.length) {
      const start = nextOpening(this.text, this.at);
      if (start > this.at) this.add({ kind: "words", text: this.text.slice(this.at, start) });
      if (start >= this.text.length) break;
      const mark = this.text[start + 1];
      this.at = start + 2 + (/[-+]/.test(this.text[start + 2] ?? "") ? 1 : 0);
      if (mark === "#") this.comment();
      else this.expression(mark === "{" ? "}}" : "%}", start);
    }
    return this.root;
  }

  private get body(): Piece[] {
    return this.open.at(-1)?.body ?? this.root;
  }

  private add(piece: Piece): void {
    this.body.push(piece);
  }

  private comment(): void {
    const end = this.text.indexOf("#}", this.at);
    this.at = end < 0 ? this.text.length : end + 2;
  }

  private expression(close: string, start: number): void {
    if (this.count++ >= MAX_PIECES) throw new LimitReached("entries");
    const parser = new Parser(this.text, this.at, false);
    try {
      if (close === "}}") this.add({ kind: "output", tree: parser.expressions() });
      else this.statement(parser);
      const { at } = parser;
      const end = this.text.indexOf(close, at);
      if (end < 0 || !/^[-+]?$/.test(this.text.slice(at, end))) throw new ExpressionProblem("more follows");
      this.at = end + 2;
      if (this.isRaw) this.raw();
      this.isRaw = false;
    } catch (error) {
      if (!(error instanceof ExpressionProblem)) throw error;
      const end = this.text.indexOf(close, start + 2);
      const stop = end < 0 ? this.text.length : end;
      this.add({ kind: "odd", text: this.text.slice(start + 2, stop).replace(/^[-+]|[-+]$/g, "") });
      this.at = Math.min(this.text.length, stop + 2);
    }
  }

  private statement(parser: Parser): void {
    const verb = parser.name();
    if (verb.startsWith("end")) this.close(verb.slice(3));
    else if (verb === "raw") this.isRaw = true;
    else if (verb === "set") this.set(parser);
    else if (verb === "for") this.loop(parser);
    else if (verb === "if") this.begin(verb, { kind: "branches", bodies: [[], [discarded(parser)]] }, 0);
    else if (verb === "elif" || verb === "else") this.branch(verb, parser);
    else if (verb === "macro") this.macro(parser);
    else this.other(verb, parser);
  }

  private begin(verb: string, piece: Piece, branch?: number): void {
    if (this.open.length >= MAX_NESTING) throw new ExpressionProblem("a template is nested too deep");
    this.add(piece);
    const body =
      piece.kind === "branches" ? piece.bodies[branch ?? 0] : "body" in piece ? piece.body : undefined;
    this.open.push({ verb, piece, body: body ?? [] });
  }

  private close(verb: string): void {
    const found = this.open.findLastIndex((open) => open.verb === verb);
    if (found >= 0) this.open.length = found;
  }

  private branch(verb: string, parser: Parser): void {
    const last = this.open.at(-1);
    const body: Piece[] = verb === "elif" ? [discarded(parser)] : [];
    if (!last) return;
    if (last.piece.kind === "branches") last.piece.bodies.push(body);
    else if (last.piece.kind === "for") {
      // What stands behind a loop's `else` runs too, or instead.
      this.open.pop();
      const piece: Piece = { kind: "branches", bodies: [body] };
      this.add(piece);
      this.open.push({ verb: last.verb, piece, body });
      return;
    }
    last.body = body;
  }

  /** What is raw is words, up to the statement that ends it. */
  private raw(): void {
    ENDRAW.lastIndex = this.at;
    const found = ENDRAW.exec(this.text);
    const end = found ? found.index : this.text.length;
    this.add({ kind: "words", text: this.text.slice(this.at, end) });
    this.at = found ? ENDRAW.lastIndex : end;
  }

  private set(parser: Parser): void {
    const targets = [dotted(parser)];
    while (parser.accept(",")) targets.push(dotted(parser));
    if (parser.accept("=")) this.add({ kind: "set", targets, value: parser.expressions() });
    else {
      const values: Tree[] = [];
      while (parser.accept("|")) values.push(filterOnly(parser));
      this.begin("set", { kind: "capture", target: targets[0] ?? "", filtered: values.length > 0, body: [] });
      if (values.length > 0) this.add({ kind: "body", values, body: [] });
    }
  }

  private loop(parser: Parser): void {
    const targets: string[] = [];
    parser.accept("(");
    do targets.push(parser.name());
    while (parser.accept(","));
    parser.accept(")");
    parser.expect("in");
    const source = parser.expressions();
    parser.accept("recursive");
    this.begin("for", { kind: "for", targets, source, body: [] });
  }

  private macro(parser: Parser): void {
    const name = parser.name();
    parser.expect("(");
    const parameters: Named[] = [];
    while (!parser.accept(")")) {
      const parameter = parser.name();
      const value: Tree = parser.accept("=") ? parser.expression() : { kind: "any", parts: [] };
      parameters.push({ name: parameter, value });
      if (!parser.accept(",") && !parser.is(")")) throw new ExpressionProblem("a comma is missing");
    }
    this.begin("macro", { kind: "macro", name, parameters, body: [] });
  }

  private other(verb: string, parser: Parser): void {
    if (/^(include|import|extends|from)$/.test(verb)) this.load(verb, parser);
    else if (verb === "call") {
      if (parser.accept("(")) parser.arguments();
      this.begin(verb, { kind: "body", values: [parser.expression()], body: [] });
    } else if (verb === "filter") this.begin(verb, { kind: "body", values: [filterOnly(parser)], body: [] });
    else if (verb === "with") this.with(parser);
    else if (/^(block|generation|autoescape|trans)$/.test(verb)) {
      while (parser.peek().type === "name" || parser.peek().type === "number") parser.take();
      this.begin(verb, { kind: "body", values: [], body: [] });
    } else if (verb === "do") this.add({ kind: "output", tree: parser.expressions() });
    else if (!/^(break|continue|debug)$/.test(verb)) throw new ExpressionProblem("a statement is unknown");
  }

  private load(verb: string, parser: Parser): void {
    const source = parser.beginsExpression() ? parser.expression() : undefined;
    while (parser.peek().type === "name" || parser.is(",")) parser.take();
    this.add({ kind: "load", verb, source });
  }

  private with(parser: Parser): void {
    const body: Piece[] = [];
    while (parser.peek().type === "name" && !parser.is("end")) {
      const target = parser.name();
      parser.expect("=");
      body.push({ kind: "set", targets: [target], value: parser.expression() });
      if (!parser.accept(",")) break;
    }
    this.begin("with", { kind: "body", values: [], body });
  }
}

function nextOpening(text: string, from: number): number {
  for (let at = text.indexOf("{", from); at >= 0; at = text.indexOf("{", at + 1)) {
    const next = text[at + 1];
    if (next === "{" || next === "%" || next === "#") return at;
  }
  return text.length;
}

function dotted(parser: Parser): string {
  let name = parser.name();
  while (parser.accept(".")) name += `.${parser.name()}`;
  return name;
}

/** A condition: evaluated, and nothing is written. */
function discarded(parser: Parser): Piece {
  return { kind: "body", values: [parser.expressions()], body: [] };
}

/** A filter without what it is applied to. */
function filterOnly(parser: Parser): Tree {
  const { at } = parser;
  const name = dotted(parser);
  const given = parser.accept("(") ? parser.arguments() : { positional: [], named: [] };
  return { kind: "filter", of: { kind: "any", parts: [] }, name, ...given, at };
}
