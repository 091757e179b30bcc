/** `format` is an f-string; its text is still as it was written. */
type TokenType = "name" | "string" | "format" | "number" | "operator" | "newline" | "end";

export interface Token {
  type: TokenType;
  text: string;
  at: number;
  /** Columns before the first token of a line. */
  indent?: number;
}

export class ExpressionProblem extends Error {}

const NAME = /[\p{ID_Start}_][\p{ID_Continue}]*/uy;
const NUMBER =
  /0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?[jJ]?/y;
const OPERATORS = [
  "**=",
  "//=",
  ">>=",
  "<<=",
  "...",
  "**",
  "//",
  "->",
  ":=",
  "==",
  "!=",
  "<=",
  ">=",
  "<<",
  ">>",
];
const AUGMENTED = /[-+*/%@&|^]=/y;
const PREFIX = /^(?:[rbuf]|br|rb|fr|rf|t|tr|rt)$/i;

/** Splits code of Python, or an expression of Jinja, into tokens. Never fails: what is unknown is an operator. */
export class Lexer {
  private readonly text: string;
  private readonly python: boolean;
  at: number;
  private depth: number;
  private indent: number | undefined = 0;

  /** `depth`: brackets that are open where the text begins. */
  constructor(text: string, at: number, python: boolean, depth = 0) {
    this.depth = depth;
    this.text = text;
    this.at = at;
    this.python = python;
  }

  next(): Token {
    const newline = this.space();
    if (newline) return newline;
    const { at } = this;
    const token = at >= this.text.length ? { type: "end" as const, text: "", at } : this.token(at);
    if (this.indent === undefined) return token;
    const indent = this.indent;
    this.indent = undefined;
    return { ...token, indent };
  }

  /** Skips blanks and comments; in Python, outside of brackets, the end of a line is a token. */
  private space(): Token | undefined {
    while (this.at < this.text.length) {
      const code = this.text.charCodeAt(this.at);
      if (code === 10 && this.python && this.depth === 0) return this.line();
      if (!this.blank(code) && !(this.python && this.comment(code))) return undefined;
    }
    return undefined;
  }

  private blank(code: number): boolean {
    if (!isSpace(code)) return false;
    if (this.indent !== undefined) this.indent += code === 9 ? 8 : 1;
    this.at++;
    return true;
  }

  /** Skips a comment, or a line's end that does not count. */
  private comment(code: number): boolean {
    if (code === 35) this.at = endOfLine(this.text, this.at);
    else if (code === 92 && /^\\\r?\n/.test(this.text.slice(this.at, this.at + 3))) {
      this.at = endOfLine(this.text, this.at) + 1;
    } else return false;
    return true;
  }

  private line(): Token {
    const at = this.at++;
    this.indent = 0;
    return { type: "newline", text: "\n", at };
  }

  private token(at: number): Token {
    const character = this.text[at] ?? "";
    if (character === '"' || character === "'") return this.string(at, "");
    NAME.lastIndex = at;
    const name = NAME.exec(this.text)?.[0];
    if (name !== undefined) {
      this.at = at + name.length;
      const quote = this.text[this.at];
      if (this.python && (quote === '"' || quote === "'") && PREFIX.test(name)) return this.string(at, name);
      // Python compares names in their compatibility form: fullwidth letters are letters.
      return { type: "name", text: this.python ? name.normalize("NFKC") : name, at };
    }
    if (/\d/.test(character) || (character === "." && /\d/.test(this.text[at + 1] ?? ""))) {
      NUMBER.lastIndex = at;
      const number = NUMBER.exec(this.text)?.[0] ?? character;
      this.at = at + number.length;
      return { type: "number", text: number, at };
    }
    return this.operator(at, character);
  }

  private operator(at: number, character: string): Token {
    AUGMENTED.lastIndex = at;
    const long =
      OPERATORS.find((operator) => this.text.startsWith(operator, at)) ??
      (this.python ? AUGMENTED.exec(this.text)?.[0] : undefined);
    const text = long ?? character;
    this.at = at + text.length;
    if ("([{".includes(text)) this.depth++;
    else if (")]}".includes(text)) this.depth = Math.max(0, this.depth - 1);
    return { type: "operator", text, at };
  }

  private string(at: number, prefix: string): Token {
    const start = at + prefix.length;
    const quote = this.text[start] ?? "";
    const long = this.python && this.text.startsWith(quote.repeat(3), start);
    const mark = long ? quote.repeat(3) : quote;
    let end = start + mark.length;
    while (end < this.text.length && !this.text.startsWith(mark, end)) {
      if (!long && this.python && this.text[end] === "\n") break;
      end += this.text[end] === "\\" ? 2 : 1;
    }
    const inner = this.text.slice(start + mark.length, Math.min(end, this.text.length));
    this.at = Math.min(this.text.length, end + (this.text.startsWith(mark, end) ? mark.length : 0));
    const raw = /r/i.test(prefix);
    if (/[ft]/i.test(prefix)) return { type: "format", text: inner, at };
    return { type: "string", text: raw ? inner : decodeEscapes(inner), at };
  }
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0xfeff;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

const ESCAPE = /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]{1,80}\}|[0-7]{1,3}|\r?\n|[\s\S])/g;
const PLAIN: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
};

/** Escapes of Python's strings, which Jinja's are too. */
export function decodeEscapes(text: string): string {
  return text.includes("\\") ? text.replace(ESCAPE, (_, code: string) => decodeEscape(code)) : text;
}

function decodeEscape(code: string): string {
  if (/^[xuU]./.test(code)) {
    const point = Number.parseInt(code.slice(1), 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : "\ufffd";
  }
  if (/^[0-7]+$/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
  if (code.startsWith("N{")) return /^N\{LOW LINE\}$/i.test(code) ? "_" : "?";
  if (code.endsWith("\n")) return "";
  return PLAIN[code] ?? (/[\\'"]/.test(code) ? code : `\\${code}`);
}
