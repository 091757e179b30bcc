import { either, UNKNOWN, type Value } from "../../expression/value.js";
import type { CodeObject } from "./code-object.js";
import { type Entry, NOTHING } from "./entry.js";
import { BadCode, type Frame, type Listener, type Surroundings } from "./frame.js";
import { decode, type Handler, handlersOf, type Instruction } from "./instructions.js";
import { refersWell } from "./operands.js";
import { operate } from "./operations.js";
import type { Version } from "./versions.js";

interface Seen {
  stack: readonly Entry[];
  rounds: number;
}

const ROUNDS = 2;
/** CO_GENERATOR, CO_COROUTINE, CO_ASYNC_GENERATOR. */
const GENERATOR = 0x20 | 0x80 | 0x200;
const LAST =
  /^(RETURN_(VALUE|CONST)|RAISE_VARARGS|RERAISE|JUMP_(FORWARD|ABSOLUTE|BACKWARD\w*)|(CONTINUE|BREAK)_LOOP)$/;

/**
 * Follows bytecode as the interpreter of one version would, along every way, with values as far as they are constants.
 * Nothing is run.
 */
export class Follower implements Frame {
  readonly code: CodeObject;
  readonly version: number;
  readonly listener: Listener;
  readonly around: Surroundings;
  stack: Entry[] = [];
  /** Names of keyword arguments for the next call. */
  keywords: readonly string[] = [];
  /**
   * Up to 3.8 the ways into a `finally` leave different heights on the stack, which are not followed: code with one is
   * held to its operands and jumps only.
   */
  private readonly lenient: boolean;
  private readonly instructions: ReadonlyMap<number, Instruction>;
  private readonly handlers: readonly Handler[];
  private readonly targets = new Set<number>();
  /** What lay on the stack where ways meet. */
  private readonly seen = new Map<number, Seen>();
  /** How often each instruction was come to, by its place in words. */
  private readonly visits: Uint8Array;
  private readonly queue: [offset: number, stack: Entry[]][] = [];
  private readonly variables = new Map<string, Value>();

  constructor(code: CodeObject, version: Version, listener: Listener, around: Surroundings) {
    this.code = code;
    this.version = version.number;
    this.listener = listener;
    this.around = around;
    const instructions = decode(code, version);
    if (!instructions) throw new BadCode("bytes that are no instructions");
    const handlers = handlersOf(code.exceptions);
    if (!handlers) throw new BadCode("a broken table of exceptions");
    this.instructions = instructions;
    this.visits = new Uint8Array((code.bytecode.length >> 1) + 1);
    this.handlers = handlers;
    this.lenient =
      version.number <= 38 && [...instructions.values()].some(({ opcode }) => /^SETUP_/.test(opcode.name));
    for (const one of instructions.values()) if (one.target !== undefined) this.targets.add(one.target);
    for (const one of handlers) this.targets.add(one.target);
    for (const name of code.variables.slice(0, code.arguments)) {
      this.variables.set(name, around.argument(name) ?? UNKNOWN);
    }
  }

  run(): void {
    this.check();
    const loops = [...this.instructions.values()].some(({ target, offset }) => (target ?? offset) < offset);
    // Once more with what loops assign.
    for (let round = loops ? 0 : 1; round < ROUNDS; round++) {
      this.seen.clear();
      this.visits.fill(0);
      // In 3.10 a generator begins with what is sent to it.
      this.queue.push([0, this.version === 310 && this.code.flags & GENERATOR ? [NOTHING] : []]);
      for (let next = this.queue.pop(); next; next = this.queue.pop()) this.follow(...next);
    }
  }

  private check(): void {
    const { code } = this;
    if (code.locals !== code.variables.length) throw new BadCode("a wrong number of variables");
    if (code.arguments > code.variables.length) throw new BadCode("more arguments than variables");
    for (const one of this.instructions.values()) {
      if (!refersWell(code, one, this.version)) throw new BadCode(`${one.opcode.name} of what is not there`);
    }
  }

