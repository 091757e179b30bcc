import type { Tree } from "../../expression/tree.js";
import { taintsOf, type Value } from "../../expression/value.js";
import type { Parameter } from "./parameters.js";

interface Small {
  parameters: readonly Parameter[];
  /** What it answers. */
  tree: Tree;
}

interface Reader {
  evaluate(tree: Tree): Value;
  assign(name: string, value: Value): void;
  enterFunction(): () => void;
}

const DEEPEST = 6;
const MOST_CALLS = 4_096;

/** Functions that are one expression, and lambdas: what they answer is known where their arguments are. */
export class Inlined {
  private readonly known = new Map<string, Small>();
  private depth = 0;
  private calls = 0;

  add(name: string, small: Small): void {
    this.known.set(name, small);
  }

  forget(name: string): void {
    this.known.delete(name);
  }

  call(
    reader: Reader,
    name: string,
    positional: readonly Value[],
    named: ReadonlyMap<string, Value>,
  ): Value | undefined {
    const small = this.known.get(name);
    if (!small || this.depth >= DEEPEST || ++this.calls > MOST_CALLS) return undefined;
    this.depth++;
    const leave = reader.enterFunction();
    for (const [at, { name: parameter, value }] of small.parameters.entries())
      reader.assign(parameter, positional[at] ?? named.get(parameter) ?? value);
    const answer = reader.evaluate(small.tree);
    leave();
    this.depth--;
    const taints = taintsOf(answer);
    // A type of Python by its name is what honest functions look up.
    const plain =
      answer.kind === "unknown" && (taints.size === 0 || (taints.has("modules") && !taints.has("computed")));
    return plain ? undefined : answer;
  }
}
