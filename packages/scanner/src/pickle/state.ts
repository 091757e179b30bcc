import { show, walk } from "./arguments.js";
import type { PickleJudge } from "./judge.js";
import { isComputed } from "./plain.js";
import { Blob, Call, Dict, Global, isPickled, Sequence, type Value } from "./value.js";

/** What `__setstate__` of a class does with its state beyond keeping it. */
export function checkState(judge: PickleJudge, callee: Value, state: Value, offset: number): void {
  checkBytes(judge, state);
  checkItems(judge, state);
  if (!(callee instanceof Global && callee.judgement.level === "safe"))
    checkComputed(judge, callee, state, offset);
  if (state instanceof Sequence)
    for (const part of state.items) if (part instanceof Dict) checkItems(judge, part);
  if (!(callee instanceof Global && state instanceof Dict)) return;
  if (isStatsmodels(callee)) checkFormula(judge, callee, state, offset);
  if (/(^|\.)MemoryMappedTable$/.test(callee.name)) checkReplays(judge, callee, state, offset);
  if (/(^|\.)RDBStorage$/.test(callee.name)) checkDatabase(judge, callee, state, offset);
}

/** Optuna's storage connects again as its state is set, and makes tables that lack. */
function checkDatabase(judge: PickleJudge, callee: Global, state: Dict, offset: number): void {
  const message = `Loading connects ${callee.path} to the database ${show(state.get("url") ?? null)}.`;
  judge.report("pickle-unlisted-class", offset, message, callee.path);
}

/** By whatever module the class is named: others import it. */
function isStatsmodels({ module }: Global): boolean {
  return module.split(".", 1)[0] === "statsmodels";
}

/** A computed state, or a formula hidden in what `dict` makes of pairs, is nothing that a class would write. */
function checkComputed(judge: PickleJudge, callee: Value, state: Value, offset: number): void {
  // A dictionary with attributes, such as statsmodels' Bunch, is its own state.
  const hidden =
    state instanceof Call && callee instanceof Global && isStatsmodels(callee) && state.callee !== callee;
  if (!isComputed(state) && !hidden) return;
  const message = `The state of ${show(callee)} is computed: ${show(state)}.`;
  judge.report("pickle-unresolved-call", offset, message, "computed");
}

/** Methods of tables that `datasets` records, to call them again when a table is unpickled. */
const REPLAYED =
  /^(slice|filter|take|select|cast|flatten|combine_chunks|replace_schema_metadata|(add|append|remove|set|drop|rename)_columns?|drop|sort_by)$/;

/** `MemoryMappedTable.__setstate__` calls `getattr(table, name)(*args)` for each, and goes on with what that gives. */
function checkReplays(judge: PickleJudge, callee: Global, state: Dict, offset: number): void {
  const replays = state.get("replays") ?? null;
  const names = replays instanceof Sequence ? replays.items.map(nameOf) : [replays];
  const odd = names.find((name) => name !== null && !(typeof name === "string" && REPLAYED.test(name)));
  if (odd === undefined) return;
  const message = `Loading calls the attribute ${show(odd)} of the table that ${callee.path} opens.`;
  judge.report("pickle-dangerous-call", offset, message, callee.path);
}

function nameOf(replay: Value): Value {
  return replay instanceof Sequence ? (replay.items[0] ?? null) : replay;
}

const MOST_TRIED = 1024 * 1024;

/** Bytes in a state that may be a pickle without a mark, of protocol 0 or 1: a class may hand them to a loader. */
export function* unmarkedBytes({ callee }: Call, state: Value): Generator<Blob> {
  if (callee instanceof Global && callee.judgement.level === "safe") return;
  for (const value of state instanceof Dict ? state.values() : [state]) {
    for (const blob of value instanceof Call ? walk(value.args, false) : [value]) {
      const marked = blob instanceof Blob && value === blob && isPickled(blob);
      if (blob instanceof Blob && !blob.text && blob.length <= MOST_TRIED && !marked) yield blob;
    }
  }
}

function checkItems(judge: PickleJudge, value: Value): void {
  if (!(value instanceof Sequence || value instanceof Dict)) return;
  judge.scan.budget.step(value.items.length);
  for (const item of value.items) checkBytes(judge, item);
}

/** Some classes unpickle bytes of their state: CloudpickleWrapper of gym and stable-baselines3, skorch's networks. */
function checkBytes(judge: PickleJudge, value: Value): void {
  if (value instanceof Blob && isPickled(value)) judge.nested(value);
}

/** Functions that formulas of patsy and formulaic name. */
const FORMULA_CALL =
  /^(C|I|Q|Treatment|Sum|Diff|Helmert|Poly|bs|cr|cc|te|center|standardize|scale|poly|log|log2|log10|log1p|exp|sqrt|abs|sin|cos|(np|numpy)\.(abs|absolute|arc(cos|sin|tan)h?|arctan2|array|asarray|cbrt|ceil|clip|cos|cosh|cumsum|diff|digitize|exp|exp2|expm1|fabs|float\d+|floor|hypot|int\d+|isfinite|isnan|log|log10|log1p|log2|logical_(and|not|or)|max|maximum|mean|median|min|minimum|mod|nan_to_num|power|ravel|reciprocal|round|sign|sin|sinh|sqrt|square|std|sum|tan|tanh|where))$/;

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