  private follow(start: number, stack: Entry[]): void {
    this.stack = stack;
    let offset = start;
    for (;;) {
      const instruction = this.instructions.get(offset);
      if (!instruction) throw new BadCode("a jump to where no instruction begins");
      if (!this.enter(offset)) return;
      this.listener.step(1 + (this.handlers.length >> 3));
      if (this.handlers.length > 0) this.guard(offset);
      this.branch(instruction);
      operate(this, instruction);
      if (!this.lenient && this.stack.length > this.code.stackSize) {
        throw new BadCode("more on the stack than it has room for");
      }
      if (LAST.test(instruction.opcode.name)) return;
      offset = instruction.next;
    }
  }

  /** Whether there is something new to see at an instruction. */
  private enter(offset: number): boolean {
    const visits = this.visits[offset >> 1] ?? 0;
    this.visits[offset >> 1] = Math.min(visits + 1, ROUNDS + 1);
    if (!this.targets.has(offset)) return visits <= ROUNDS;
    const seen = this.seen.get(offset);
    if (!seen) {
      this.seen.set(offset, { stack: [...this.stack], rounds: 0 });
      return true;
    }
    if (seen.stack.length !== this.stack.length) {
      if (!this.lenient) throw new BadCode("ways that leave stacks of different heights");
      return false;
    }
    const merged = seen.stack.map((one, at) => merge(one, this.stack[at] ?? NOTHING));
    if (seen.rounds >= ROUNDS || merged.every((one, at) => one === seen.stack[at])) return false;
    this.seen.set(offset, { stack: merged, rounds: seen.rounds + 1 });
    this.stack = [...merged];
    return true;
  }

  private guard(offset: number): void {
    for (const { from, to, target, keeps, gets } of this.handlers) {
      if (offset < from || offset >= to || (this.visits[target >> 1] ?? 0) > 0) continue;
      if (this.stack.length < keeps) throw new BadCode("a handler that keeps more than lies on the stack");
      this.queue.push([target, [...this.stack.slice(0, keeps), NOTHING, ...(gets > 1 ? [NOTHING] : [])]]);
    }
  }

  /** Where a jump leads, with the stack as it is there. */
  private branch({ opcode, argument, target }: Instruction): void {
    if (target === undefined || !opcode.jumps) return;
    const effect = opcode.jumps(argument);
    if (this.stack.length + effect < 0 && !this.lenient)
      throw new BadCode("more taken from the stack than lies there");
    const stack = this.stack.slice(0, effect < 0 ? Math.max(0, this.stack.length + effect) : undefined);
    for (let count = 0; count < effect; count++) stack.push(NOTHING);
    this.queue.push([target, stack]);
  }

  push(one: Entry): void {
    this.stack.push(one);
  }

  pop(): Entry {
    return this.popMany(1)[0] ?? NOTHING;
  }

  popMany(count: number): Entry[] {
    for (let lacking = count - this.stack.length; lacking > 0; lacking--) {
      if (!this.lenient) throw new BadCode("more taken from the stack than lies there");
      this.stack.unshift(NOTHING);
    }
    return count === 0 ? [] : this.stack.splice(-count);
  }

  /** The entry `depth` below the top, counted from 1. */
  at(depth: number): Entry {
    const one = this.stack.at(-depth);
    if (one && depth >= 1) return one;
    if (!this.lenient) throw new BadCode("more taken from the stack than lies there");
    return NOTHING;
  }

  variable(name: string): Value {
    return this.variables.get(name) ?? this.around.free(name) ?? UNKNOWN;
  }

  assign(name: string, value: Value): void {
    const before = this.variables.get(name);
    this.variables.set(name, before ? either(before, value) : value);
  }

  has(name: string): boolean {
    return this.variables.has(name);
  }
}

function merge(one: Entry, other: Entry): Entry {
  if (one === other || one.value === other.value) return one;
  const value = either(one.value, other.value);
  if (same(value, one.value)) return one;
  return { value, ...(one.made === other.made && one.made ? { made: one.made } : {}) };
}

function same(one: Value, other: Value): boolean {
  if (one.kind === "text" && other.kind === "text")
    return one.options.join("\0") === other.options.join("\0");
  if (one.kind === "path" && other.kind === "path") return one.path === other.path;
  if (one.kind === "number" && other.kind === "number") return one.value === other.value;
  return one === other || (one.kind === "unknown" && other.kind === "unknown");
}
