import { isEnvironment } from "./builtins.js";
import { type CallSite, findCalls } from "./calls.js";
import type { Evaluator } from "./evaluate.js";
import type { Callable } from "./functions.js";
import { languageOf } from "./language.js";
import { literalField } from "./literals.js";
import { presetOf } from "./options.js";
import { resolveModule } from "./resolve.js";
import { assignedValue } from "./scope.js";
import { readSource, type Source } from "./source.js";
import { isSign, isWord } from "./token.js";
import { entry, type Reference, type Value } from "./value.js";

/** What a project's files say beside its code: the values of variables, and configuration files. */
export interface Surroundings {
  readonly paths: readonly string[];
  read(path: string): string | undefined;
  variable(name: string): readonly Value[];
  config(path: string): Value | undefined;
  /** What configuration files have under these keys, one inside the other. */
  setting(keys: readonly string[]): readonly Value[];
}

const MAX_SOURCES = 4_000;

/** The source files of one tree, read when something asks for them, and how names lead from one to another. */
export class Project {
  private readonly sources = new Map<string, Source | undefined>();
  private readonly calls = new Map<Source, readonly CallSite[]>();
  private readonly byName = new Map<string, CallSite[]>();
  private readonly callers = new Map<Callable, readonly CallSite[]>();
  private derived: ReadonlyMap<string, readonly Derived[]> | undefined;
  private readonly resolved = new Map<string, string | undefined>();

  constructor(private readonly around: Surroundings) {}

  source(path: string): Source | undefined {
    if (this.sources.has(path) || this.sources.size >= MAX_SOURCES) return this.sources.get(path);
    const language = languageOf(path);
    const text = language ? this.around.read(path) : undefined;
    const source = language && text !== undefined ? readSource(path, text, language) : undefined;
    this.sources.set(path, source);
    return source;
  }

  /** The calls of a file; from then on they count as calls of what other files define. */
  callsIn(source: Source): readonly CallSite[] {
    const known = this.calls.get(source);
    if (known) return known;
    const found = findCalls(source);
    this.calls.set(source, found);
    for (const site of found) {
      const name = source.tokens[site.open - 1]?.value ?? "";
      const list = this.byName.get(name);
      if (list) list.push(site);
      else this.byName.set(name, [site]);
    }
    return found;
  }

  /** Calls in sight of something that `source` defines. */
  callsOf(source: Source, callable: Callable): readonly CallSite[] {
    const known = this.callers.get(callable);
    if (known) return known;
    const found = this.findCallers(source, callable);
    this.callers.set(callable, found);
    return found;
  }

  private findCallers(source: Source, callable: Callable): readonly CallSite[] {
    const constructs = /^(__init__|constructor|initialize|new)$/.test(callable.name);
    const name = constructs && callable.owner ? callable.owner : callable.name;
    if (name.length < 2) return [];
    // Everybody's names: only where nothing stands before them, in the file itself.
    const common = /^(get|set|run|main|call|invoke|execute|init|handler)$/.test(name);
    this.callsIn(source);
    const named = constructs && callable.owner ? this.superCalls(source, callable.owner) : [];
    return [...named, ...(this.byName.get(name) ?? [])]
      .filter((site) => !common || (site.source === source && !isSign(source.tokens[site.open - 2], ".")))
      .filter(
        (site) => site.source === source || named.includes(site) || this.reaches(site.source, source, name),
      )
      .filter(
        ({ source: at, open }) => at !== source || open < callable.body.from || open >= callable.body.to,
      )
      .slice(0, 16);
  }

  /** Classes that say that they are made of this one, in files that were read before anything asked. */
  subclasses(source: Source, { name }: Callable): readonly Derived[] {
    this.derived ??= derivedIn([...this.sources.values()]);
    return (this.derived.get(name) ?? []).filter(
      (one) => one.source === source || this.reaches(one.source, source, name),
    );
  }

