import { classify, looksLikeClass } from "../../globals/classify.js";
import type { Judgement } from "../../globals/judgement.js";
import type { PythonTag } from "./yaml-tags.js";

/**
 * What PyYAML's own dumper writes of honest values: a class without arguments, the name of what a documentation's set-up
 * names, a call of what pickles of the same value call, a member of an enumeration. Tags within are judged by themselves.
 */
export function isHarmlessTag({ tag, kind, target }: PythonTag, after: string): boolean {
  if (kind === "object") return /^object:[\w.]*$/.test(tag);
  const judged = judge(kind, target);
  if (kind === "name" || kind === "module") return judged.level !== "dangerous" && judged.origin !== "python";
  if (judged.level === "safe") return judged.check === undefined || judged.check === "class-first";
  return (
    judged.level === "class" || (judged.level === "unknown" && looksLikeClass(target) && isMember(after))
  );
}

/** A name without a module is one of `builtins`. */
function judge(kind: string, target: string): Judgement {
  const dot = target.lastIndexOf(".");
  if (kind === "module") return classify(dot < 0 ? target : target.slice(0, dot), target.slice(dot + 1));
  return classify(dot < 0 ? "builtins" : target.slice(0, dot), target.slice(dot + 1));
}

/** One word or number, by which a class can only be asked for a member. */
const MEMBER =
  /^[ \t]*(?:\[[ \t]*(["']?)[\w.-]{1,60}\1[ \t]*\]|\r?\n[ \t]*-[ \t]+(["']?)[\w.-]{1,60}\2)[ \t]*(?:\r?\n[ \t]*(?!-)|$)/;

function isMember(after: string): boolean {
  return MEMBER.test(after);
}
