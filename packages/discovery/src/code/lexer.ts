import type { Dialect } from "./language.js";
import { readString } from "./strings.js";
import type { Token } from "./token.js";

const MAX_TOKENS = 400_000;
const WORD = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const ASCII_WORD = /[A-Za-z_$][A-Za-z0-9_$]*/y;
const NUMBER = /\d[\w.]*/y;
const SIGNS =
  /\.\.\.|\.\.=|===|!==|\*\*=|<<=|>>=|\?\?=|\|\|=|&&=|:=|=>|->|<-|::|\?\.|\?\?|\?:|==|!=|<=|>=|&&|\|\||\+\+|--|\+=|-=|\*=|\/=|\/\/|\*\*|!!|&\.|[^\s]/uy;
const BEFORE_REGEX =
  /^(return|typeof|case|in|of|delete|void|throw|new|else|do|await|yield|if|unless|when|and|or|not)$/;

/** The state of one pass over one text. Tolerant: whatever is left open ends with the line or the file. */
export class Lexer {
  readonly tokens: Token[] = [];
  at = 0;
  line = 1;
  private lineStart = 0;
  private fresh = true;
  private jump: { from: number; to: number } | undefined;

  constructor(
    readonly text: string,
    readonly dialect: Dialect,
    private readonly depth = 0,
  ) {}

  run(): Token[] {
    while (this.at < this.text.length && this.tokens.length < MAX_TOKENS) this.step();
    return this.tokens;
  }

  private step(): void {
    const { text } = this;
    const code = text.charCodeAt(this.at);
    if (code === 10) {
      this.newline();
      return;
    }
    if (code === 32 || (code >= 9 && code <= 13) || code === 0xfeff) {
      this.at++;
      return;
    }
    if (this.comment() || readString(this)) return;
    if (this.regex()) return;
    this.plain();
  }

  /** What stands between `from` and `to` was read already, as the text of a heredoc. */
  heredoc(from: number, to: number): void {
    this.jump ??= { from, to };
  }

  private newline(): void {
    if (this.jump && this.at >= this.jump.from) {
      this.skipTo(this.jump.to);
      this.jump = undefined;
      return;
    }
    this.at++;
    this.line++;
    this.lineStart = this.at;
    this.fresh = true;
  }

  /** Moves to `end`, counting the lines on the way. */
  skipTo(end: number): void {
    const stop = Math.min(end, this.text.length);
    for (let next = this.text.indexOf("\n", this.at); next >= 0 && next < stop; ) {
      this.line++;
      this.lineStart = next + 1;
      next = this.text.indexOf("\n", next + 1);
    }
    this.at = Math.max(stop, this.at);
  }

  push(token: Pick<Token, "kind" | "value" | "parts">, end: number): void {
    const made: Token = { ...token, line: this.line, column: this.at - this.lineStart, first: this.fresh };
    this.tokens.push(made);
    this.fresh = false;
    this.skipTo(end);
  }

  /** The expressions inside a literal, lexed like the rest; nesting is limited. */
  nested(text: string): readonly Token[] {
    if (this.depth >= 4 || text.length > 4_000) return [];
    const inner = new Lexer(text, this.dialect, this.depth + 1);
    inner.line = this.line;
    return inner.run();
  }

  private comment(): boolean {
    const { text, dialect } = this;
    if (dialect.slashComments && text.startsWith("//", this.at)) return this.toLineEnd();
    if (dialect.slashComments && text.startsWith("/*", this.at)) return this.toBlockEnd();
    if (dialect.hashComments && text[this.at] === "#") return this.toLineEnd();
    return this.fresh && this.firstComment();
  }

  /** What begins a comment only at the beginning of a line. */
  private firstComment(): boolean {
    const { text, dialect } = this;
    if (dialect.name === "ruby" && text.startsWith("=begin", this.at)) return this.past("\n=end");
    if (dialect.name === "ruby" && text.startsWith("__END__", this.at)) return this.past("\0");
    if (dialect.name === "csharp" && text[this.at] === "#") return this.toLineEnd();
    if (dialect.name === "javascript" && text.startsWith("<!--", this.at)) return this.past("-->");
    return this.at === 0 && text.startsWith("#!") ? this.toLineEnd() : false;
  }

  private past(end: string): boolean {
    const found = this.text.indexOf(end, this.at);
    this.skipTo(found < 0 ? this.text.length : found + end.length);
    return true;
  }

  private toLineEnd(): boolean {
    const end = this.text.indexOf("\n", this.at);
    this.at = end < 0 ? this.text.length : end;
    return true;
  }

  // Rust's block comments nest.
  private toBlockEnd(): boolean {
    if (this.dialect.name !== "rust") {
      this.at += 2;
      return this.past("*/");
    }
    const marks = /\/\*|\*\//g;
    marks.lastIndex = this.at;
    let open = 0;
    for (let mark = marks.exec(this.text); mark; mark = marks.exec(this.text)) {
      open += mark[0] === "/*" ? 1 : -1;
      if (open === 0) {
        this.skipTo(marks.lastIndex);
        return true;
      }
    }
    this.skipTo(this.text.length);
    return true;
  }

  private regex(): boolean {
    const { name } = this.dialect;
    if (this.text[this.at] !== "/" || (name !== "javascript" && name !== "ruby")) return false;
    const before = this.tokens.at(-1);
    const operand =
      before !== undefined &&
      (before.kind === "text" ||
        before.kind === "number" ||
        (before.kind === "word" && !BEFORE_REGEX.test(before.value)) ||
        (before.kind === "sign" && /^[)\]}]$/.test(before.value)));
    if (operand) return false;
    const body = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/y;
    body.lastIndex = this.at;
    const found = body.exec(this.text);
    if (!found) return false;
    this.push({ kind: "number", value: "/regex/" }, this.at + found[0].length);
    return true;
  }

  private plain(): void {
    const { text } = this;
    for (const [kind, pattern] of [
      ["word", ASCII_WORD],
      ["word", WORD],
      ["number", NUMBER],
      ["sign", SIGNS],
    ] as const) {
      pattern.lastIndex = this.at;
      const found = pattern.exec(text);
      if (!found) continue;
      this.push({ kind, value: found[0] }, this.at + found[0].length);
      return;
    }
    this.at++;
  }
}

export function lex(text: string, dialect: Dialect): Token[] {
  return new Lexer(text, dialect).run();
}
