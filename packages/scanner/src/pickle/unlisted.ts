import { looksLikeClass } from "../globals/classify.js";
import { argumentList, codeLike, readsAsAction, show, showList, walk } from "./arguments.js";
import type { PickleJudge } from "./judge.js";
import { bindsFunction, computes, isPlain, pickledBytes, readsAsRebuild } from "./plain.js";
import { Blob, Call, Global, Opaque, type Value } from "./value.js";

/** Calls that no allow list proves safe: what is called and with what decides. */
export function callUnlisted(judge: PickleJudge, callee: Global, args: Value, offset: number): void {
  const { level } = callee.judgement;
  if (level === "class") callClass(judge, callee, args, offset, "strict");
  else if (level === "unproven") callUnproven(judge, callee, args, offset);
  else callUnknown(judge, callee, args, offset);
}

/** Makes an instance of a class that no allow list names, or of one that its own pickles make. */
export function makeInstance(judge: PickleJudge, callee: Global, args: Value, offset: number): void {
  const { level, origin } = callee.judgement;
  if (reportsCode(judge, callee, args, offset)) return;
  if (level === "unknown") {
    if (judge.noted.has(callee)) return;
    judge.noted.add(callee);
    const top = callee.module.split(".", 1)[0] ?? callee.module;
    const message = `Makes instances of classes of the package ${top}, such as ${callee.path}.`;
    judge.scan.report("pickle-unknown-class", judge.part, message, { offset, cause: top });
  } else if (level === "unproven" && origin === "python") {
    const message = `Makes an instance of ${callee.path}, which pickles of models do not need.`;
    judge.report("pickle-unproven-class", offset, message, callee.path);
  }
}

/** What `__new__` or `__init__` of a framework's class would run: sympy's classes evaluate every text. */
function reportsCode(judge: PickleJudge, callee: Global, args: Value, offset: number): boolean {
  if (callee.judgement.origin === "python" || callee.judgement.level === "unknown") return false;
  const code = isSympy(callee) ? formula(callee, args) : statement(args);
  const computed = computes(args);
  if (code === undefined && !computed) return false;
  const what = computed ? "arguments that it computes" : `${show(code ?? null)}, which reads as code`;
  const message = `Loading makes ${callee.path} with ${what}.`;
  judge.report("pickle-unproven-call", offset, message, callee.path);
  return true;
}

/** Classes of sympy that keep a name as it is. */
const NAMES = /(^|\.)(Symbol|Dummy|Wild|Str)$/;

function formula(callee: Global, args: Value): Value | undefined {
  if (NAMES.test(callee.name)) return undefined;
  for (const value of walk(args, false)) {
    if (isFormula(value)) return value;
    // What is no object of sympy's own is read as text.
    if (!(value instanceof Call) || (value.callee instanceof Global && isSympy(value.callee))) continue;
    for (const inner of walk(value.args)) if (isFormula(inner)) return inner;
  }
  return undefined;
}

function isSympy({ module }: Global): boolean {
  return /^(sympy|mpmath)(\.|$)/.test(module);
}

function isFormula(value: Value): boolean {
  return value instanceof Blob || (typeof value === "string" && !/^[\w.+\-/ ]*$/.test(value));
}

const STATEMENT = /\b(__import__|exec|eval|compile|system|popen|open|getattr)\s*\(/;

/** Only texts that are arguments themselves: named tuples hold the words of documents. */
function statement(args: Value): Value | undefined {
  return argumentList(args)?.find((value) => typeof value === "string" && STATEMENT.test(value));
}

/** Classes that open, fetch or run what a text names, however plain it looks. */
const OPENS =
  /(Writer|Reader|File|Storage|Capture|Trainer|Loader|Downloader|Server|Client|Session|Connection|Backend|Pipeline|Booster|Dataset|Encoder|Sentences|Builder|Evaluator|Popen|Subprocess|Shell|ShellCommand)$/;

/** Classes of whatever package that run the program that a text names. */
const RUNS = /(^|\.)(\w*Popen|Subprocess|Shell|ShellCommand)$/;

function opensText(callee: Global, args: Value): boolean {
  if (!OPENS.test(callee.name)) return false;
  for (const value of walk(args, false)) if (typeof value === "string" || value instanceof Blob) return true;
  return false;
}

/** What only hints at code is taken from a class of a known framework (`strict`), and from no class beside them (`any`). */
function callClass(
  judge: PickleJudge,
  callee: Global,
  args: Value,
  offset: number,
  how: "strict" | "any",
): void {
  if (reportsCode(judge, callee, args, offset)) return;
  if (isPlain(args, how) && !opensText(callee, args) && !bindsFunction(args)) return;
  const code = codeLike(args, "strict");
  const runs = RUNS.test(callee.name);
  const named = runs ? "which runs what its argument names" : "which may open what its argument names";
  const what = code === undefined ? named : `with ${show(code)}, which reads as code, a command or a path`;
  const rule = code === undefined && !runs ? "pickle-unlisted-class" : "pickle-unproven-call";
  judge.report(rule, offset, `Loading calls ${callee.path}(${showList(args)}), ${what}.`, callee.path);
}

const ORIGINS = { python: "a part of Python", framework: "a function of a framework", other: "a name" };

function callUnproven(judge: PickleJudge, callee: Global, args: Value, offset: number): void {
  const { origin } = callee.judgement;
  if (origin !== "other") judge.knownCalls++;
  for (const blob of pickledBytes(args)) judge.nested(blob);
  if (origin === "framework" && (looksLikeClass(callee.name) || readsAsRebuild(callee.name))) {
    callClass(judge, callee, args, offset, "any");
    return;
  }
  const message = `Loading calls ${callee.path}(${showList(args)}), ${ORIGINS[origin]} that no allow list proves harmless.`;
  judge.report("pickle-unproven-call", offset, message, callee.path);
}

function callUnknown(judge: PickleJudge, callee: Global, args: Value, offset: number): void {
  for (const blob of pickledBytes(args)) judge.nested(blob);
  const computed = computes(args);
  const runs = RUNS.test(callee.name) && opensText(callee, args);
  if ((looksLikeClass(callee.name) || readsAsRebuild(callee.name)) && isPlain(args) && !computed && !runs) {
    makeInstance(judge, callee, args, offset);
    return;
  }
  const code = codeLike(args);
  // What runs a function later, with what it is given then, is no way to put an object together.
  const active = readsAsAction(callee.name) || args instanceof Opaque || computed || runs;
  const rule = code !== undefined || active ? "pickle-active-call" : "pickle-unknown-call";
  const why =
    code !== undefined ? `with ${show(code)}, which reads as code, a command, an address or a path` : "";
  const message = `Loading calls ${callee.path}(${showList(args)}), of a package that the scanner does not know${why ? `, ${why}` : ""}.`;
  judge.report(rule, offset, message, callee.path);
}
