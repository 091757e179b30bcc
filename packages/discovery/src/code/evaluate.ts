import { specialised } from "./boto.js";
import { callBuiltin, indexBuiltin } from "./builtins.js";
import { type Arguments, argumentsOf, type CallSite, keyOf } from "./calls.js";
import { entryOf } from "./entries.js";
import type { Project } from "./project.js";
import { isParameter, lookup } from "./scope.js";
import type { Source } from "./source.js";
import { isSign, isWord, type Token } from "./token.js";
import { type Mapping, placeOf, type Text, textsOf, type Value } from "./value.js";
import { after, find, inside, type Range, split, statementEnd } from "./words.js";

const MAX_VALUES = 12;
const MAX_DEPTH = 24;
/** Longer chains say nothing more. */
const MAX_PATH = 40;
const PREFIX = /^(await|new|return|yield|const|ref|mut|move|async|static|out|throw|dyn|box|lazy|by|void)$/;
const PREFIX_SIGN = /^([&*!+@]|\.\.\.|\*\*|->|<-)$/;

/** Reads expressions without running anything. An expression that leads back to itself has no value. */
export class Evaluator {
  private readonly known = new Map<Source, Map<number, readonly Value[]>>();
  private depth = 0;

  constructor(readonly project: Project) {}

  range(source: Source, range: Range): readonly Value[] {
    if (range.from >= range.to || this.depth >= MAX_DEPTH) return [];
    const cache = this.known.get(source) ?? new Map<number, readonly Value[]>();
    this.known.set(source, cache);
    const key = range.from * 1_048_576 + range.to;
    const before = cache.get(key);
    if (before) return before;
    cache.set(key, []);
    this.depth++;
    const values = unique(this.alternatives(source, range)).slice(0, MAX_VALUES);
    this.depth--;
    cache.set(key, values);
    return values;
  }

  /** What a call is given under one of these names: by keyword, or inside a map that it is given. */
  named(site: CallSite, names: readonly string[], depth = 3): readonly Value[] {
    const { named, positional } = this.arguments(site);
    for (const name of names) {
      const range = named.get(name);
      if (range) return this.range(site.source, range);
    }
    for (const range of [...positional, ...named.values()]) {
      const found = entryOf(this.range(site.source, range), names, depth);
      if (found.length > 0) return found;
    }
    return [];
  }

  positional(site: CallSite, index: number): readonly Value[] {
    const range = this.arguments(site).positional[index];
    return range ? this.range(site.source, range) : [];
  }

  statementEnd(source: Source, from: number): number {
    return statementEnd(source, from);
  }

  arguments(site: CallSite): Arguments {
    return argumentsOf(site.source, site.open);
  }

  private alternatives(source: Source, range: Range): readonly Value[] {
    const { tokens, dialect } = source;
    const python = dialect.name === "python";
    if (python || dialect.name === "ruby" || dialect.name === "kotlin") {
      const ifAt = find(source, { from: range.from + 1, to: range.to }, (token) => isWord(token, "if"));
      if (ifAt > 0) return this.conditional(source, range, ifAt);
    }
    if (dialect.name === "kotlin" && isWord(tokens[range.from], "if")) return this.ifElse(source, range);
    const question = find(source, range, (token) => isSign(token, "?"));
    if (question > range.from && question + 1 < range.to) return this.ternary(source, range, question);
    const or = find(
      source,
      range,
      (token) => /^(\|\||\?\?|\?:|or)$/.test(token.value) && token.kind !== "text",
    );
    if (or > range.from)
      return [
        ...this.resolved(source, { from: range.from, to: or }),
        ...this.range(source, { from: or + 1, to: range.to }),
      ];
    return this.sum(source, range);
  }

  // Before an `or`, a variable without a value says nothing: what follows is its default.
  private resolved(source: Source, range: Range): readonly Value[] {
    return this.range(source, range).filter(
      (value) => value.is !== "variable" && !(value.is === "reference" && !value.known),
    );
  }

