// What our machine sees of a stream, in the words of recorder.py.

import { Budget, DEFAULT_LIMITS } from "../../../packages/scanner/dist/core/limits.js";
import { bytesSource } from "../../../packages/scanner/dist/core/source.js";
import { Machine } from "../../../packages/scanner/dist/pickle/machine.js";
import { OPCODES } from "../../../packages/scanner/dist/pickle/opcodes.js";
import { FrameReader, Reader } from "../../../packages/scanner/dist/pickle/reader.js";
import { Blob, Call, Dict, Global, Opaque, Sequence } from "../../../packages/scanner/dist/pickle/value.js";

const HOOKS = ["__setstate__", "append", "extend", "add"];

/** A judge that writes down what the machine tells it. `target.event` numbers are indexes into `events`. */
class Recorder {
  events = [];
  faults = [];
  frames = [];
  numbers = new Map();
  hooks = new Map();
  codes = new Map();

  note(value, ...parts) {
    this.numbers.set(value, this.events.length);
    this.events.push(parts);
    return value;
  }

  global(module, name) {
    const known = typeof module === "string" && typeof name === "string";
    const value = known
      ? new Global(module, name, { level: "unknown", origin: "other", reason: "" })
      : new Opaque("stack");
    return this.note(value, "find", known ? module : null, known ? name : null);
  }

  call(callee, args, how) {
    const made = new Call(callee, args, how);
    if (!this.numbers.has(callee)) return made;
    const empty = how === "object" && args instanceof Sequence && args.total === 0;
    const kind =
      how === "newobj" || (empty && (callee instanceof Global || callee.why === "extension"))
        ? "new"
        : "call";
    const number = this.numbers.get(callee);
    const extended =
      how === "newobj" &&
      args instanceof Sequence &&
      args.items.length === 2 &&
      args.items[1] instanceof Dict;
    const other = extended ? this.shape(args.items[0]) : undefined;
    if (this.events[number]?.[1] === "h8maker" && kind === "call") {
      this.events.push([kind, number, this.shape(args)]);
      return new Opaque("stack");
    }
    return this.note(made, kind, number, this.shape(args), other);
  }

  build(target, state) {
    if (!this.numbers.has(target)) return;
    const hook = this.hooks.get(target)?.get("__setstate__");
    if (hook !== undefined) {
      this.callHook(hook, [state]);
      return;
    }
    this.events.push(["build", this.numbers.get(target), this.shape(state)]);
    if (target instanceof Call || target.why === "persistent") this.setHooks(target, state);
  }

  setHooks(target, state) {
    for (const part of state instanceof Sequence ? state.items.slice(0, 2) : [state]) {
      if (!(part instanceof Dict)) continue;
      for (const key of HOOKS) {
        const value = part.get(key);
        if (value === undefined) continue;
        if (!this.hooks.has(target)) this.hooks.set(target, new Map());
        this.hooks.get(target).set(key, value);
      }
    }
  }

  callHook(hook, args) {
    if (this.numbers.has(hook))
      this.events.push([
        "call",
        this.numbers.get(hook),
        `(${args.map((value) => this.shape(value)).join(",")})`,
      ]);
  }

  extend(target, items, how) {
    if (!this.numbers.has(target)) return;
    const names = how === "append" ? ["extend", "append"] : how === "add" ? ["add"] : [];
    const hooks = this.hooks.get(target);
    if (hooks?.has(names[0])) {
      if (names[0] === "extend" && items.length === 0) return;
      if (names[0] === "extend")
        this.events.push(["call", this.numbers.get(hooks.get("extend")) ?? -1, null]);
      else for (const item of items) this.callHook(hooks.get("add"), [item]);
      return;
    }
    if (items.length === 0) return;
    const count = how === "set" ? Math.floor(items.length / 2) : items.length;
    this.events.push([how === "append" ? "append" : how, this.numbers.get(target), count]);
  }

  extension(code) {
    const known = this.codes.get(code);
    if (known !== undefined) return known;
    const value = this.note(new Opaque("extension", code), "find", "extension", `code${code}`);
    this.codes.set(code, value);
    return value;
  }

  persistent(id) {
    return this.note(new Opaque("persistent", id), "persistent", this.shape(id));
  }

  fault(reason, offset) {
    this.faults.push(`${reason} at ${offset}`);
  }

  frame(reason, offset) {
    this.frames.push(`${reason} at ${offset}`);
  }

  shape(value, depth = 3) {
    if (value === null) return "N";
    if (typeof value === "boolean") return value ? "T" : "F";
    if (typeof value === "number") return Number.isSafeInteger(value) ? `i${value}` : "f";
    if (typeof value === "bigint") return value >= -(2n ** 53n) && value <= 2n ** 53n ? `i${value}` : "I";
    if (typeof value === "string") return JSON.stringify(value);
    if (this.numbers.has(value)) return `#${this.numbers.get(value)}`;
    if (value instanceof Blob) return `b${value.length}`;
    if (value instanceof Opaque) return value.why === "number" ? "I" : "?";
    if (value instanceof Dict) return depth === 0 ? "~" : "{}";
    if (!(value instanceof Sequence)) return "?";
    if (depth === 0) return "~";
    const inner = () =>
      value.items
        .slice(0, 50)
        .map((item) => this.shape(item, depth - 1))
        .join(",");
    if (value.kind === "tuple") return `(${inner()})`;
    return value.kind === "list" ? `[${inner()}]` : value.kind === "set" ? "S" : "Z";
  }
}

/** `Reading` is how bytes are taken from the file: in order, or as C does that loses the end of a straddled frame. */
function follow(bytes, Reading) {
  const judge = new Recorder();
  const source = bytesSource(bytes);
  const end = new Machine(source, 0, judge, new Reading(source, 0)).run(OPCODES, new Budget(DEFAULT_LIMITS));
  return {
    events: judge.events,
    faults: judge.faults,
    frames: judge.frames,
    hooked: judge.hooks.size > 0,
    end,
  };
}

export function trace(bytes) {
  const inOrder = follow(bytes, Reader);
  return inOrder.frames.length > 0 ? { ...inOrder, framed: follow(bytes, FrameReader).events } : inOrder;
}
