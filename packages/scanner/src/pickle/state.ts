import { show } from "./arguments.js";
import type { PickleJudge } from "./judge.js";
import { isPickled } from "./plain.js";
import { Blob, Dict, Global, Sequence, type Value } from "./value.js";

const MAX_ITEMS = 64;

/** What `__setstate__` of a class does with its state beyond keeping it. */
export function checkState(judge: PickleJudge, callee: Value, state: Value, offset: number): void {
  checkBytes(judge, state);
  const parts = state instanceof Sequence ? state.items : [state];
  for (let i = 0; i < parts.length && i < MAX_ITEMS; i++) {
    const part = parts[i] ?? null;
    if (part !== state) checkBytes(judge, part);
    if (!(part instanceof Dict)) continue;
    for (let at = 1; at < part.items.length && at < 2 * MAX_ITEMS; at += 2)
      checkBytes(judge, part.items[at] ?? null);
  }
  if (!(callee instanceof Global && state instanceof Dict)) return;
  if (callee.module === "statsmodels.base.data") checkFormula(judge, callee, state, offset);
}

/** Some classes unpickle bytes of their state: CloudpickleWrapper of gym and stable-baselines3, skorch's networks. */
function checkBytes(judge: PickleJudge, value: Value): void {
  if (value instanceof Blob && isPickled(value)) judge.nested(value);
}

/** Functions that formulas of patsy and formulaic name. */
const FORMULA_CALL =
  /^(C|I|Q|Treatment|Sum|Diff|Helmert|Poly|bs|cr|cc|te|center|standardize|scale|poly|log|log2|log10|log1p|exp|sqrt|abs|sin|cos|(np|numpy)\.[a-z]\w*)$/;

/** statsmodels' `ModelData.__setstate__` evaluates its formula: patsy runs the Python in it. */
function checkFormula(judge: PickleJudge, callee: Global, state: Dict, offset: number): void {
  const formula = state.get("formula");
  if (formula === undefined || formula === null) return;
  const text = typeof formula === "string" ? formula : undefined;
  const called = text?.slice(0, 65536).matchAll(/([\w.)\]'"]+)\s*\(/g) ?? [];
  const plain = text !== undefined && [...called].every(([, name = ""]) => FORMULA_CALL.test(name));
  if (plain && !/__|\blambda\b|[;{}@`]/.test(text)) return;
  const message = `Loading evaluates ${show(formula)} as a formula of ${callee.path}, which runs the code in it.`;
  judge.report("pickle-dangerous-call", offset, message, callee.path);
}
