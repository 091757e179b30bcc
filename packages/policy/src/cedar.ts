import { createRequire } from "node:module";
import { setFlagsFromString } from "node:v8";
import { CountersignError } from "@countersign/evidence";

export type Cedar = typeof import("@cedar-policy/cedar-wasm/nodejs");

const MODULE = "@cedar-policy/cedar-wasm/nodejs";
// Cedar's cache of parsed sets cannot forget; reusing a few names bounds it for a process that reloads often.
const SLOTS = 8;

let instance: Cedar | undefined;
/** What the instance holds parsed, by slot name; least recently used first. */
let held = new Map<object, string>();

/**
 * Runs `use` on the engine. A trap (a stack overflow on deep nesting, say) leaves a WebAssembly instance with a
 * broken stack, after which harmless calls fail too, so an instance that threw is thrown away.
 */
export function callCedar<T>(use: (cedar: Cedar) => T): T {
  optimise(false);
  try {
    instance ??= load();
    return use(instance);
  } catch (cause) {
    instance = undefined;
    held = new Map();
    throw new CountersignError("policy-error", "the policy engine broke off", { cause });
  } finally {
    optimise(true);
  }
}

/**
 * Functions compiled while this is off stay as V8 first compiles them. Optimising Cedar's huge parsers takes 60 MB
 * and most of a cold start, for decisions that are a third quicker. Other WebAssembly in the process is not touched.
 */
function optimise(on: boolean): void {
  const no = on ? "" : "no-";
  setFlagsFromString(`--${no}wasm-tier-up`);
  setFlagsFromString(`--${no}wasm-dynamic-tiering`);
}

function load(): Cedar {
  // V8 up to at least that of Node 20 aborts the whole process when it deoptimises a function into which it had
  // inlined a WebAssembly call that returns a reference, as Cedar's do. Ten thousand decisions are enough.
  setFlagsFromString("--no-turbo-inline-js-wasm-calls");
  const require = createRequire(import.meta.url);
  const cedar: Cedar = require(MODULE);
  // So that the next load makes a new instance.
  delete require.cache[require.resolve(MODULE)];
  return cedar;
}

/** The name under which the engine holds `key`; calls `prepare` to have it parsed unless it is held already. */
export function slotOf(key: object, prepare: (name: string) => void): string {
  let name = held.get(key);
  if (name === undefined) {
    name = freeSlot();
    prepare(name);
  }
  held.delete(key);
  held.set(key, name);
  return name;
}

function freeSlot(): string {
  if (held.size < SLOTS) return `slot${held.size}`;
  const [key, name] = held.entries().next().value as [object, string];
  held.delete(key);
  return name;
}
