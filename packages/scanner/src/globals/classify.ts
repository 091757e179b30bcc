import { modernName } from "./compat.js";
import { DANGEROUS_MODULES, DANGEROUS_NAMES, ESCAPES, VENDORED } from "./dangerous.js";
import { NUMPY } from "./frameworks/numpy.js";
import { BOOSTING, GENERAL, KERAS, TRANSFORMERS } from "./frameworks/others.js";
import { JOBLIB, PANDAS, SCIPY, SKLEARN } from "./frameworks/scikit.js";
import { TORCH } from "./frameworks/torch.js";
import type { AllowEntry, Framework, Judgement } from "./judgement.js";
import { EXCEPTION, PURE_MODULES, PYTHON } from "./python.js";
import { STDLIB, STDLIB_PACKAGES } from "./stdlib-modules.js";

export const FRAMEWORKS: readonly Framework[] = [
  NUMPY,
  TORCH,
  SKLEARN,
  SCIPY,
  JOBLIB,
  PANDAS,
  BOOSTING,
  TRANSFORMERS,
  KERAS,
  GENERAL,
];

const BY_PACKAGE = new Map(
  FRAMEWORKS.flatMap((framework) => framework.packages.map((name) => [name, framework])),
);
const PURE = new Set(PURE_MODULES);
const ALLOWED = new Map<string, Judgement>();

function allow(entries: readonly AllowEntry[], origin: Judgement["origin"]): void {
  for (const { module, names, why, check } of entries) {
    for (const name of names.split(/\s+/)) {
      ALLOWED.set(`${module}.${name}`, { level: "safe", origin, reason: why, ...(check ? { check } : {}) });
    }
  }
}

allow(PYTHON, "python");
for (const framework of FRAMEWORKS) allow(framework.allow, "framework");

const DUNDER = /^__\w+__$/;
/** The start of the last component of a class, as Python writes it. */
const CAMEL = /^_*[A-Z]/;
const IDENTIFIER = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/**
 * Judges a name that a pickle imports. Allow lists are exact; dotted names are followed part by part, because each part
 * may lead out of the module (`torch` + `os.system`).
 */
export function classify(module: string, name: string): Judgement {
  const modern = modernName(module, name);
  const judged = classifyModern(modern.module, modern.name);
  if (modern.module === module || judged.level === "dangerous") return judged;
  const reason = dangerousModule(module);
  return reason ? { level: "dangerous", origin: "python", reason } : judged;
}

function classifyModern(module: string, name: string): Judgement {
  const canonical =
    module === "numpy._core" || module.startsWith("numpy._core.") ? `numpy.core${module.slice(11)}` : module;
  const path = `${canonical}.${name}`;
  const allowed = ALLOWED.get(path);
  if (allowed) return allowed;
  const parts = [...canonical.split("."), ...name.split(".")];
  if (!parts.every((part) => IDENTIFIER.test(part))) {
    return { level: "unproven", origin: "other", reason: "is no importable name" };
  }
  const reason = dangerousName(path) ?? escapes(canonical, name) ?? dangerousModule(canonical);
  if (reason) return { level: "dangerous", origin: originOf(canonical), reason };
  const top = parts[0] ?? "";
  const framework = BY_PACKAGE.get(top);
  if (framework) return classifyFramework(framework, canonical, name);
  if (isStdlib(canonical)) return classifyPython(canonical, name);
  return { level: "unknown", origin: "other", reason: "belongs to a package that the scanner does not know" };
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
function dangerousName(path: string): string | undefined {
  for (let end = path.length; end > 0; end = path.lastIndexOf(".", end - 1)) {
    const prefix = path.slice(0, end);
    if (Object.hasOwn(DANGEROUS_NAMES, prefix)) return DANGEROUS_NAMES[prefix];
  }
  return undefined;
}

function dangerousModule(module: string): string | undefined {
  const top = module.split(".", 1)[0] ?? "";
  if (!Object.hasOwn(DANGEROUS_MODULES, top)) return undefined;
  return STDLIB.has(top) && !isStdlib(module) ? undefined : DANGEROUS_MODULES[top];
}

function escapes(module: string, name: string): string | undefined {
  for (const part of name.split(".")) {
    if (ESCAPES.has(part)) return `leads to \`${part}\``;
    if (DUNDER.test(part) && part !== "__name__") return `reads \`${part}\``;
  }
  const [top, ...rest] = module.split(".");
  if (rest.some((part) => VENDORED.has(part)) && top !== "os")
    return "is a copy of a module that reaches the system";
  const moves = module.indexOf("six.moves");
  if (moves < 0) return undefined;
  const judged = classify(module.slice(moves + 10) || "builtins", name);
  return judged.level === "safe" ? undefined : "is another name for a part of Python";
}

function classifyFramework(framework: Framework, module: string, name: string): Judgement {
  const path = `${module}.${name}`;
  for (let end = path.length; end > 0; end = path.lastIndexOf(".", end - 1)) {
    const prefix = path.slice(0, end);
    if (Object.hasOwn(framework.dangerous, prefix)) {
      return { level: "dangerous", origin: "framework", reason: framework.dangerous[prefix] ?? "" };
    }
  }
  if (name.startsWith("__pyx_unpickle_")) {
    return { level: "safe", origin: "framework", reason: "an empty Cython object", check: "class-first" };
  }
  const within = framework.constructors.some((prefix) => path === prefix || path.startsWith(`${prefix}.`));
  if (within && CAMEL.test(name) && !/\.[a-z]/.test(name)) {
    return { level: "class", origin: "framework", reason: "a class that its own pickles make" };
  }
  return { level: "unproven", origin: "framework", reason: "is on no allow list" };
}

function classifyPython(module: string, name: string): Judgement {
  if (module === "builtins" && EXCEPTION.test(name)) {
    return { level: "safe", origin: "python", reason: "an exception that is made, not raised" };
  }
  if (module === "typing" && /^[A-Z]\w*$/.test(name) && name !== "ForwardRef") {
    return { level: "safe", origin: "python", reason: "describes a type" };
  }
  if (PURE.has(module) && !name.includes(".")) {
    return { level: "safe", origin: "python", reason: "computes from its arguments only" };
  }
  return { level: "unproven", origin: "python", reason: "is on no allow list" };
}

/** Whether the last component reads as a class. */
export function looksLikeClass(name: string): boolean {
  return CAMEL.test(name.slice(name.lastIndexOf(".") + 1));
}