  private conditional(source: Source, range: Range, ifAt: number): readonly Value[] {
    const rest = { from: ifAt, to: range.to };
    const elseAt = find(source, rest, (token) => isWord(token, "else"));
    const first = this.range(source, { from: range.from, to: ifAt });
    return elseAt < 0 ? first : [...first, ...this.range(source, { from: elseAt + 1, to: range.to })];
  }

  private ifElse(source: Source, range: Range): readonly Value[] {
    const elseAt = find(source, range, (token) => isWord(token, "else"));
    if (elseAt < 0 || !isSign(source.tokens[range.from + 1], "(")) return [];
    const start = after(source, range.from + 1);
    return [
      ...this.range(source, { from: start, to: elseAt }),
      ...this.range(source, { from: elseAt + 1, to: range.to }),
    ];
  }

  private ternary(source: Source, range: Range, question: number): readonly Value[] {
    const colon = find(source, { from: question + 1, to: range.to }, (token) => isSign(token, ":"));
    if (colon < 0) return this.sum(source, range);
    return [
      ...this.range(source, { from: question + 1, to: colon }),
      ...this.range(source, { from: colon + 1, to: range.to }),
    ];
  }

  private sum(source: Source, range: Range): readonly Value[] {
    const parts = split(source, range, "+");
    if (parts.length > 1)
      return join(
        parts.map((part) => this.range(source, part)),
        placeOf(source, range.from),
      );
    const slashes = source.dialect.name === "python" ? split(source, range, "/") : [];
    if (slashes.length > 1)
      return join(
        slashes.map((part) => this.range(source, part)),
        placeOf(source, range.from),
        "/",
      );
    return this.chain(source, range);
  }

  /** One operand with all that is called, indexed or taken from it. */
  chain(source: Source, range: Range): readonly Value[] {
    let at = range.from;
    while (at < range.to && isPrefix(source.tokens[at], source.tokens[at + 1])) at++;
    const start = this.operand(source, at, range.to);
    if (!start) return [];
    let { values } = start;
    at = start.end;
    while (at < range.to) {
      const step = this.step(source, values, at, range);
      if (!step) break;
      values = step.values;
      at = step.end;
    }
    return values;
  }

  private operand(source: Source, at: number, to: number): Step | undefined {
    const token = source.tokens[at];
    if (!token || at >= to) return undefined;
    if (token.kind === "text") return this.literal(source, at, to);
    if (isSign(token, "(")) return { values: this.bracketed(source, at), end: after(source, at) };
    if (isSign(token, "[")) return { values: [this.list(source, at)], end: after(source, at) };
    if (isSign(token, "{")) return { values: [this.map(source, at)], end: after(source, at) };
    if (token.kind !== "word") return undefined;
    if (isWord(token, "map") && isSign(source.tokens[at + 1], "[")) return this.goMap(source, at, to);
    if (/^(self|this|cls)$/.test(token.value) && isSign(source.tokens[at + 1], "."))
      return this.own(source, at);
    return { values: lookup(this, source, token.value, at), end: at + 1 };
  }

  // Python: `("a", "b")` is a list, `("a")` is not.
  private bracketed(source: Source, open: number): readonly Value[] {
    const within = inside(source, open);
    const several = source.dialect.name === "python" && split(source, within).length > 1;
    return several ? [this.list(source, open)] : this.range(source, within);
  }

  private own(source: Source, at: number): Step {
    const name = source.tokens[at + 2]?.value ?? "";
    return { values: lookup(this, source, `self.${name}`, at), end: at + 3 };
  }

  private literal(source: Source, at: number, to: number): Step {
    let values: readonly Value[] = [{ is: "text", text: "", at: placeOf(source, at) }];
    let end = at;
    while (end < to && source.tokens[end]?.kind === "text") {
      values = join([values, this.text(source, end)], placeOf(source, at));
      end++;
    }
    return { values, end };
  }

