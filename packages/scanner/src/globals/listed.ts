import type { ArgumentCheck, Judgement } from "./judgement.js";
import { LISTS } from "./lists.js";

/** One list as `lists.ts` holds it: names are words of a text. */
interface List {
  packages: string;
  allow: [module: string, names: string, reason: string, check?: ArgumentCheck][];
  pure: string;
  constructors: string;
  dangerous: [reason: string, names: string][];
  gadgets: string;
  escapes: string;
  vendored: string;
  borrowed: string;
}

export interface Names {
  /** Exact names that are safe. */
  allowed: Map<string, Judgement>;
  /** Names and prefixes of names that are dangerous, with what they do. */
  dangerous: Map<string, string>;
  /** Classes among them that act when they only exist: in `__setstate__`, `__setattr__` or `__del__`. */
  gadgets: Set<string>;
  /** Top-level packages of frameworks that the lists know. */
  packages: Set<string>;
  /** Modules (or single classes) whose classes may be called with plain data, as their own `__reduce__` does. */
  constructors: Set<string>;
  /** Modules of the standard library whose functions compute from their arguments only. */
  pure: Set<string>;
  /** Path components that lead out of the module that an allow list names. */
  escapes: Set<string>;
  /** Path components after which a copy of a dangerous module may follow. */
  vendored: Set<string>;
  /** Classes of other libraries that modules of frameworks import, so that they can be named there. */
  borrowed: Set<string>;
}

let names: Names | undefined;

/** Every list in one index, made when the first name is judged. */
export function listedNames(): Names {
  names ??= index(LISTS.map((text): List => JSON.parse(text)));
  return names;
}

function words(text: string): string[] {
  return text === "" ? [] : text.split(" ");
}

function index(lists: readonly List[]): Names {
  const all = (pick: (list: List) => string): Set<string> =>
    new Set(lists.flatMap((list) => words(pick(list))));
  return {
    allowed: new Map(lists.flatMap(allowedBy)),
    dangerous: new Map(lists.flatMap(dangerousBy)),
    gadgets: all(({ gadgets }) => gadgets),
    packages: all(({ packages }) => packages),
    constructors: all(({ constructors }) => constructors),
    pure: all(({ pure }) => pure),
    escapes: all(({ escapes }) => escapes),
    vendored: all(({ vendored }) => vendored),
    borrowed: all(({ borrowed }) => borrowed),
  };
}

function allowedBy({ packages, allow }: List): [string, Judgement][] {
  const origin = packages === "" ? "python" : "framework";
  return allow.flatMap(([module, names, reason, check]) => {
    const judgement: Judgement = { level: "safe", origin, reason, ...(check ? { check } : {}) };
    return words(names).map((name): [string, Judgement] => [`${module}.${name}`, judgement]);
  });
}

function dangerousBy({ dangerous }: List): [string, string][] {
  return dangerous.flatMap(([reason, names]) => words(names).map((name): [string, string] => [name, reason]));
}
