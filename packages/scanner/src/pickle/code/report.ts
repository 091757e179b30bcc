import { argumentList, walk } from "../arguments.js";
import type { PickleJudge } from "../judge.js";
import { Call, Global, Sequence, type Value } from "../value.js";
import type { Running } from "./carried.js";
import type { DeedLevel } from "./deeds.js";
import { examineCode, type Seen } from "./examine.js";
import { runMethods } from "./wrappers.js";

/** Methods that loading calls by itself: it makes instances, sets their state, and uses them as keys. */
const HOOKS =
  /^(__(new|setstate|getattr|getattribute|setattr|hash|eq|del|init_subclass|set_name|set|setitem|dict|slots|class|get|instancecheck|subclasshook)__|append|extend|add)$/;
const OPERATORS = /^__\w+__$/;
/** Operators that only a call by its own name reaches, or that honest classes fill with their work. */
const CALLED = /^__(init|call|enter|exit|post_init|class_getitem)__$/;

/** After the stream: judges the code that it carries. */
export function reportCode(judge: PickleJudge): void {
  const { carried } = judge;
  if (carried.codes.size === 0) return;
  for (const [cls, { offset }] of carried.classes) {
    runMethods(judge, cls, HOOKS, "may make an instance", offset, false);
    if (carried.handed === undefined) continue;
    for (const [name, made] of carried.methods(
      cls,
      (one) => OPERATORS.test(one) && !CALLED.test(one),
      false,
    )) {
      carried.runs(made, {
        why: `hands an instance to a call, which may run its ${name}`,
        offset: carried.handed,
      });
    }
  }
  const nested = nestedCodes(judge);
  const seen = examineAll(judge, nested);
  for (const [made, one] of seen) report(judge, one, carried.codes.get(made) ?? 0, nested.has(made));
  reportRunning(judge, seen);
}

/** Each code once, with what the function around it knows; nested code is followed from there. */
function examineAll(judge: PickleJudge, nested: ReadonlySet<Call>): Map<Call, Seen> {
  const { carried, scan } = judge;
  const seen = new Map<Call, Seen>();
  for (const parts of carried.functions.values()) {
    if (parts.code instanceof Call && !seen.has(parts.code))
      seen.set(parts.code, examineCode(parts.code, parts, scan.budget));
  }
  for (const made of carried.codes.keys()) {
    if (!seen.has(made) && !nested.has(made)) seen.set(made, examineCode(made, undefined, scan.budget));
  }
  return seen;
}

/** Code objects among the constants of others. */
function nestedCodes(judge: PickleJudge): ReadonlySet<Call> {
  const found = new Set<Call>();
  for (const made of judge.carried.codes.keys()) {
    judge.scan.budget.step(64);
    for (const value of argumentList(made.args) ?? []) {
      if (!(value instanceof Sequence)) continue;
      for (const item of value.items) if (item instanceof Call) found.add(item);
    }
  }
  return found;
}

const RULE = { acts: "pickle-dangerous-code", asks: "pickle-unclear-code" } as const;
const ORDER: readonly DeedLevel[] = ["acts", "asks"];

function report(judge: PickleJudge, seen: Seen, offset: number, nested: boolean): void {
  const name = nested ? `a function in ${quoted(seen.name)}` : `The function ${quoted(seen.name)}`;
  if (seen.bad !== undefined) {
    judge.report("pickle-broken-code", offset, `${name} that the file carries has ${seen.bad}.`, "code");
    return;
  }
  if (seen.unread) {
    const message = `${name} that the file carries is bytecode of no version of Python that the scanner knows.`;
    judge.report("pickle-unclear-code", offset, message, "unread");
    return;
  }
  for (const level of ORDER) {
    const deed = seen.deeds.find((one) => one.level === level);
    if (!deed) continue;
    const rule = RULE[level === "acts" ? "acts" : "asks"];
    judge.report(
      rule,
      offset,
      `${name} that the file carries ${deed.what.slice(0, 200)}.`,
      `${rule} ${seen.name}`,
    );
    return;
  }
  const able = seen.deeds[0];
  const message = `The file carries functions, such as ${quoted(seen.name)}${able ? `, which ${able.what.slice(0, 120)}` : ""}.`;
  judge.scan.report("pickle-carried-code", judge.part, message, { offset, cause: "carried" });
}