  // `super().__init__(...)` and `super(...)` call the base's constructor.
  private superCalls(source: Source, owner: string): CallSite[] {
    const base = source.callables.find(({ kind, name }) => kind === "class" && name === owner);
    if (!base) return [];
    return this.subclasses(source, base).flatMap(({ source: other, callable: { body } }) =>
      this.callsIn(other).filter(
        ({ open }) =>
          body.from <= open &&
          open < body.to &&
          /^(__init__|super)$/.test(other.tokens[open - 1]?.value ?? "") &&
          !isSign(other.tokens[open + 1], ")"),
      ),
    );
  }

  private reaches(from: Source, to: Source, name: string): boolean {
    if (from.dialect.name !== to.dialect.name) return false;
    const path = from.imports.names.get(name);
    if (path) return this.find(from, path)?.path === to.path;
    for (const module of from.imports.modules) if (this.find(from, [module])?.path === to.path) return true;
    for (const imported of from.imports.names.values())
      if (this.find(from, imported)?.path === to.path) return true;
    return from.dialect.name !== "python" && from.dialect.name !== "javascript";
  }

  private find(from: Source, path: readonly string[]): { path: string; rest: readonly string[] } | undefined {
    for (let length = path.length; length > 0; length--) {
      const module = path.slice(0, length).join(from.dialect.name === "javascript" ? "/" : ".");
      const key = `${from.path}\0${module}`;
      if (!this.resolved.has(key)) this.resolved.set(key, resolveModule(from, module, this.around.paths));
      const found = this.resolved.get(key);
      if (found !== undefined && found !== from.path) return { path: found, rest: path.slice(length) };
    }
    return undefined;
  }

  imported(evaluator: Evaluator, source: Source, path: readonly string[]): readonly Value[] {
    const plain = path.filter((part, index) => index === 0 || part !== "default");
    const found = this.find(source, plain);
    const values = found ? this.exported(evaluator, found.path, found.rest) : [];
    return values.length > 0 ? values : [{ is: "reference", path: plain, known: true }];
  }

  private exported(evaluator: Evaluator, path: string, rest: readonly string[]): readonly Value[] {
    if (path.endsWith(".json")) return [this.around.config(path)].flatMap((value) => value ?? []);
    const other = this.source(path);
    if (!other) return [];
    const [name, ...more] = rest;
    if (name === undefined) return [{ is: "reference", path: [`file:${path}`], known: true }];
    let values = this.global(evaluator, other, name);
    for (const key of more) values = values.flatMap((value) => evaluator.attribute(other, value, key));
    return values;
  }

  /** What a file has under a name that is not inside a function. */
  global(evaluator: Evaluator, source: Source, name: string): readonly Value[] {
    const top = (source.assignments.get(name) ?? []).filter(({ scope }) => scope.from === 0);
    const values = top.flatMap((one) => assignedValue(evaluator, source, one));
    if (values.length > 0) return values;
    if (source.callables.some((callable) => callable.name === name))
      return [{ is: "reference", path: [`file:${source.path}`, name], known: true }];
    const exported = this.exports(evaluator, source, name);
    if (exported.length > 0) return exported;
    const imported = source.imports.names.get(name);
    return imported ? this.imported(evaluator, source, imported) : [];
  }

  /** `module.exports = { name: ... }`, `exports.name = ...` and `export default { name: ... }`. */
  private exports(evaluator: Evaluator, source: Source, name: string): readonly Value[] {
    if (source.dialect.name !== "javascript") return [];
    const own = ["module.exports", "exports"].flatMap(
      (root) => source.assignments.get(`${root}.${name}`) ?? [],
    );
    const whole = (source.assignments.get("module.exports") ?? []).map(({ value }) => value);
    const at = source.tokens.findIndex(
      (token, index) => isWord(token, "default") && isWord(source.tokens[index - 1], "export"),
    );
    if (at >= 0) whole.push({ from: at + 1, to: evaluator.statementEnd(source, at + 1) });
    const maps = whole.flatMap((range) => evaluator.range(source, range));
    return [...own.flatMap((one) => assignedValue(evaluator, source, one)), ...entry(maps, [name], 0)];
  }