  private text(source: Source, at: number): readonly Value[] {
    const token = source.tokens[at];
    if (!token) return [];
    if (!token.parts) return [{ is: "text", text: token.value, at: placeOf(source, at) }];
    const parts = token.parts.map((part): readonly Value[] => {
      if (typeof part === "string") return [{ is: "text", text: part, at: placeOf(source, at) }];
      const found = textsOf(this.hole(source, part, at));
      return found.length > 0 ? found : [{ is: "text", text: HOLE, at: placeOf(source, at) }];
    });
    return join(parts, placeOf(source, at));
  }

  // An expression in a literal is read as if it stood where the literal stands.
  private hole(source: Source, tokens: readonly Token[], at: number): readonly Value[] {
    const name = tokens.map(({ value }) => value).join("");
    if (!/^[\w.@]+$/.test(name) || this.depth >= MAX_DEPTH) return [];
    const [first = "", ...rest] = name.replace(/^(this|self|cls)\.|^@/, "self.").split(".");
    const start = first === "self" ? `self.${rest.shift() ?? ""}` : first;
    this.depth++;
    let values = lookup(this, source, start, at);
    for (const key of rest) values = values.flatMap((value) => this.attribute(source, value, key));
    this.depth--;
    return values;
  }

  private list(source: Source, open: number): Value {
    const items = split(source, inside(source, open)).flatMap((part) => this.range(source, part));
    return { is: "list", items: items.slice(0, 64) };
  }

  map(source: Source, open: number): Mapping {
    const entries = new Map<string, readonly Value[]>();
    for (const part of split(source, inside(source, open)).slice(0, 200)) {
      const key = keyOf(source, part, true);
      if (key) entries.set(key.name, this.range(source, key.value));
      else this.shorthand(source, part, entries);
    }
    return { is: "map", entries };
  }

  // `{ model }`, `{ ...defaults }` and `{ **defaults }`.
  private shorthand(source: Source, part: Range, entries: Map<string, readonly Value[]>): void {
    const first = source.tokens[part.from];
    if (first?.kind === "word" && part.to - part.from === 1)
      entries.set(first.value, this.range(source, part));
    if (!isSign(first, "...") && !isSign(first, "**")) return;
    for (const value of this.range(source, part))
      if (value.is === "map") for (const [key, below] of value.entries) entries.set(key, below);
  }

  private goMap(source: Source, at: number, to: number): Step | undefined {
    for (let index = at; index < to; ) {
      const end =
        isSign(source.tokens[index], "[") || isSign(source.tokens[index], "{")
          ? after(source, index)
          : index + 1;
      if (isSign(source.tokens[index], "{") && !isSign(source.tokens[end], "{"))
        return { values: [this.map(source, index)], end };
      index = end;
    }
    return undefined;
  }

  private step(source: Source, values: readonly Value[], at: number, range: Range): Step | undefined {
    const token = source.tokens[at];
    if (token?.kind !== "sign") return undefined;
    switch (token.value) {
      case ".":
      case "?.":
      case "&.":
      case "->":
      case "::":
        return this.member(source, values, at);
      case "(":
        return {
          values: this.call(source, values, { source, open: at, callee: { from: range.from, to: at } }),
          end: after(source, at),
        };
      case "[":
        return { values: this.index(source, values, at), end: after(source, at) };
      case "{":
        return {
          values: this.made(values, { source, open: at, callee: { from: range.from, to: at } }),
          end: after(source, at),
        };
      case "<":
        return this.generic(source, values, at);
      case "!":
      case "!!":
      case "?":
        return { values, end: at + 1 };
      default:
        return undefined;
    }
  }

