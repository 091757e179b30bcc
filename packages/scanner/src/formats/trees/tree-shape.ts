import type { Budget } from "../../core/limits.js";

/** Numbers by index, wherever they are stored. */
export interface Numbers {
  readonly length: number;
  at(index: number): number;
}

/** The nodes of one decision tree. */
export interface Tree {
  nodes: number;
  /** The nodes below a node; leaves that are no nodes are left out. */
  children(node: number): readonly number[];
  /** What is wrong with a node that is reached. */
  fault(node: number): string | undefined;
}

/**
 * Walks a tree from its root, as prediction does: without checks of their own, loaders read beyond their arrays at a child
 * that is not there and never come back from a node that is reached twice.
 */
export function treeFault({ nodes, children, fault }: Tree, budget: Budget): string | undefined {
  if (nodes === 0) return undefined;
  const seen = new Uint8Array(nodes);
  const open = [0];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    budget.step(4);
    if (!(node >= 0 && node < nodes)) return "a child is not there";
    if (seen[node]) return "the tree leads back into itself";
    seen[node] = 1;
    const found = fault(node);
    if (found !== undefined) return found;
    open.push(...children(node));
  }
  return undefined;
}

/** A number, or a text that stands for one; a document may hold anything in its place. */
export function numberOf(value: unknown): number {
  return typeof value === "number" || typeof value === "string" ? Number(value) : Number.NaN;
}

/** `at` of an array, as a number: whatever else stands there is no number of a node. */
export function numbersOf(list: readonly unknown[]): Numbers {
  return { length: list.length, at: (index) => (typeof list[index] === "number" ? list[index] : Number.NaN) };
}