  member(evaluator: Evaluator, source: Source, path: readonly string[], name: string): readonly Value[] {
    const found = this.find(source, path);
    const other = found ? this.source(found.path) : undefined;
    return other
      ? this.global(evaluator, other, name).filter((value) => value.is !== "reference" || value.known)
      : [];
  }

  /** An attribute of something of this project: a module's global, a class's field, an option, a setting. */
  memberOf(evaluator: Evaluator, source: Source, value: Reference, name: string): readonly Value[] {
    const [root = ""] = value.path;
    if (root.startsWith("file:"))
      return this.inFile(evaluator, root.slice("file:".length), value.path.slice(1), name);
    if (isEnvironment(value.path)) return this.around.variable(name);
    if (root === "omegaconf") return this.around.setting([...value.path.slice(2), name]);
    const local = value.known ? [] : this.ofLocalClass(evaluator, source, value.path, name);
    if (local.length > 0) return local;
    const set = value.known ? [] : literalField(evaluator, source, name);
    if (set.length > 0) return set;
    const option = presetOf(evaluator, source, value, name);
    if (option.length > 0) return option;
    if (!SETTINGS.test(value.path.at(-1) ?? "") && !(SETTINGS.test(root) && !value.known)) return [];
    const field = fieldNamed(evaluator, source, name);
    return field.length > 0 ? field : this.around.setting([...value.path.slice(1), name]);
  }

  private inFile(
    evaluator: Evaluator,
    path: string,
    rest: readonly string[],
    name: string,
  ): readonly Value[] {
    const source = this.source(path);
    if (!source) return [];
    const own = rest.at(-1);
    const owner = source.callables.find((callable) => callable.name === own && callable.kind === "class");
    if (!owner && own !== undefined) return [];
    const declared = (source.assignments.get(name) ?? []).concat(
      source.assignments.get(`self.${name}`) ?? [],
    );
    const here = declared.filter(({ at }) => !owner || (owner.body.from <= at && at < owner.body.to));
    const values = here.flatMap((one) => assignedValue(evaluator, source, one));
    return values.length > 0 || owner ? values : this.global(evaluator, source, name);
  }

  private ofLocalClass(
    evaluator: Evaluator,
    source: Source,
    path: readonly string[],
    name: string,
  ): readonly Value[] {
    const last = path.at(-1);
    if (!source.callables.some((callable) => callable.kind === "class" && callable.name === last)) return [];
    return this.inFile(evaluator, source.path, [last ?? ""], name);
  }

  /** What a function of the project gives back: what follows its `return`s. */
  returned(evaluator: Evaluator, source: Source, value: Reference): readonly Value[] | undefined {
    const [root = "", ...rest] = value.path;
    const file = root.startsWith("file:") ? this.source(root.slice("file:".length)) : source;
    const name = root.startsWith("file:") ? rest.at(-1) : value.path.at(-1);
    if (!file || (value.known && file === source && !root.startsWith("file:"))) return undefined;
    const callable = file.callables.find((one) => one.kind === "function" && one.name === name);
    if (!callable) return undefined;
    const values = returns(evaluator, file, callable);
    return values.length > 0 ? values : undefined;
  }