  // `Maker<Of>(...)`: the type's arguments say nothing here.
  private generic(source: Source, values: readonly Value[], at: number): Step | undefined {
    for (let index = at + 1; index < at + 24; index++) {
      const token = source.tokens[index];
      if (isSign(token, ">") && /^[({.]$|^::$/.test(source.tokens[index + 1]?.value ?? ""))
        return { values, end: index + 1 };
      if (token?.kind !== "word" && !(token?.kind === "sign" && /^[.,<>?[\]|]$/.test(token.value)))
        return undefined;
    }
    return undefined;
  }

  private member(source: Source, values: readonly Value[], at: number): Step | undefined {
    const name = source.tokens[at + 1];
    if (isSign(name, "(") || isSign(name, "[") || isSign(name, "<")) return { values, end: at + 1 };
    if (name?.kind !== "word" && name?.kind !== "text") return undefined;
    return { values: values.flatMap((value) => this.attribute(source, value, name.value)), end: at + 2 };
  }

  attribute(source: Source, value: Value, name: string): readonly Value[] {
    if (value.is === "map") return value.entries.get(name) ?? [];
    if (value.is === "text") return [value];
    if (value.is !== "reference") return value.is === "list" ? value.items : [value];
    if (value.path.length >= MAX_PATH) return [value];
    const found = this.project.memberOf(this, source, value, name);
    return found.length > 0 ? found : [{ ...value, path: [...value.path, name] }];
  }

  private index(source: Source, values: readonly Value[], at: number): readonly Value[] {
    const within = inside(source, at);
    const keys = textsOf(this.range(source, within));
    // What a function is given may be any key, also where its preset is known.
    const any = keys.length === 0 || isParameter(source, within);
    return values.flatMap((value): readonly Value[] => {
      if (value.is === "list") return value.items;
      if (value.is === "map") {
        const own = keys.flatMap(({ text }) => value.entries.get(text) ?? []);
        return any ? [...own, ...[...value.entries.values()].flat()] : own;
      }
      if (value.is !== "reference") return [value];
      return (
        indexBuiltin(this, value, keys) ?? keys.flatMap(({ text }) => this.attribute(source, value, text))
      );
    });
  }

  private call(source: Source, values: readonly Value[], site: CallSite): readonly Value[] {
    return values.flatMap((value): readonly Value[] => {
      const known = callBuiltin(this, source, value, site);
      return known ?? this.made([value], site);
    });
  }

  private made(values: readonly Value[], site: CallSite): readonly Value[] {
    return values.map((value) =>
      value.is === "reference" && !value.made ? specialised(this, { ...value, made: site }) : value,
    );
  }
}

interface Step {
  values: readonly Value[];
  end: number;
}

/** Stands in a text for what is not known. */
export const HOLE = "\u0001";

const isPrefix = (token: Token | undefined, next: Token | undefined): boolean =>
  token !== undefined &&
  ((token.kind === "word" &&
    PREFIX.test(token.value) &&
    !(next?.kind === "sign" && /^[.=(]$/.test(next.value))) ||
    (token.kind === "sign" && PREFIX_SIGN.test(token.value)));

function join(parts: readonly (readonly Value[])[], at: Text["at"], between = ""): Value[] {
  let made: string[] = [""];
  let place: Text["at"] | undefined;
  for (const [index, part] of parts.entries()) {
    const texts = textsOf(part);
    if (texts.length === 0 && part.length > 0 && parts.length === 1) return [...part];
    place ??= texts.find(({ text }) => text !== "")?.at;
    const next = texts.length === 0 ? [HOLE] : texts.map(({ text }) => text);
    made = made
      .flatMap((start) => next.map((text) => start + (index > 0 ? between : "") + text))
      .slice(0, MAX_VALUES);
  }
  return made.map((text) => ({ is: "text", text, at: parts.length === 1 ? (place ?? at) : at }));
}

function unique(values: readonly Value[]): Value[] {
  const seen = new Set<string>();
  return values.filter((value) => {
    if (value.is !== "text" && value.is !== "reference") return true;
    const key = value.is === "text" ? `t${value.text}` : `r${value.path.join(".")}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}
