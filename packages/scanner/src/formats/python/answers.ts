import { taintsOf, type Value } from "../../expression/value.js";
import { isCallable } from "./handed.js";

/** What a function's answer is known for, though nobody knows what it is. */
const KNOWN_FOR = ["network", "socket", "decoded", "computed"] as const;
const MOST_YIELDED = 64;

/** What functions of the file answer, where that runs something. */
export class Answers {
  private readonly byName = new Map<string, Value>();

  get(name: string): Value | undefined {
    return this.byName.get(name);
  }

  /** What a class answers for any attribute. */
  computedBy(owner: string): Value | undefined {
    return this.byName.get(`${owner}.__getattr__`) ?? this.byName.get(`${owner}.__getattribute__`);
  }

  /** `return value`. */
  returns(name: string, value: Value): void {
    if (isCallable(value) || KNOWN_FOR.some((taint) => taintsOf(value).has(taint)))
      this.byName.set(name, value);
  }

  /** `yield value`: who calls the function goes through all of them. */
  yields(name: string, values: readonly Value[]): void {
    const before = this.byName.get(name);
    const items = [...(before?.kind === "list" ? before.items : []), ...values].filter(isCallable);
    if (items.length > 0) this.byName.set(name, { kind: "list", items: items.slice(0, MOST_YIELDED) });
  }
}
