import type { Assignment } from "./assignments.js";
import { argumentsOf } from "./calls.js";
import type { Evaluator } from "./evaluate.js";
import type { Callable, Parameter } from "./functions.js";
import type { Source } from "./source.js";
import { entry, type Reference, type Value } from "./value.js";
import type { Range } from "./words.js";

/** What a name stands for at a place in a file: the nearest scope wins, then parameters, imports and the project. */
export function lookup(evaluator: Evaluator, source: Source, name: string, at: number): readonly Value[] {
  const assigned = nearest(source.assignments.get(name) ?? [], at);
  const parameter = parameterAt(source, name, at);
  const local = assigned.length > 0 && (!parameter || within(assigned[0]?.scope, parameter.callable.body));
  if (local) {
    const values = assigned.flatMap((one) => assignedValue(evaluator, source, one));
    if (values.length > 0) return [...values, ...(parameter ? passed(evaluator, source, parameter) : [])];
  }
  if (parameter) {
    const values = passed(evaluator, source, parameter);
    if (values.length > 0) return values;
  }
  if (name.startsWith("self.")) return field(evaluator, source, name, at);
  return outer(evaluator, source, name);
}

function outer(evaluator: Evaluator, source: Source, name: string): readonly Value[] {
  const imported = source.imports.names.get(name);
  if (imported) return evaluator.project.imported(evaluator, source, imported);
  if (source.callables.some((callable) => callable.name === name))
    return [{ is: "reference", path: [`file:${source.path}`, name], known: true }];
  const own = classField(evaluator, source, name);
  if (own.length > 0) return own;
  return (
    evaluator.project.sibling(evaluator, source, name) ?? [{ is: "reference", path: [name], known: false }]
  );
}

const within = (inner: Range | undefined, outerRange: Range): boolean =>
  inner !== undefined && inner.from >= outerRange.from && inner.to <= outerRange.to;

function nearest(assignments: readonly Assignment[], at: number): Assignment[] {
  const visible = assignments.filter(({ scope }) => scope.from <= at && at < scope.to);
  const size = Math.min(...visible.map(({ scope }) => scope.to - scope.from));
  const here = visible.filter(({ scope }) => scope.to - scope.from === size);
  const before = here.filter((one) => one.at < at);
  return (before.length > 0 ? before : here).slice(-8);
}

export function assignedValue(
  evaluator: Evaluator,
  source: Source,
  { value, take }: Assignment,
): readonly Value[] {
  const values = evaluator.range(source, value);
  if (take === undefined) return values;
  if (take === "items") return values.flatMap(itemsOf);
  const taken = entry(values, [take], 0);
  return taken.length > 0 ? taken : values.flatMap((one) => evaluator.attribute(source, one, take));
}

function itemsOf(value: Value): readonly Value[] {
  if (value.is === "list") return value.items;
  return value.is === "map" ? [...value.entries.values()].flat() : [];
}

interface Bound {
  callable: Callable;
  parameter: Parameter;
  position: number;
}

function parameterAt(source: Source, name: string, at: number): Bound | undefined {
  let best: Bound | undefined;
  for (const callable of source.callables) {
    if (at < callable.body.from || at >= callable.body.to) continue;
    const position = callable.parameters.findIndex((parameter) => parameter.name === name);
    const parameter = callable.parameters[position];
    if (!parameter || (best && size(best.callable) <= size(callable))) continue;
    best = { callable, parameter, position };
  }
  return best;
}

/** Whether a range is nothing but the name of a parameter of the function around it. */
export function isParameter(source: Source, { from, to }: Range): boolean {
  const token = source.tokens[from];
  return to - from === 1 && token?.kind === "word" && parameterAt(source, token.value, from) !== undefined;
}

const size = ({ body }: Callable): number => body.to - body.from;

/** What a parameter gets: its preset, what the calls in sight pass, or else what its type says. */
function passed(
  evaluator: Evaluator,
  source: Source,
  { callable, parameter, position }: Bound,
): readonly Value[] {
  const values = parameter.preset ? [...evaluator.range(source, parameter.preset)] : [];
  for (const site of evaluator.project.callsOf(source, callable)) {
    const { named, positional } = argumentsOf(site.source, site.open);
    const receiver =
      callable.parameters[0]?.name === "self" || callable.parameters[0]?.name === "cls" ? 1 : 0;
    const range = named.get(parameter.name) ?? positional[position - receiver];
    if (range) values.push(...evaluator.range(site.source, range));
    else values.push(...evaluator.named(site, [parameter.name], 0));
  }
  if (values.length > 0) return values;
  return parameter.type ? typed(evaluator, source, parameter.type) : [];
}

