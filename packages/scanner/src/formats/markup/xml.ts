import { LimitReached } from "../../core/limits.js";
import type { Part, Scan } from "../../core/scan.js";
import { bytesSource, type Source } from "../../core/source.js";

const NAME_START = /^[A-Za-z_:\x80-\xff]/;
const CHUNK = 1024 * 1024;
/** The longest tag, comment or declaration that is read as one. */
const MAX_TOKEN = 16 * 1024 * 1024;
const MAX_VALUE = 64 * 1024;
const [DOUBLE, SINGLE, OPEN, CLOSE, END] = [0x22, 0x27, 0x5b, 0x5d, 0x3e];

export interface Token {
  kind: "start" | "cdata" | "instruction" | "doctype";
  /** The element's or instruction's name; empty for others. */
  name: string;
  /** What stands between the name and the end. */
  body: string;
  at: number;
}

/** What is known of a document while it is read. */
export interface Document {
  scan: Scan;
  part: Part;
  source: Source;
  /** Entities that the document declares with a text. */
  entities: Map<string, string>;
}

/** Looks at the elements of one kind of document. */
export interface ElementReader {
  format: string;
  element(token: Token, attributes: ReadonlyMap<string, string>): void;
  text?(token: Token): void;
}

/** A name without its namespace prefix. */
export function local(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

/** UTF-16 is read by every XML parser, and by no search for ASCII. */
export function isUtf16Markup(head: Buffer): boolean {
  const start = head.toString("latin1", 0, 4);
  return /^(\xff\xfe<\0|\xfe\xff\0<|<\0[?!A-Za-z]\0|\0<\0[?!A-Za-z])/.test(
    start + head.toString("latin1", 4, 5),
  );
}

/** The same document in UTF-8. */
export function asUtf8(scan: Scan, source: Source): Source {
  if (!isUtf16Markup(source.read(0, 8))) return source;
  if (source.size > scan.budget.limits.textBytes) throw new LimitReached("textBytes");
  const bytes = Buffer.from(source.read(0, source.size - (source.size % 2)));
  const big = bytes[0] === 0xfe || bytes[0] === 0;
  return bytesSource(Buffer.from((big ? bytes.swap16() : bytes).toString("utf16le").replace(/^\ufeff/, "")));
}

/**
 * The tokens of an XML document of any size, in bounded memory. It is as lenient as a reader can be: what is no markup is
 * skipped, so that a document that one parser refuses still shows what another would take.
 */
export function* xmlTokens(scan: Scan, source: Source): Generator<Token> {
  const reader = new Reader(source);
  while (reader.seek("<")) {
    scan.budget.step(2);
    const token = reader.token();
    if (token) yield token;
  }
}

class Reader {
  private readonly source: Source;
  private text = "";
  private base = 0;
  private at = 0;
  constructor(source: Source) {
    this.source = source;
  }

  /** Reads on; false at the end. What was passed is let go. */
  private more(): boolean {
    const from = this.base + this.text.length;
    if (from >= this.source.size) return false;
    if (this.text.length - this.at > MAX_TOKEN) throw new LimitReached("textBytes");
    const next = this.source.read(from, CHUNK).toString("latin1");
    this.text = this.text.slice(this.at) + next;
    this.base += this.at;
    this.at = 0;
    return true;
  }

  seek(mark: string): boolean {
    for (;;) {
      const found = this.text.indexOf(mark, this.at);
      if (found >= 0) {
        this.at = found;
        return true;
      }
      this.at = this.text.length;
      if (!this.more()) return false;
    }
  }

  private starts(mark: string): boolean {
    while (this.text.length - this.at < Math.max(1, mark.length) && this.more());
    return this.text.startsWith(mark, this.at);
  }

  /** The text up to a mark, which is passed; the rest when there is none. */
  private until(mark: string, skip: number): string {
    let from = skip;
    for (;;) {
      const found = this.text.indexOf(mark, this.at + from);
      if (found >= 0) return this.take(found, mark.length);
      from = Math.max(skip, this.text.length - this.at - mark.length);
      if (!this.more()) return this.take(this.text.length, 0);
    }
  }

  private take(end: number, passed: number): string {
    const taken = this.text.slice(this.at, end);
    this.at = end + passed;
    return taken;
  }

  token(): Token | undefined {
    const at = this.base + this.at;
    if (this.starts("<!--")) {
      this.until("-->", 4);
      return undefined;
    }
    if (this.starts("<![CDATA[")) {
      const body = this.until("]]>", 9).slice(9);
      return { kind: "cdata", name: "", body, at };
    }
    if (this.starts("<?")) return named("instruction", this.until("?>", 2).slice(2), at);
    if (this.starts("<!DOCTYPE") || this.starts("<!doctype")) {
      return { kind: "doctype", name: "", body: this.declaration(), at };
    }
    // A file of declarations alone is what an external subset is.
    if (this.starts("<!ENTITY")) return { kind: "doctype", name: "", body: this.until(">", 8), at };
    const body = this.tag();
    return body === undefined ? undefined : named("start", body, at);
  }

  /** A tag without its brackets, past any `>` inside quotes; undefined where none begins. */
  private tag(): string | undefined {
    this.at++;
    if (!this.starts("") || !NAME_START.test(this.text.charAt(this.at))) return undefined;
    return this.take(this.balanced(new Quotes()), 1);
  }

  private declaration(): string {
    return this.take(this.balanced(new Brackets()), 1);
  }

  private balanced(state: Quotes): number {
    for (let offset = 0; ; offset++) {
      if (this.at + offset >= this.text.length && !this.more()) return this.text.length;
      if (state.ends(this.text.charCodeAt(this.at + offset))) return this.at + offset;
    }
  }
}

/** Tells where a tag ends: at a `>` outside quotes. */
class Quotes {
  private quote = 0;
  ends(code: number): boolean {
    if (this.quote === 0 && (code === DOUBLE || code === SINGLE)) this.quote = code;
    else if (this.quote === code) this.quote = 0;
    else return code === END && this.quote === 0;
    return false;
  }
  get quoted(): boolean {
    return this.quote !== 0;
  }
}

/** Tells where a declaration ends, whose subset stands in brackets. */
class Brackets extends Quotes {
  private depth = 0;
  override ends(code: number): boolean {
    const end = super.ends(code);
    if (this.quoted) return false;
    if (code === OPEN) this.depth++;
    else if (code === CLOSE) this.depth--;
    return end && this.depth <= 0;
  }
}

function named(kind: Token["kind"], text: string, at: number): Token {
  const name = /^[^\s/>]*/.exec(text.slice(0, 1024))?.[0] ?? "";
  return { kind, name, body: text.slice(name.length), at };
}

const ATTRIBUTE = /(?<=[\s"'/])([^\s=/"'<>]{1,256})\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** The attributes of a tag, with references replaced. */
export function attributesOf(token: Token, entities: ReadonlyMap<string, string>): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name = "", double, single] of token.body.matchAll(ATTRIBUTE)) {
    found.set(name, resolve(double ?? single ?? "", entities));
  }
  return found;
}

const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Replaces references to characters and to entities of the document, one level deep. */
export function resolve(text: string, entities: ReadonlyMap<string, string>): string {
  if (!text.includes("&")) return text;
  return text.slice(0, MAX_VALUE).replace(/&(#x?[0-9A-Fa-f]{1,8}|[^\s&;]{1,64});/g, (whole, name: string) => {
    if (!name.startsWith("#")) return (NAMED[name] ?? entities.get(name) ?? whole).slice(0, 1024);
    const code = name[1] === "x" ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "";
  });
}

/** The beginning of the text that follows a tag. */
export function textAfter(source: Source, { at, name, body }: Token, length = 4096): string {
  const text = source.read(at + name.length + body.length + 2, length).toString("utf8");
  return text.split("<", 1)[0] ?? "";
}
