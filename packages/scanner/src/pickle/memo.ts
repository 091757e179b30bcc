import { LimitReached } from "../core/limits.js";
import { isObject, type Value } from "./value.js";

/**
 * The memo. Picklers store nearly every value in it and fetch few: once it is large, values that no later opcode
 * fetches are let go (`forget`), and only their number is kept.
 */
export class Memo {
  /** How many indexes are in use, which is where MEMOIZE stores. */
  size = 0;
  /** How many containers and objects were stored: while the memo has them, so does the heap. */
  objects = 0;
  /** Indexes below this are in use without a gap. */
  private length = 0;
  private dense: Value[] = [];
  private sparse: Map<number, Value> | undefined;
  private fetched: ReadonlySet<number> | undefined;
  private kept = new Map<number, Value>();

  get(index: number): Value | undefined {
    if (index >= this.length || index < 0) return this.sparse?.get(index);
    if (!this.fetched) return this.dense[index];
    const value = this.kept.get(index);
    // The opcodes ahead were read differently: what was let go is wanted after all.
    if (value === undefined) throw new LimitReached("steps");
    return value;
  }

  set(index: number, value: Value): void {
    if (index < this.length) this.store(index, value);
    else if (index === this.length) {
      this.length++;
      this.store(index, value);
      if (!this.sparse?.delete(index)) this.size++;
    } else {
      this.sparse ??= new Map();
      if (!this.sparse.has(index)) this.size++;
      this.sparse.set(index, value);
    }
  }

  private store(index: number, value: Value): void {
    if (isObject(value)) this.objects++;
    if (!this.fetched) this.dense[index] = value;
    else if (this.fetched.has(index)) this.kept.set(index, value);
  }

  /** Lets go of every value but those at indexes that are still fetched. */
  forget(fetched: ReadonlySet<number>): void {
    for (const index of fetched) {
      const value = this.dense[index];
      if (value !== undefined) this.kept.set(index, value);
    }
    this.fetched = fetched;
    this.dense = [];
  }
}