// A parameter of a client's type is as good as the client.
function typed(evaluator: Evaluator, source: Source, type: Range): Reference[] {
  for (let at = type.from; at < type.to; at++) {
    const token = source.tokens[at];
    if (token?.kind !== "word" || /^(Optional|Annotated|const|readonly|List|Arc|Box)$/.test(token.value))
      continue;
    let to = at + 1;
    while (to + 1 < type.to && /^(\.|::)$/.test(source.tokens[to]?.value ?? "")) to += 2;
    return evaluator
      .chain(source, { from: at, to })
      .filter((value) => value.is === "reference" && value.known) as Reference[];
  }
  return [];
}

function field(evaluator: Evaluator, source: Source, name: string, at: number): readonly Value[] {
  const plain = name.slice("self.".length);
  const assigned = (source.assignments.get(plain) ?? []).filter(({ scope }) => scope.from === 0);
  const values = assigned.flatMap((one) => assignedValue(evaluator, source, one));
  if (values.length > 0) return values;
  for (const callable of source.callables) {
    const position = callable.parameters.findIndex((parameter) => parameter.name === plain);
    const parameter = callable.parameters[position];
    if (
      !parameter ||
      !(callable.kind === "class" || /^(constructor|__init__|initialize)$/.test(callable.name))
    )
      continue;
    const found = passed(evaluator, source, { callable, parameter, position });
    if (found.some(says) || (found.length > 0 && !TELLING.test(plain))) return found;
  }
  const typedField = classField(evaluator, source, plain);
  if (typedField.length > 0) return typedField;
  const inherited = inheritedField(evaluator, source, plain, at);
  if (inherited.length > 0) return inherited;
  const overridden = overriddenField(evaluator, source, plain, at);
  return overridden.length > 0 ? overridden : [{ is: "reference", path: ["self", plain], known: false }];
}

/** Fields that are worth a look at all the classes of a project. */
const TELLING = /model|llm|engine|deploy|repo|checkpoint|ckpt|weights|embed/i;

// `None`, and a name whose origin is out of sight, say nothing.
const says = (value: Value): boolean => value.is !== "reference" || value.known;

const classAround = (source: Source, at: number): Callable | undefined =>
  source.callables.find(({ kind, body }) => kind === "class" && body.from <= at && at < body.to);

// A base class reads what each class made of it sets.
function overriddenField(evaluator: Evaluator, source: Source, name: string, at: number): readonly Value[] {
  const owner = TELLING.test(name) ? classAround(source, at) : undefined;
  if (!owner) return [];
  return evaluator.project.subclasses(source, owner).flatMap(({ source: other, callable: { body } }) => {
    const declared = [name, `self.${name}`].flatMap((one) => other.assignments.get(one) ?? []);
    return declared
      .filter((one) => body.from <= one.at && one.at < body.to)
      .flatMap((one) => assignedValue(evaluator, other, one));
  });
}

// A field of a base class in another file of the project.
function inheritedField(evaluator: Evaluator, source: Source, name: string, at: number): readonly Value[] {
  const owner = classAround(source, at);
  if (!owner) return [];
  for (let index = owner.body.from - 2; index > 0 && index > owner.body.from - 16; index--) {
    const token = source.tokens[index];
    if (token?.kind !== "word") continue;
    if (token.value === owner.name) return [];
    const imported = source.imports.names.get(token.value);
    const found = imported ? evaluator.project.member(evaluator, source, imported, name) : [];
    if (found.length > 0) return found;
  }
  return [];
}

/** A field that is declared with a type and no value: `private final ChatClient client;`. */
function classField(evaluator: Evaluator, source: Source, name: string): readonly Value[] {
  const { dialect, tokens, callables } = source;
  if (dialect.name !== "java" && dialect.name !== "csharp" && dialect.name !== "kotlin") return [];
  for (const callable of callables) {
    if (callable.kind !== "class") continue;
    const position = callable.parameters.findIndex((parameter) => parameter.name === name);
    const parameter = callable.parameters[position];
    if (parameter) return passed(evaluator, source, { callable, parameter, position });
  }
  for (let index = 1; index < tokens.length; index++) {
    if (tokens[index]?.value !== name || tokens[index]?.kind !== "word") continue;
    const type = tokens[index - 1];
    const end = tokens[index + 1]?.value ?? "";
    if (type?.kind !== "word" || !/^\p{Lu}/u.test(type.value) || !/^[;=,)]$/.test(end)) continue;
    return typed(evaluator, source, { from: index - 1, to: index });
  }
  return [];
}
