import { classify, looksLikeClass } from "../globals/classify.js";
import { isActingMethod } from "./bound.js";
import type { PickleJudge } from "./judge.js";
import type { Global } from "./value.js";

/** Judges an import that nothing called. */
export function reportReference(judge: PickleJudge, global: Global, offset: number): void {
  const { level, origin, reason } = global.judgement;
  if (level === "dangerous" || isActingMethod(global)) {
    if (global.judgement.instances || isConstructor(global)) return;
    const message = `Loading imports ${global.path}, which ${level === "dangerous" ? reason : "acts on files"}.`;
    judge.report("pickle-dangerous-import", offset, message, global.path);
  } else if (level === "unknown") {
    const top = global.module.split(".", 1)[0] ?? global.module;
    const message = `Imports from the package ${top}, such as ${global.path}.`;
    judge.scan.report("pickle-unknown-class", judge.part, message, { offset, cause: top });
  } else if (level === "unproven" && origin === "python" && !belongsToSafe(global)) {
    const message = `Loading imports ${global.path}, which models do not need.`;
    judge.report("pickle-unproven-import", offset, message, global.path);
  }
}

/** `Class.__init__`, which is no more than the class: pydantic's classes by value hold that of their base. */
function isConstructor({ module, name }: Global): boolean {
  const owner = /^(.+)\.__init__$/.exec(name)?.[1];
  return owner !== undefined && looksLikeClass(owner) && classify(module, owner).level !== "dangerous";
}

function belongsToSafe(global: Global): boolean {
  const dot = global.name.lastIndexOf(".");
  return dot > 0 && classify(global.module, global.name.slice(0, dot)).level === "safe";
}
