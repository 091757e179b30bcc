import { LimitReached } from "../../core/limits.js";
import type { Part, Scan } from "../../core/scan.js";
import type { Source } from "../../core/source.js";
import { carve } from "../../pickle/streams.js";
import { type Numbers, treeFault } from "./tree-shape.js";
import { featureFault } from "./xgboost.js";

const CHUNK = 1024 * 1024;
const MAX_LINE = 64 * 1024 * 1024;

/** The text that `Booster.save_model` writes (gbdt_model_text.cpp): a header, sections `Tree=N`, then notes. */
export function looksLikeLightgbm(_: Scan, source: Source): boolean {
  return /^tree\r?\n(version=v\d|num_class=\d)/.test(source.read(0, 64).toString("latin1"));
}

/** Arrays of a tree by the numbers that it must have. */
const PER_SPLIT = ["split_feature", "threshold", "decision_type", "left_child", "right_child"];

class Malformed extends Error {}

export function scanLightgbm(scan: Scan, part: Part): string {
  const reader = new Reader(scan);
  try {
    for (const { text, at } of lines(scan, part.source)) {
      if (reader.line(text, at)) continue;
      carve(scan, part, at, part.source.size);
      break;
    }
    reader.end(part.source.size);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const message = `Tree ${reader.index} of the LightGBM model: ${error.message}.`;
    scan.report("trees-malformed", part, message, { cause: "trees" });
  }
  return "lightgbm";
}

class Reader {
  /** The tree that is read, or the one that comes next. */
  index = 0;
  private readonly scan: Scan;
  private features = 0;
  private sizes: number[] = [];
  private tree: Section | undefined;
  constructor(scan: Scan) {
    this.scan = scan;
  }

  /** False once the trees are read. */
  line(text: string, at: number): boolean {
    const [key, value] = pair(text);
    if (key === "Tree" || text === "end of trees") {
      this.finish(at);
      this.tree = key === "Tree" ? { start: at, fields: new Map() } : undefined;
      return key === "Tree";
    }
    if (this.tree) this.tree.fields.set(key, value);
    else if (key === "max_feature_idx") this.features = Number(value) + 1;
    else if (key === "tree_sizes" && value !== "") this.sizes = value.split(" ").map(Number);
    return true;
  }

  end(size: number): void {
    this.finish(size);
    const { sizes, index } = this;
    if (sizes.length > index) throw new Malformed(`only ${index} of ${sizes.length} trees are there`);
  }

  private finish(end: number): void {
    if (!this.tree) return;
    const { start, fields } = this.tree;
    const size = this.sizes[this.index];
    // The loader jumps from tree to tree by these sizes, without a look at where its text ends.
    if (size !== undefined && size !== end - start) throw new Malformed("it has not the stated size");
    checkTree(this.scan, fields, this.features);
    this.index++;
    this.tree = undefined;
  }
}

interface Section {
  start: number;
  fields: Map<string, string>;
}

function pair(line: string): [string, string] {
  const at = line.indexOf("=");
  return at < 0 ? [line, ""] : [line.slice(0, at), line.slice(at + 1)];
}

function* lines(scan: Scan, source: Source): Generator<{ text: string; at: number }> {
  let rest = "";
  let start = 0;
  for (let at = 0; at < source.size; at += CHUNK) {
    scan.budget.step(CHUNK / 64);
    const found = (rest + source.read(at, CHUNK).toString("latin1")).split("\n");
    rest = found.pop() ?? "";
    if (rest.length > MAX_LINE) throw new LimitReached("textBytes");
    for (const line of found) {
      yield { text: line.endsWith("\r") ? line.slice(0, -1) : line, at: start };
      start += line.length + 1;
    }
  }
  if (rest !== "") yield { text: rest, at: start };
}

function numbers(fields: ReadonlyMap<string, string>, name: string): Numbers {
  const text = fields.get(name)?.trim() ?? "";
  const list = text === "" ? [] : text.split(" ");
  return { length: list.length, at: (index) => Number(list[index]) };
}

function checkTree(scan: Scan, fields: ReadonlyMap<string, string>, features: number): void {
  const leaves = Number(fields.get("num_leaves"));
  if (!Number.isSafeInteger(leaves) || leaves < 1) throw new Malformed("its number of leaves is missing");
  if (leaves === 1) return;
  for (const name of PER_SPLIT) expectLength(fields, name, leaves - 1);
  expectLength(fields, "leaf_value", leaves);
  const categories = Number(fields.get("num_cat") ?? 0);
  if (categories > 0) checkCategories(fields, categories);
  const splits = numbers(fields, "split_feature");
  const thresholds = numbers(fields, "threshold");
  const kinds = numbers(fields, "decision_type");
  const [left, right] = [numbers(fields, "left_child"), numbers(fields, "right_child")];
  const fault = treeFault(
    {
      nodes: leaves - 1,
      // A negative number is a leaf, counted from -1.
      children: (node) => [left.at(node), right.at(node)].filter((child) => !(child < 0 && ~child < leaves)),
      fault: (node) => {
        const categorical = (kinds.at(node) & 1) === 1;
        return categorical && !(thresholds.at(node) < categories)
          ? "a node asks for categories that are not there"
          : featureFault(splits.at(node), features);
      },
    },
    scan.budget,
  );
  if (fault !== undefined) throw new Malformed(fault);
}

function expectLength(fields: ReadonlyMap<string, string>, name: string, length: number): void {
  const found = numbers(fields, name).length;
  if (found !== length) throw new Malformed(`${name} has ${found} of ${length} numbers`);
}

/** Bit sets of categories lie one behind the other; the boundaries say where each begins. */
function checkCategories(fields: ReadonlyMap<string, string>, count: number): void {
  expectLength(fields, "cat_boundaries", count + 1);
  const boundaries = numbers(fields, "cat_boundaries");
  const bits = numbers(fields, "cat_threshold").length;
  for (let i = 0; i < count; i++) {
    if (!(boundaries.at(i) >= 0 && boundaries.at(i) <= boundaries.at(i + 1)))
      throw new Malformed("its categories do not fit together");
  }
  if (boundaries.at(count) !== bits) throw new Malformed("its categories lie outside their array");
}
