import type { Tree } from "../../expression/tree.js";
import type { Value } from "../../expression/value.js";

interface Loop {
  indent: number;
  /** Where its body begins. */
  start: number;
  /** The body stands on the loop's own line. */
  inline: boolean;
  target: Tree;
  rest: Value[];
}

/** What puts something together, round by round: `code += chr(number ^ 7)`, `parts.append(part)`. */
const GATHERS = /[\w\]]\s*[+^]=|\.(append|extend)\(|=\s*\w+\s*\+/;
const AHEAD = 1_000;
const MOST_ITEMS = 4_096;
/** Characters that all further rounds of a file may take to read. */
const MOST_READ = 150_000;

/** Loops that put something together are gone through, where what they go through is known. */
export class Loops {
  private readonly source: string;
  private readonly open: Loop[] = [];
  private left = MOST_READ;

  constructor(source: string) {
    this.source = source;
  }

  get isOpen(): boolean {
    return this.open.length > 0;
  }

  /** Answers what the first round is for; undefined if one look at the body has to do. */
  begin(loop: Omit<Loop, "rest">, items: readonly Value[] | undefined): Value | undefined {
    const [first, ...rest] = (items?.length ?? 0) > MOST_ITEMS ? [] : (items ?? []);
    const { start } = loop;
    if (rest.length === 0 || !GATHERS.test(this.source.slice(start, start + AHEAD))) return undefined;
    this.open.push({ ...loop, rest: rest.reverse() });
    return first;
  }

  /** Where a statement at this column leaves the body of a loop: the loop, and what its next round is for. */
  again(indent: number, at: number): (Loop & { item: Value }) | undefined {
    for (let loop = this.open.at(-1); loop && loop.indent >= indent; loop = this.open.at(-1)) {
      const item = loop.rest.pop();
      this.left -= Math.max(1, at - loop.start);
      if (item && this.left > 0) return { ...loop, item };
      this.open.pop();
    }
    return undefined;
  }
}
