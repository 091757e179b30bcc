import { modernName } from "./compat.js";
import type { Judgement } from "./judgement.js";
import { listedNames } from "./listed.js";
import { STDLIB, STDLIB_PACKAGES } from "./stdlib-modules.js";

const DUNDER = /^__\w+__$/;
/** The start of the last component of a class, as Python writes it. */
const CAMEL = /^_*[A-Z]/;
const EXCEPTION =
  /^([A-Z]\w*(Error|Exception|Warning|Exit|Interrupt|Iteration|ExceptionGroup|Group)|Exception|Warning)$/;
/** Names that exceptions have outside `builtins`, where a class of another kind may end in `Group`. */
const ERROR = /^_?[A-Z]\w*(Error|Exception|Warning)$/;
/** A member of an enumeration, as `Class.MEMBER` names it. */
const MEMBER = /^[A-Z][A-Z0-9_]*$/;
const IDENTIFIER = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/**
 * Judges a name that a pickle imports. Allow lists are exact; dotted names are followed part by part, because each part
 * may lead out of the module (`torch` + `os.system`).
 */
export function classify(module: string, name: string): Judgement {
  if (isTooLong(module, name)) return tooLong(`${module}.${name}`);
  const modern = modernName(module, name);
  const judged = classifyModern(modern.module, modern.name);
  if (modern.module === module || judged.level === "dangerous" || ERROR.test(name)) return judged;
  // A value's class, as Python 3 names it for Python 2 (`commands.CompletedProcess`).
  if (judged.level === "safe" && CAMEL.test(name) && looksLikeClass(name)) return judged;
  const reason = dangerousModule(module);
  return reason ? { level: "dangerous", origin: "python", reason } : judged;
}

/** More than any name that a pickler writes. */
const LONGEST = 4096;
const MOST_PARTS = 64;

/** Judging a name takes the time of its length times its parts, and `getattr` makes it longer again and again. */
export function isTooLong(module: string, name: string): boolean {
  if (module.length + name.length > LONGEST) return true;
  let parts = 2;
  for (let at = name.indexOf("."); at >= 0; at = name.indexOf(".", at + 1)) parts++;
  for (let at = module.indexOf("."); at >= 0; at = module.indexOf(".", at + 1)) parts++;
  return parts > MOST_PARTS;
}

/** Attributes of attributes hide what they lead to; a long text without them is the name of nothing. */
function tooLong(path: string): Judgement {
  const reason = "is longer than any name that a pickler writes";
  const parts = path.split(".");
  const walks = parts.length > MOST_PARTS && parts.every((part) => IDENTIFIER.test(part));
  return { level: walks ? "dangerous" : "unproven", origin: "other", reason };
}

/** Copies of cloudpickle that other packages bring. */
const CLOUDPICKLE =
  /^(numba|ray|srsly|pyspark|sky|((sklearn\.externals\.)?joblib|loky)\.externals|sklearn\.externals\.joblib\.externals)\.cloudpickle(?=\.|$)/;

function classifyModern(module: string, name: string): Judgement {
  const canonical = module.replace(/^numpy\._core(?=\.|$)/, "numpy.core").replace(CLOUDPICKLE, "cloudpickle");
  const path = `${canonical}.${name}`;
  const allowed = listedNames().allowed.get(path);
  if (allowed) return allowed;
  if (!path.split(".").every((part) => IDENTIFIER.test(part))) {
    return { level: "unproven", origin: "other", reason: "is no importable name" };
  }
  if (name.endsWith(".__new__")) return classifyNew(canonical, name.slice(0, -8));
  const harmless = memberOrError(canonical, name);
  if (harmless !== undefined) return { level: "safe", origin: originOf(canonical), reason: harmless };
  const reason = dangerousName(path, canonical) ?? escapes(canonical, name) ?? borrowed(canonical, name);
  if (reason !== undefined) {
    const instances =
      isFramework(canonical) && CAMEL.test(name) && /^\w+$/.test(name) && !listedNames().gadgets.has(path);
    return { level: "dangerous", origin: originOf(canonical), reason, ...(instances ? { instances } : {}) };
  }
  if (isFramework(canonical)) return classifyFramework(canonical, name);
  if (isStdlib(canonical)) return classifyPython(canonical, name);
  return { level: "unknown", origin: "other", reason: "belongs to a package that the scanner does not know" };
}

function isFramework(module: string): boolean {
  return listedNames().packages.has(module.split(".", 1)[0] ?? "");
}

