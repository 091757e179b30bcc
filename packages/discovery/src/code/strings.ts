import type { Lexer } from "./lexer.js";
import type { Token } from "./token.js";

type Parts = (string | readonly Token[])[];

interface Literal {
  /** Where the text between the quotes starts. */
  from: number;
  quote: string;
  raw: boolean;
  /** May go over several lines. */
  lines: boolean;
  interpolation?: "${" | "#{" | "{";
  /** `$name` without braces, as Kotlin has it. */
  bare?: boolean;
  /** A doubled quote stands for one. */
  doubled?: boolean;
}

/** Reads a literal at the lexer's position; false where none begins. */
export function readString(lexer: Lexer): boolean {
  const { text, at, dialect } = lexer;
  const next = text[at] ?? "";
  if (!/["'`@$rbufRBUF%<:]/.test(next)) return false;
  if (dialect.characters && next === "'") return readCharacter(lexer);
  if (dialect.name === "ruby" && readRubyOnly(lexer)) return true;
  const literal = OPENERS[dialect.name](lexer.text, at);
  if (!literal) return false;
  finish(lexer, literal);
  return true;
}

type Opener = (text: string, at: number) => Literal | undefined;

const match = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

const simple = (text: string, at: number, quotes: string): Literal | undefined => {
  const quote = text[at] ?? "";
  return quotes.includes(quote) ? { from: at + 1, quote, raw: false, lines: false } : undefined;
};

const python: Opener = (text, at) => {
  const found = match(/([rRbBuUfFtT]{0,3})("""|'''|"|')/y, text, at);
  if (!found) return undefined;
  const [all, prefix = "", quote = '"'] = found;
  const literal = {
    from: at + all.length,
    quote,
    raw: /r/i.test(prefix),
    lines: quote.length === 3,
  };
  return /[ft]/i.test(prefix) ? { ...literal, interpolation: "{" } : literal;
};

const javascript: Opener = (text, at) =>
  text[at] === "`"
    ? { from: at + 1, quote: "`", raw: false, lines: true, interpolation: "${" }
    : simple(text, at, "\"'");

const go: Opener = (text, at) =>
  text[at] === "`" ? { from: at + 1, quote: "`", raw: true, lines: true } : simple(text, at, '"');

const java: Opener = (text, at) =>
  text.startsWith('"""', at)
    ? { from: at + 3, quote: '"""', raw: false, lines: true }
    : simple(text, at, '"');

const kotlin: Opener = (text, at) => {
  const found = match(/[sf]?("""|")/y, text, at);
  if (!found) return undefined;
  const quote = found[1] ?? '"';
  return {
    from: at + found[0].length,
    quote,
    raw: quote.length === 3,
    lines: quote.length === 3,
    interpolation: "${",
    bare: true,
  };
};

const csharp: Opener = (text, at) => {
  const found = match(/(\$*@?\$*)("""+|")/y, text, at);
  if (!found) return undefined;
  const [all, prefix = "", quote = '"'] = found;
  const verbatim = prefix.includes("@");
  return {
    from: at + all.length,
    quote,
    raw: verbatim || quote.length > 2,
    lines: verbatim || quote.length > 2,
    doubled: verbatim,
    ...(prefix.includes("$") ? { interpolation: "{" as const } : {}),
  };
};

const ruby: Opener = (text, at) => {
  const literal = simple(text, at, "\"'`");
  if (!literal) return undefined;
  return text[at] === "'" ? { ...literal, lines: true } : { ...literal, lines: true, interpolation: "#{" };
};

const rust: Opener = (text, at) => {
  const found = match(/b?(r#*)?"/y, text, at);
  if (!found) return undefined;
  const hashes = "#".repeat(Math.max(0, (found[1] ?? "r").length - 1));
  return { from: at + found[0].length, quote: `"${hashes}`, raw: found[1] !== undefined, lines: true };
};

const OPENERS = { python, javascript, go, java, kotlin, csharp, ruby, rust } as const;

// 'a', '\n', but also Rust's lifetimes, which are no literals.
function readCharacter(lexer: Lexer): boolean {
  const found = match(/'(\\u\{[^}]*\}|\\.[^']{0,8}|[^'\\\n])'/y, lexer.text, lexer.at);
  if (found) lexer.push({ kind: "text", value: found[1] ?? "" }, lexer.at + found[0].length);
  else lexer.at++;
  return true;
}

const CLOSING: Record<string, string> = { "(": ")", "[": "]", "{": "}", "<": ">" };

function readRubyOnly(lexer: Lexer): boolean {
  const { text, at } = lexer;
  const symbol = match(/(?<![:\w]):([A-Za-z_]\w*[?!]?)/y, text, at);
  if (symbol) {
    lexer.push({ kind: "text", value: symbol[1] ?? "" }, at + symbol[0].length);
    return true;
  }
  const heredoc = match(/<<[~-]?(["'`]?)([A-Z_][A-Z0-9_]*)\1/y, text, at);
  if (heredoc) return readHeredoc(lexer, heredoc);
  const percent = match(/%[qQwiWI]?([([{<|!])/y, text, at);
  if (!percent || !beginsOperand(lexer)) return false;
  const quote = CLOSING[percent[1] ?? ""] ?? percent[1] ?? ")";
  finish(lexer, { from: at + percent[0].length, quote, raw: true, lines: true });
  return true;
}

const beginsOperand = (lexer: Lexer): boolean => {
  const before = lexer.tokens.at(-1);
  return before === undefined || (before.kind === "sign" && !/^[)\]}]$/.test(before.value));
};

// The rest of the line belongs to the statement; the text starts on the next one.
function readHeredoc(lexer: Lexer, found: RegExpExecArray): boolean {
  const { text, at } = lexer;
  const lineEnd = text.indexOf("\n", at);
  if (lineEnd < 0) return false;
  const end = new RegExp(`^[ \\t]*${found[2]}\\b`, "m");
  const body = text.slice(lineEnd + 1, lineEnd + 200_000);
  const stop = end.exec(body);
  const value = body.slice(0, stop?.index ?? body.length);
  lexer.push({ kind: "text", value }, at + found[0].length);
  lexer.heredoc(lineEnd, lineEnd + 1 + (stop ? stop.index + stop[0].length : body.length));
  return true;
}

function finish(lexer: Lexer, literal: Literal): void {
  const parts: Parts = [];
  const { end, text } = body(lexer, literal, parts);
  const interpolated = parts.some((part) => typeof part !== "string");
  if (text !== "") parts.push(text);
  const value = parts.map((part) => (typeof part === "string" ? part : "\u0000")).join("");
  lexer.push({ kind: "text", value, ...(interpolated ? { parts } : {}) }, end);
}

const ESCAPES: Record<string, string> = { n: "\n", t: "\t", r: "\r", "0": "\0", "\n": "" };

function body(lexer: Lexer, literal: Literal, parts: Parts): { end: number; text: string } {
  const source = lexer.text;
  let text = "";
  let at = literal.from;
  const stops = stopPattern(literal);
  while (at < source.length) {
    stops.lastIndex = at;
    const stop = stops.exec(source)?.index ?? source.length;
    text += source.slice(at, stop);
    at = stop;
    if (at >= source.length) break;
    const end = endOf(source, at, literal);
    if (end !== undefined) return { end, text };
    const hole = readInside(source, at, literal);
    text += hole.text;
    at = hole.end;
    if (hole.code === undefined) continue;
    if (text !== "") parts.push(text);
    text = "";
    parts.push(lexer.nested(hole.code));
  }
  return { end: source.length, text };
}

/** Where the literal ends, if it does here. */
function endOf(source: string, at: number, { quote, doubled }: Literal): number | undefined {
  if (source[at] === "\n" && quote !== "\n") return at;
  if (!source.startsWith(quote, at)) return undefined;
  return doubled && source[at + 1] === '"' ? undefined : at + quote.length;
}

/** What is neither plain text nor the end: a doubled quote, an escape, an expression. */
function readInside(source: string, at: number, literal: Literal): Hole {
  if (source.startsWith(literal.quote, at)) return { end: at + 2, text: '"' };
  if (source[at] !== "\\") return readHole(source, at, literal);
  const escaped = source[at + 1] ?? "";
  return { end: at + 2, text: ESCAPES[escaped] ?? escaped };
}

interface Hole {
  end: number;
  code?: string;
  text: string;
}

function stopPattern({ quote, raw, lines, interpolation, bare }: Literal): RegExp {
  const stops = [quote.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")];
  if (!raw) stops.push("\\\\");
  if (!lines) stops.push("\\n");
  if (interpolation === "${") stops.push(bare ? "\\$[{A-Za-z_]" : "\\$\\{");
  if (interpolation === "#{") stops.push("#\\{");
  if (interpolation === "{") stops.push("\\{", "\\}\\}");
  return new RegExp(stops.join("|"), "g");
}

/** An expression in a literal: its code, or the text that a doubled brace stands for. */
function readHole(source: string, at: number, literal: Literal): Hole {
  if (literal.interpolation === "{" && /^(\{\{|\}\})/.test(source.slice(at, at + 2)))
    return { end: at + 2, text: source[at] ?? "" };
  const name = literal.bare ? match(/\$([A-Za-z_]\w*)/y, source, at) : null;
  if (name) return { end: at + name[0].length, code: name[1] ?? "", text: "" };
  const open = at + (literal.interpolation?.length ?? 1);
  const end = holeEnd(source, open, literal.lines);
  return {
    end: end + 1,
    code: source.slice(open, end).replace(/(![rsa])?(:[^:{}"'()]*)?$/, formatless(literal)),
    text: "",
  };
}

function holeEnd(source: string, open: number, lines: boolean): number {
  let depth = 1;
  const limit = Math.min(source.length, open + 4_000);
  for (let end = open; end < limit; end++) {
    const sign = source[end];
    if (sign === "{") depth++;
    if (sign === "}") depth--;
    if (depth === 0 || (sign === "\n" && !lines)) return end;
  }
  return limit;
}

// `{name!r:>10}`: the conversion and the format are no part of the expression.
const formatless =
  ({ interpolation }: Literal) =>
  (found: string): string =>
    interpolation === "{" ? "" : found;