function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 80));
}

/** What loading runs must be proven to do no harm, with all that it calls of the file. */
function reportRunning(judge: PickleJudge, seen: ReadonlyMap<Call, Seen>): void {
  const byName = functionsByName(judge, seen);
  const done = new Set<Value>();
  const queue = [...judge.carried.running].flatMap(([made, all]) =>
    all.map((one): [Value, Running] => [made, one]),
  );
  for (let next = queue.pop(); next; next = queue.pop()) {
    const [made, running] = next;
    if (!running.given && done.has(made)) continue;
    if (!running.given) done.add(made);
    const found = seenRunning(judge, made, running, seen);
    const other = [...(found?.methods ?? [])].find((name) => !byName.has(name));
    if (!found || !isHarmless(found) || other !== undefined) {
      reportHarm(judge, running, found?.unproven[0] ?? (other && `calls a method ${quoted(other)}`));
      return;
    }
    const called = [...found.called]
      .flatMap((name) => byName.get(name) ?? [])
      .filter((one) => !done.has(one));
    const { why, offset } = running;
    queue.push(...called.map((one): [Value, Running] => [one, { why, offset }]));
  }
}

function reportHarm(judge: PickleJudge, running: Running, why: string | undefined): void {
  const message = `Loading ${running.why}: a function of the file${why ? ` that ${why.slice(0, 120)}` : ""}.`;
  judge.report("pickle-running-code", running.offset, message, "running");
}

/** What a function does with what it is given. */
function seenRunning(
  judge: PickleJudge,
  made: Value,
  { given }: Running,
  seen: ReadonlyMap<Call, Seen>,
): Seen | undefined {
  const parts = judge.carried.functions.get(made);
  if (!(parts?.code instanceof Call)) return undefined;
  if (!given) return seen.get(parts.code);
  return examineCode(parts.code, { ...parts, given }, judge.scan.budget);
}

function functionsByName(judge: PickleJudge, seen: ReadonlyMap<Call, Seen>): Map<string, Value[]> {
  const byName = new Map<string, Value[]>();
  for (const [made, { code }] of judge.carried.functions) {
    const name = code instanceof Call ? (seen.get(code)?.name ?? "") : "";
    const same = byName.get(name);
    if (same) same.push(made);
    else byName.set(name, [made]);
  }
  return byName;
}

function isHarmless({ unproven, unread, bad }: Seen): boolean {
  return unproven.length === 0 && !unread && bad === undefined;
}

/** Calls that keep what they are given and ask nothing of it. */
const KEEPS =
  /^(carried-\w+|(class|function)-state|partial|set-(attribute|items))$|^types\.MethodType$|(^|\.)(_make_cell|_create_cell|setattr|property|classmethod|staticmethod)$/;

/** What a call or an object gets: it may use every operator of an instance, and code finds names in it. */
export function handOver(judge: PickleJudge, callee: Value, given: Value, offset?: number): void {
  const { carried } = judge;
  if (carried.classes.size === 0 && carried.watched.size === 0) return;
  if (callee instanceof Global && KEEPS.test(callee.judgement.check ?? callee.path)) return;
  carried.leak(given);
  if (offset === undefined) return;
  for (const value of walk(given, false)) if (carried.isInstance(value)) carried.handed ??= offset;
}

/** Modules that lead to the system and that are not only in the globals of functions; types of code that make none. */
export function reportModules(judge: PickleJudge): void {
  const { carried } = judge;
  if (carried.typed !== undefined && carried.codes.size === 0)
    judge.resolve("types", "CodeType", carried.typed);
  for (const [module, offset] of carried.modules) {
    if (!carried.isUsedOnly(module)) judge.resolve(module.path, "x", offset);
  }
}