  /** A name that another file of the same package defines. */
  sibling(evaluator: Evaluator, source: Source, name: string): readonly Value[] | undefined {
    const language = source.dialect.name;
    if (source.callables.some((callable) => callable.name === name)) return undefined;
    if (!/^[A-Z]/.test(name) && language !== "go") return undefined;
    if (language === "python" || language === "javascript") return undefined;
    const directory = source.path.slice(0, source.path.lastIndexOf("/") + 1);
    const extension = source.path.slice(source.path.lastIndexOf("."));
    const file = this.around.paths.find((path) =>
      language === "go"
        ? path.startsWith(directory) &&
          path.endsWith(extension) &&
          path !== source.path &&
          !path.slice(directory.length).includes("/") &&
          this.defines(path, name)
        : baseName(path) === `${language === "ruby" ? snake(name) : name}${extension}` &&
          path !== source.path,
    );
    if (file === undefined) return undefined;
    if (language !== "go") return [{ is: "reference", path: [`file:${file}`, name], known: true }];
    const other = this.source(file);
    const values = other ? this.global(evaluator, other, name) : [];
    return values.length > 0 ? values : undefined;
  }

  private defines(path: string, name: string): boolean {
    return this.source(path)?.assignments.has(name) === true;
  }

  variable(name: string): readonly Value[] {
    const values = this.around.variable(name);
    return values.length > 0 ? values : [{ is: "variable", name }];
  }

  config(path: string): Value | undefined {
    return this.around.config(path);
  }
}

/** Names under which programs keep what they were told. */
const SETTINGS =
  /(^|_)(args|arguments|cfg|conf|config|settings|params|hparams|opts|parse_args_into_dataclasses|parse_json_file)$/i;

// `model_args.model_name`, where the parser fills a class of the same file: the class's field has the default.
const fieldNamed = (evaluator: Evaluator, source: Source, name: string): readonly Value[] =>
  (source.assignments.get(name) ?? [])
    .filter(({ at }) =>
      source.callables.some(({ kind, body }) => kind === "class" && body.from <= at && at < body.to),
    )
    .flatMap((one) => assignedValue(evaluator, source, one))
    .filter(({ is }) => is === "text");

/** A class, and the file that it is in. */
interface Derived {
  readonly source: Source;
  readonly callable: Callable;
}

/** Classes by what their heads name: `class A(B)`, `class A extends B`, `class A : B`. */
function derivedIn(sources: readonly (Source | undefined)[]): ReadonlyMap<string, readonly Derived[]> {
  const found = new Map<string, Derived[]>();
  const known = sources.filter((source) => source !== undefined);
  for (const one of known.flatMap(classesOf))
    for (const base of basesOf(one.source, one.callable)) {
      const list = found.get(base);
      if (list) list.push(one);
      else found.set(base, [one]);
    }
  return found;
}

const classesOf = (source: Source): Derived[] =>
  source.callables.flatMap((callable) => (callable.kind === "class" ? [{ source, callable }] : []));

function basesOf({ tokens }: Source, { name, body }: Callable): readonly string[] {
  const found = new Set<string>();
  for (let at = body.from - 1; at > 0 && at > body.from - 16; at--) {
    const token = tokens[at];
    if (token?.kind === "word" && token.value === name) break;
    if (token?.kind === "word") found.add(token.value);
  }
  return [...found];
}

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

const snake = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();

function returns(evaluator: Evaluator, source: Source, { body }: Callable): readonly Value[] {
  const found: Value[] = [];
  for (let at = body.from; at < body.to; at++) {
    if (!isWord(source.tokens[at], "return")) continue;
    found.push(
      ...evaluator.range(source, {
        from: at + 1,
        to: Math.min(body.to, evaluator.statementEnd(source, at + 1)),
      }),
    );
    if (found.length > 8) break;
  }
  if (found.length > 0 || source.dialect.name === "python") return found;
  return evaluator.range(source, { from: lastStatement(source, body.from, body.to), to: body.to });
}

// Arrow functions, Kotlin's `=`, Rust's and Ruby's last expression.
function lastStatement(source: Source, from: number, to: number): number {
  let start = from;
  for (let at = from; at < to; at++) {
    const nested = (source.brackets.enclosing[at] ?? -1) >= from;
    const token = source.tokens[at];
    if (nested || !token) continue;
    if (token.first && source.tokens[at - 1]?.value !== "." && token.value !== "." && token.value !== "end")
      start = at;
  }
  return start;
}
