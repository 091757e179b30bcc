/** One command of a script, with the line it starts on. */
export interface Command {
  readonly words: readonly string[];
  readonly line: number;
}

const MAX_WORDS = 200_000;

/**
 * Splits a script into commands: quotes, comments, continued lines and heredocs are understood, variables and
 * their defaults are put in where the script sets them. Nothing is run.
 */
export function readScript(text: string, variables: Map<string, string> = new Map()): Command[] {
  const script = new Script(text, variables);
  return script.read();
}

/** The index after the bracket that closes a substitution; brackets in quotes do not count. */
function closing(text: string, from: number): number {
  let depth = 1;
  let quote = "";
  for (let at = from; at < text.length; at++) {
    const sign = text[at] ?? "";
    if (sign === "\\") at++;
    else if (quote !== "") quote = sign === quote ? "" : quote;
    else if (sign === "'" || sign === '"') quote = sign;
    else depth += bracket(sign);
    if (depth === 0) return at + 1;
  }
  return text.length + 1;
}

const bracket = (sign: string): number => (sign === "(" ? 1 : 0) - (sign === ")" ? 1 : 0);

class Script {
  private at = 0;
  private line = 1;
  private words: string[] = [];
  private started = 1;
  private readonly commands: Command[] = [];
  private heredocs: { end: string; tabs: boolean }[] = [];
  private count = 0;

  constructor(
    private readonly text: string,
    private readonly variables: Map<string, string>,
  ) {}

  read(): Command[] {
    while (this.at < this.text.length && this.count < MAX_WORDS) this.step();
    this.finish();
    return this.commands;
  }

  private step(): void {
    const sign = this.text[this.at] ?? "";
    const next = this.text[this.at + 1];
    if (sign === "\\" && /[\r\n]/.test(next ?? "")) this.continued();
    else if (sign === "\n") this.newline();
    else if (/\s/.test(sign)) this.at++;
    else if (sign === "#") this.skipLine();
    else if (sign === "<" && next === "<") this.heredoc();
    else if (/[;&|(){}<>]/.test(sign) && !(sign === "{" && /\S/.test(next ?? ""))) this.separator(sign);
    else this.word();
  }

  private continued(): void {
    this.at += this.text.startsWith("\r\n", this.at + 1) ? 3 : 2;
    this.line++;
  }

  private separator(sign: string): void {
    if (!/[<>]/.test(sign)) this.finish();
    this.at++;
  }

  private newline(): void {
    this.at++;
    this.line++;
    for (const { end, tabs } of this.heredocs) this.body(end, tabs);
    this.heredocs = [];
    this.finish();
  }

  private skipLine(): void {
    const end = this.text.indexOf("\n", this.at);
    this.at = end < 0 ? this.text.length : end;
  }

  private heredoc(): void {
    const found = /<<(-?)\s*(["']?)([\w-]+)\2/y;
    found.lastIndex = this.at;
    const match = found.exec(this.text);
    if (match) this.heredocs.push({ end: match[3] ?? "", tabs: match[1] === "-" });
    this.at += match ? match[0].length : 2;
  }

  private body(end: string, tabs: boolean): void {
    const from = this.at;
    for (let at = from; at <= this.text.length; ) {
      const stop = this.text.indexOf("\n", at);
      const row = this.text.slice(at, stop < 0 ? this.text.length : stop);
      if ((tabs ? row.replace(/^\t+/, "") : row).trimEnd() === end || stop < 0) {
        this.push(this.text.slice(from, at));
        this.line += this.text.slice(from, stop < 0 ? this.text.length : stop + 1).split("\n").length - 1;
        this.at = stop < 0 ? this.text.length : stop + 1;
        return;
      }
      at = stop + 1;
    }
  }

  private word(): void {
    let word = "";
    if (this.words.length === 0) this.started = this.line;
    const begin = this.at;
    while (this.at < this.text.length) {
      const part = this.part(this.text[this.at] ?? "");
      if (part === undefined) break;
      word += part;
    }
    if (this.at === begin) this.at++;
    this.push(word);
  }

  /** The next part of a word; undefined where the word ends. */
  private part(sign: string): string | undefined {
    const next = this.text[this.at + 1] ?? "";
    if (/[\s;|&()<>]/.test(sign) || (sign === "\\" && next === "\n")) return undefined;
    if (sign === "'") return this.single();
    if (sign === '"') return this.double();
    if (sign === "$" || sign === "`") return this.variable();
    this.at += sign === "\\" ? 2 : 1;
    return sign === "\\" ? next : sign;
  }

  private push(word: string): void {
    this.count++;
    if (word.length > 0) this.words.push(word.slice(0, 20_000));
  }

  private single(): string {
    const end = this.text.indexOf("'", this.at + 1);
    return this.take(this.at + 1, end < 0 ? this.text.length : end);
  }

  private take(from: number, end: number): string {
    const found = this.text.slice(from, end);
    for (const sign of found) if (sign === "\n") this.line++;
    this.at = end + 1;
    return found;
  }

  private double(): string {
    let text = "";
    this.at++;
    while (this.at < this.text.length && this.text[this.at] !== '"')
      text += this.quoted(this.text[this.at] ?? "");
    this.at++;
    return text;
  }

  private quoted(sign: string): string {
    if (sign === "$" || sign === "`") return this.variable();
    const escaped = sign === "\\";
    const shown = escaped ? (this.text[this.at + 1] ?? "") : sign;
    if (shown === "\n") this.line++;
    this.at += escaped ? 2 : 1;
    return escaped && shown === "\n" ? "" : shown;
  }

  /** `$NAME`, `${NAME:-default}`; what is not known stays as it is written. */
  private variable(): string {
    if (this.text.startsWith("$(", this.at) && this.text[this.at + 2] !== "(") return this.substitution();
    const pattern = /\$\{?([A-Za-z_]\w*)(?::?[-=]([^}]*))?\}?|\$\$\(?\w*\)?|\$[(){]?|`/y;
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    this.at += found ? Math.max(1, found[0].length) : 1;
    const name = found?.[1];
    if (name === undefined) return found?.[0] === "`" ? "" : "$";
    return this.variables.get(name) ?? found?.[2]?.replace(/^["']|["']$/g, "") ?? `$${name}`;
  }

  /** `$(command)`: its commands count, its output is not known. */
  private substitution(): string {
    const from = this.at + 2;
    const end = closing(this.text, from);
    const inner = this.text.slice(from, end - 1);
    for (const { words, line } of readScript(inner, this.variables))
      this.commands.push({ words, line: this.line + line - 1 });
    this.count += inner.length / 8;
    this.line += inner.split("\n").length - 1;
    this.at = end;
    return "$";
  }

  private finish(): void {
    const { words } = this;
    if (words.length === 0) return;
    for (const word of words) {
      const set = /^([A-Za-z_]\w*)=(.*)$/s.exec(word);
      if (set) this.variables.set(set[1] ?? "", set[2] ?? "");
      else if (!/^(export|local|declare|readonly|set)$/.test(word)) break;
    }
    this.commands.push({ words, line: this.started });
    this.words = [];
  }
}
