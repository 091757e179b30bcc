import { type Budget, LimitReached } from "../core/limits.js";
import type { Source } from "../core/source.js";
import { fetchedIndexes } from "./fetched.js";
import { Memo } from "./memo.js";
import { EndOfPickle, Reader } from "./reader.js";
import { middle, thin } from "./thin.js";
import { type CallKind, type Dict, Opaque, type Sequence, type Value } from "./value.js";

/** Decides what the machine's effects mean. The machine only moves values. */
export interface Judge {
  global(module: Value, name: Value, offset: number): Value;
  call(callee: Value, args: Value, how: CallKind, offset: number): Value;
  build(target: Value, state: Value, machine: Machine, offset: number): void;
  /** APPEND, ADDITEMS or SETITEM on something that is not a plain container. */
  extend(target: Value, items: Value[], how: "append" | "add" | "set", offset: number): void;
  extension(code: number, offset: number): Value;
  persistent(id: Value, offset: number): Value;
  /** Once per broken rule; CPython would stop where this machine goes on. */
  fault(reason: string, offset: number): void;
  frame(reason: string, offset: number): void;
}

export type Handler = (machine: Machine) => void;

/** The input cannot be followed any further. */
export class BrokenPickle extends Error {}

export interface StreamEnd {
  /** Offset after the last byte that belongs to the stream. */
  end: number;
  stopped: boolean;
  opcodes: number;
  reason?: string;
  result: Value;
}

const STEP = 4096;
const STOP = 0x2e;
const MAX_CONTAINERS = 4_000_000;
const LARGE_MEMO = 1 << 19;
/** Picklers count their indexes from 0 or 1. */
const FAR = 1 << 24;
/** So many objects in the memo cost more than to look ahead for what is fetched. */
const MANY_OBJECTS = 1 << 15;
/** More values than this are not left behind on the stack, where they would stay alive. */
const LEFT_OVER = 4096;

/**
 * Follows a pickle as CPython's C unpickler does (`_pickle.c`), but with abstract values. Where CPython raises for a
 * wrong stack or memo, this machine notes a fault and goes on, so that it never sees less than a loader would.
 */
export class Machine {
  readonly reader: Reader;
  readonly judge: Judge;
  /** CPython's memo is as long as twice its greatest index. */
  farPut: { index: number; offset: number } | undefined;
  /** Values below `top`; what lies above is left over and overwritten. */
  private readonly stack: Value[] = [];
  private top = 0;
  /** Stack heights at MARK opcodes. POP consults them first, as in C. */
  readonly marks: number[] = [];
  opcodeOffset = 0;
  protocol = 0;
  private fence = 0;
  private readonly memo = new Memo();
  private lookedAhead = false;
  private thinned = 0;
  private frameEnd = -1;
  private containers = 0;
  private opcodes = 0;

  constructor(source: Source, start: number, judge: Judge, reader: Reader = new Reader(source, start)) {
    this.reader = reader;
    this.judge = judge;
  }

  run(table: readonly (Handler | undefined)[], budget: Budget): StreamEnd {
    let reason: string | undefined;
    try {
      this.follow(table, budget);
    } catch (error) {
      if (!(error instanceof EndOfPickle) && !(error instanceof BrokenPickle)) throw error;
      reason = error.message;
    }
    budget.step(this.opcodes % STEP);
    const result = this.top > 0 ? (this.stack[this.top - 1] ?? null) : null;
    const stopped = reason === undefined;
    const end = stopped ? this.reader.position : this.opcodeOffset;
    return { end, stopped, opcodes: this.opcodes, result, ...(reason === undefined ? {} : { reason }) };
  }

  private follow(table: readonly (Handler | undefined)[], budget: Budget): void {
    for (;;) {
      this.opcodeOffset = this.reader.position;
      const opcode = this.reader.opcode();
      if (opcode < 0) throw new EndOfPickle("the stream ends without STOP");
      if (opcode === STOP) return;
      const handler = table[opcode];
      if (!handler) throw new BrokenPickle(`unknown opcode 0x${opcode.toString(16).padStart(2, "0")}`);
      handler(this);
      if (++this.opcodes % STEP === 0) this.pause(budget);
      if (this.frameEnd >= 0) this.checkFrame();
    }
  }

