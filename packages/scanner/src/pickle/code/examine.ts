import type { Budget } from "../../core/limits.js";
import { type Value as Known, UNKNOWN } from "../../expression/value.js";
import { builtinPath } from "../../formats/python/calls.js";
import { STDLIB } from "../../globals/stdlib-modules.js";
import { type Call, Dict, Global, type Value } from "../value.js";
import { type CarriedFunction, contentsOf } from "./carried.js";
import type { CodeObject } from "./code-object.js";
import { codeOf, known } from "./constants.js";
import type { Deed } from "./deeds.js";
import { isSystem } from "./deeds.js";
import { BadCode, type Surroundings } from "./frame.js";
import { decode } from "./instructions.js";
import { CodeListener } from "./listener.js";
import { knownVersions, type Version } from "./versions.js";

/** What was seen of a function, for the versions of Python whose bytecode it can be. */
export interface Seen {
  name: string;
  deeds: readonly Deed[];
  unproven: readonly string[];
  called: ReadonlySet<string>;
  methods: ReadonlySet<string>;
  /** No known version could have compiled it: why not. */
  bad?: string;
  /** Its opcodes are those of no known version. */
  unread?: true;
}

/** A value of the globals of a function; the last dictionary that has it counts. */
function globalOf(parts: CarriedFunction | undefined, name: string): Value | undefined {
  for (const globals of parts?.globals.toReversed() ?? []) {
    const value = globals instanceof Dict ? globals.get(name) : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Where the file says what stands for Python's own functions: a name that nothing else defines is looked up there. */
function substituted(parts: CarriedFunction | undefined, name: string): Known | undefined {
  const space = globalOf(parts, "__builtins__");
  if (space instanceof Dict) {
    const value = space.get(name);
    return value === undefined ? undefined : known(value);
  }
  if (!(space instanceof Global) || /^(builtins|__builtin__)(\.__dict__)?$/.test(space.path))
    return undefined;
  return { kind: "path", path: `${space.path.replace(/\.__dict__$/, "")}.${name}` };
}

/** A name in a namespace that the file does not carry: that of the program that loads it, or of a module. */
function elsewhere(parts: CarriedFunction | undefined, name: string): Known | undefined {
  const space = parts?.globals.find((one) => one instanceof Global);
  if (!(space instanceof Global)) return undefined;
  const module =
    /^(?:(?:builtins|__builtin__)\.)?([\w.]+?)(?:\.__dict__)?$/.exec(space.path)?.[1] ?? space.path;
  if (builtinPath(name) !== undefined && !isSystem(module)) return undefined;
  if (module !== "__main__") return { kind: "path", path: `${module}.${name}` };
  // What that program most likely imported under this name.
  if (STDLIB.has(name)) return { kind: "path", path: name };
  return BUILTIN.test(name) ? undefined : UNKNOWN;
}

/** Names that mean Python's own functions unless the namespace says otherwise. */
const BUILTIN = /^(__\w+__|[A-Z]\w*(Error|Exception|Warning))$/;

function around(code: CodeObject, parts: CarriedFunction | undefined, budget: Budget): Surroundings {
  const defaults = parts?.defaults ?? [];
  const closure = contentsOf(parts?.closure ?? []);
  const names = new Map<string, Known | undefined>();
  const free = new Map(code.free.map((name, at) => [name, closure[at]]));
  const first = code.positional - defaults.length;
  const given = new Map(
    code.variables.slice(0, code.arguments).map((name, at) => {
      const ordinary = at < code.positional ? defaults[at - first] : undefined;
      return [name, parts?.given?.[at] ?? ordinary];
    }),
  );
  return {
    global: (name) => {
      if (names.has(name)) return names.get(name);
      budget.step(256);
      const value = globalOf(parts, name);
      const found = value === undefined ? (substituted(parts, name) ?? elsewhere(parts, name)) : known(value);
      names.set(name, found);
      return found;
    },
    free: (name) => knownOr(free.get(name)),
    argument: (name) => knownOr(given.get(name)),
  };
}

function knownOr(value: Value | undefined): Known | undefined {
  return value === undefined ? undefined : known(value);
}

/** Follows a code object as every version that could have compiled it. */
export function examineCode(made: Call, parts: CarriedFunction | undefined, budget: Budget): Seen {
  const code = codeOf(made);
  if (!code) return { ...NONE, name: "", bad: "no code object" };
  const listeners: CodeListener[] = [];
  const bad: string[] = [];
  for (const version of knownVersions()) {
    if (version.number < code.versions[0] || version.number > code.versions[1]) continue;
    const seen = followAs(code, version, parts, budget);
    if (typeof seen === "string") bad.push(seen);
    else if (seen) listeners.push(seen);
  }
  const [why] = bad;
  if (listeners.length === 0)
    return { ...NONE, name: code.name, ...(why === undefined ? { unread: true } : { bad: why }) };
  return {
    name: code.name,
    deeds: listeners.flatMap(({ deeds }) => [...deeds.values()]),
    unproven: listeners.flatMap(({ unproven }) => [...unproven]),
    called: new Set(listeners.flatMap(({ called }) => [...called])),
    methods: new Set(listeners.flatMap(({ methods }) => [...methods])),
  };
}

/** What was heard, or why no compiler of that version wrote it; undefined when it is not of that version. */
function followAs(
  code: CodeObject,
  version: Version,
  parts: CarriedFunction | undefined,
  budget: Budget,
): CodeListener | string | undefined {
  if (!decode(code, version))
    return beginsAs(code, version) ? "instructions that only the interpreter itself writes" : undefined;
  const listener = new CodeListener(budget, version);
  try {
    listener.follow(code, around(code, parts, budget));
    listener.finish();
    return listener;
  } catch (error) {
    if (error instanceof BadCode) return error.message;
    throw error;
  }
}

/** Whether code from 3.11 on begins with the RESUME of a version: another number stands there in every other. */
function beginsAs({ bytecode }: CodeObject, { number, opcodes }: Version): boolean {
  if (number < 311) return false;
  for (let at = 0; at < Math.min(64, bytecode.length); at += 2) {
    const name = opcodes[bytecode[at] ?? 0]?.name;
    if (name === "RESUME") return bytecode[at + 1] === 0;
    if (name === undefined || !/^(COPY_FREE_VARS|MAKE_CELL|RETURN_GENERATOR|POP_TOP)$/.test(name))
      return false;
  }
  return false;
}

const NONE: Omit<Seen, "name"> = { deeds: [], unproven: [], called: new Set(), methods: new Set() };
