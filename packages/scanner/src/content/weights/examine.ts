import type { Part, Scan } from "../../core/scan.js";
import { findExecutable } from "../executables.js";
import { describeExecutable } from "../search.js";
import { countNumbers, type Numbers, noNumbers } from "./numbers.js";
import { payloadInNumbers } from "./payload.js";
import type { Tensor } from "./tensor.js";
import { type Sampled, spread } from "./windows.js";

interface Seen {
  tensor: Tensor;
  numbers: Numbers;
}

/** Looks at the numbers of a part's tensors, as many as the limit allows, and for programs that are hidden in them. */
export function examineWeights(scan: Scan, part: Part, tensors: readonly Tensor[]): void {
  const { gathered, budget } = scan;
  const left = budget.limits.weightBytes - gathered.weightBytes;
  const held = tensors.map(clip).filter(({ length }) => length > 0);
  // Tensors that share bytes must not cost more than the bytes.
  const bytes = Array.from(new Set(held.map(({ source }) => source))).reduce(
    (sum, { size }) => sum + size,
    0,
  );
  const room = Math.min(left, 2 * bytes);
  if (room <= 0) return;
  scan.guard(part, () => {
    const seen: Seen[] = [];
    for (const sampled of spread(held, room)) {
      budget.step(16);
      const one = look(scan, part, sampled);
      if (one) seen.push(one);
    }
    report(scan, part, seen);
  });
}

/** Headers may claim more than the file holds. */
function clip(tensor: Tensor): Tensor {
  const offset = Math.min(tensor.offset, tensor.source.size);
  return { ...tensor, offset, length: Math.min(tensor.length, tensor.source.size - offset) };
}

function look(scan: Scan, part: Part, { tensor, windows }: Sampled): Seen | undefined {
  const numbers = noNumbers();
  for (const { at, length } of windows) {
    const bytes = tensor.source.read(tensor.offset + at, length);
    scan.gathered.weightBytes += bytes.length;
    const found = findExecutable(bytes);
    if (found) reportHidden(scan, part, tensor, describeExecutable(found.executable), at + found.at);
    else if (at === 0 && SCRIPT.test(bytes.toString("latin1", 0, 80)))
      reportHidden(scan, part, tensor, "A script", 0);
    if (tensor.type === "other") continue;
    countNumbers(numbers, tensor.type, bytes);
    const payload = at === 0 ? payloadInNumbers(bytes, tensor.type) : undefined;
    if (payload) {
      const what = `${describeExecutable(payload)}, in the low bits of the numbers,`;
      reportHidden(scan, part, tensor, what, 0);
    }
  }
  return tensor.type === "other" ? undefined : { tensor, numbers };
}

/** A program for an interpreter, at the very beginning of a tensor. */
const SCRIPT = /^#! {0,2}\/[\w./-]{3,40}(?: [\w. -]{1,20})?\r?\n/;

function reportHidden(scan: Scan, part: Part, tensor: Tensor, what: string, at: number): void {
  const message = `${what} is hidden in the tensor ${show(tensor.name)}.`;
  scan.report("hidden-executable", part, message, { offset: tensor.offset + at, cause: "hidden program" });
}

function show(name: string): string {
  return JSON.stringify(name.length > 100 ? `${name.slice(0, 97)}...` : name);
}

/** So many numbers are enough to say that weights are none. */
const ENOUGH = 1024;

function report(scan: Scan, part: Part, seen: readonly Seen[]): void {
  const count = seen.reduce((sum, { numbers }) => sum + numbers.count, 0);
  const nan = seen.reduce((sum, { numbers }) => sum + numbers.nan, 0);
  if (count >= ENOUGH && nan * 2 >= count) {
    const message = `${nan} of ${count} numbers that were looked at are NaN.`;
    scan.report("weights-broken", part, message, { cause: "nan" });
    return;
  }
  const spoilt = seen.filter(({ numbers }) => numbers.nan > 0);
  reportTensors(scan, part, "weights-not-finite", spoilt, "NaN");
  const extreme = seen.filter(({ numbers }) => isExtreme(numbers));
  reportTensors(scan, part, "weights-extreme", extreme, "numbers of impossible size");
}

/** Masks hold one huge number many times; packed or encrypted bytes hold many different ones. */
function isExtreme({ huge, hugeSame, count }: Numbers): boolean {
  return !hugeSame && huge >= 8 && huge * 100 >= count;
}

function reportTensors(
  scan: Scan,
  part: Part,
  rule: "weights-not-finite" | "weights-extreme",
  tensors: readonly Seen[],
  what: string,
): void {
  const [first] = tensors;
  if (!first) return;
  const others = tensors.length === 1 ? "" : ` and ${tensors.length - 1} others`;
  const message = `The tensor ${show(first.tensor.name)}${others} holds ${what}.`;
  scan.report(rule, part, message, { offset: first.tensor.offset, cause: rule });
}