function memberOrError(module: string, name: string): string | undefined {
  const dot = name.lastIndexOf(".");
  if (dot > 0 && MEMBER.test(name.slice(dot + 1))) {
    const allowed = listedNames().allowed.has(`${module}.${name.slice(0, dot)}`);
    return allowed ? "a member of a class that is allowed" : undefined;
  }
  const known = isStdlib(module) || isFramework(module) || dangerousModule(module) !== undefined;
  return known && ERROR.test(name) ? "an exception that is made, not raised" : undefined;
}

/** `Class.__new__` makes an empty instance of the class that comes first, as NEWOBJ does. */
function classifyNew(module: string, name: string): Judgement {
  const judged = classifyModern(module, name);
  if (judged.level === "dangerous" || !looksLikeClass(name)) return { ...judged, level: "dangerous" };
  return { level: "safe", origin: judged.origin, reason: "makes an empty instance", check: "class-first" };
}

function originOf(module: string): Judgement["origin"] {
  return isStdlib(module) ? "python" : "other";
}

/** `code.models` is no part of Python: `code` is a single module there, so the package is somebody's own. */
function isStdlib(module: string): boolean {
  const dot = module.indexOf(".");
  if (dot < 0) return STDLIB.has(module);
  const top = module.slice(0, dot);
  return STDLIB.has(top) && STDLIB_PACKAGES.has(top);
}

/** The name itself or any prefix of it, so that `eval.__call__` is still `eval`. */
function dangerousName(path: string, module: string): string | undefined {
  const { dangerous } = listedNames();
  for (let end = path.length; end > 0; end = path.lastIndexOf(".", end - 1)) {
    const prefix = path.slice(0, end);
    const reason = dangerous.get(prefix);
    if (reason !== undefined && (prefix.includes(".") || !isOnesOwn(module))) return reason;
  }
  return undefined;
}

function dangerousModule(module: string): string | undefined {
  return isOnesOwn(module) ? undefined : listedNames().dangerous.get(module.split(".", 1)[0] ?? "");
}

/** A package that bears the name of a single module of Python, so that no Python would import it from there. */
function isOnesOwn(module: string): boolean {
  return STDLIB.has(module.split(".", 1)[0] ?? "") && !isStdlib(module);
}

function escapes(module: string, name: string): string | undefined {
  const lists = listedNames();
  for (const part of name.split(".")) {
    if (lists.escapes.has(part)) return `leads to \`${part}\``;
    if (DUNDER.test(part) && part !== "__name__") return `reads \`${part}\``;
  }
  const [top, ...rest] = module.split(".");
  if (rest.some((part) => lists.vendored.has(part)) && top !== "os")
    return "is a copy of a module that reaches the system";
  const moves = module.indexOf("six.moves");
  if (moves < 0) return undefined;
  const judged = classify(module.slice(moves + 10) || "builtins", name);
  return judged.level === "safe" ? undefined : "is another name for a part of Python";
}

/** `sklearn.callback._transport.Listener` is the standard library's: its own pickles name it there. */
function borrowed(module: string, name: string): string | undefined {
  const [first = ""] = name.split(".", 1);
  if (!isFramework(module) || !listedNames().borrowed.has(first)) return undefined;
  return "is a class of another library that acts when it is made or used";
}

function classifyFramework(module: string, name: string): Judgement {
  if (name.startsWith("__pyx_unpickle_")) {
    return { level: "safe", origin: "framework", reason: "an empty Cython object", check: "class-first" };
  }
  if (CAMEL.test(name) && !/\.[a-z]/.test(name) && isConstructor(`${module}.${name}`)) {
    return { level: "class", origin: "framework", reason: "a class that its own pickles make" };
  }
  return { level: "unproven", origin: "framework", reason: "is on no allow list" };
}

function isConstructor(path: string): boolean {
  const { constructors } = listedNames();
  for (let end = path.length; end > 0; end = path.lastIndexOf(".", end - 1)) {
    if (constructors.has(path.slice(0, end))) return true;
  }
  return false;
}

function classifyPython(module: string, name: string): Judgement {
  if (module === "builtins" && EXCEPTION.test(name)) {
    return { level: "safe", origin: "python", reason: "an exception that is made, not raised" };
  }
  if (module === "typing" && /^[A-Z]\w*$/.test(name) && name !== "ForwardRef") {
    return { level: "safe", origin: "python", reason: "describes a type" };
  }
  if (listedNames().pure.has(module) && !name.includes(".")) {
    return { level: "safe", origin: "python", reason: "computes from its arguments only" };
  }
  return { level: "unproven", origin: "python", reason: "is on no allow list" };
}

/** Whether the last component reads as a class. */
export function looksLikeClass(name: string): boolean {
  return CAMEL.test(name.slice(name.lastIndexOf(".") + 1));
}