  /** Now and then: counts steps and lets go of values that no verdict needs. */
  private pause(budget: Budget): void {
    budget.step(STEP);
    const from = middle(this.fence, Math.min(this.thinned, this.top), this.top);
    if (from !== undefined) {
      const { thinned, top, containers } = thin(this.stack, from, this.top);
      this.thinned = thinned;
      this.top = top;
      this.containers -= Math.min(containers, this.containers);
    }
    if (!this.lookedAhead && (this.memo.size > LARGE_MEMO || this.memo.objects > MANY_OBJECTS)) {
      this.lookedAhead = true;
      const { indexes, opcodes, whole } = fetchedIndexes(
        this.reader.source,
        this.reader.position,
        LARGE_MEMO,
      );
      budget.step(opcodes >> 2);
      if (whole) this.memo.forget(indexes);
    }
  }

  fault(reason: string): void {
    this.judge.fault(reason, this.opcodeOffset);
  }

  push(value: Value): void {
    this.stack[this.top++] = value;
  }

  /** Containers are what a small pickle can make many of; their number bounds memory. */
  pushContainer(value: Sequence | Dict): void {
    if (++this.containers > MAX_CONTAINERS) throw new LimitReached("steps");
    this.stack[this.top++] = value;
  }

  pop(): Value {
    if (this.top <= this.fence) {
      this.fault("stack underflow");
      return new Opaque("stack");
    }
    const value = this.stack[--this.top] ?? null;
    if (value instanceof Opaque && value.why === "dropped") throw new LimitReached("steps");
    return value;
  }

  peek(): Value {
    if (this.top <= this.fence) {
      this.fault("stack underflow");
      return new Opaque("stack");
    }
    const value = this.stack[this.top - 1] ?? null;
    if (value instanceof Opaque && value.why === "dropped") throw new LimitReached("steps");
    return value;
  }

  mark(): void {
    this.fence = this.top;
    this.marks.push(this.fence);
  }

  /** The height of the topmost mark, which is removed. */
  unmark(): number {
    const height = this.marks.pop();
    if (height === undefined) {
      this.fault("no MARK on the stack");
      this.fence = 0;
      return this.top;
    }
    this.fence = this.marks.at(-1) ?? 0;
    return Math.min(height, this.top);
  }

  /** Everything above the topmost mark. */
  popMark(): Value[] {
    const height = this.unmark();
    const items = this.stack.slice(height, this.top);
    if (items.length > LEFT_OVER) this.stack.length = height;
    this.top = height;
    if (this.thinned > height) this.thinned = height;
    return items;
  }

  /** POP (`load_pop`): a mark that lies on top goes first. */
  discard(): void {
    if (this.marks.length > 0 && this.marks.at(-1) === this.top) {
      this.marks.pop();
      this.fence = this.marks.at(-1) ?? 0;
      return;
    }
    this.pop();
  }

  memoize(): void {
    this.put(this.memo.size);
  }

  put(index: number): void {
    const value = this.peek();
    if (index < 0 || !Number.isSafeInteger(index)) {
      this.fault("negative or impossible memo index");
      return;
    }
    if (index > FAR && index > this.memo.size * 64) this.farPut ??= { index, offset: this.opcodeOffset };
    this.memo.set(index, value);
  }

  get(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) {
      this.fault("memo key that was never stored");
      this.push(new Opaque("memo"));
    } else this.push(value);
  }

  /** FRAME: C only prefetches, the Python unpickler enforces the bounds, so disagreement hides opcodes from one. */
  frame(length: number): void {
    this.reader.frame(length);
    if (this.frameEnd >= 0 && this.reader.position < this.frameEnd) {
      this.judge.frame("a FRAME begins inside another frame", this.opcodeOffset);
    }
    if (length > this.reader.remaining) {
      this.judge.frame("a FRAME is longer than the stream", this.opcodeOffset);
      this.frameEnd = -1;
      return;
    }
    this.frameEnd = this.reader.position + length;
  }

  private checkFrame(): void {
    if (this.reader.position < this.frameEnd) return;
    if (this.reader.position > this.frameEnd && this.opcodeOffset < this.frameEnd) {
      this.judge.frame("an opcode straddles the end of its frame", this.opcodeOffset);
    }
    this.frameEnd = -1;
  }

  /** Raw bytes that a loader reads between opcodes (joblib arrays). */
  leaveFrame(): void {
    this.frameEnd = -1;
  }
}
