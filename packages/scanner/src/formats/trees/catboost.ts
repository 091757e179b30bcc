import type { Part, Scan } from "../../core/scan.js";
import { carve } from "../../pickle/streams.js";
import { BadFlatbuffer, Flatbuffer } from "../graphs/flatbuffer.js";

// TModelCore, TModelTrees and TKeyValue of catboost/libs/model/flatbuffers/model.fbs.
const TREES = 1;
const PARTS = 3;
const DIMENSION = 0;
const SPLITS = 1;
const SIZES = 2;
const STARTS = 3;
const LEAVES = 8;
const STEPS = 10;
const LEAF_IDS = 11;
const MAX_TREE_DEPTH = 16;

const HEADER = 8;

/** CatBoost's own format: a magic number, the size of the core, the core as a flatbuffer, then what the core announces. */
export function scanCatboost(scan: Scan, part: Part): string {
  const { source } = part;
  const head = source.read(0, HEADER);
  const end = head.length < HEADER ? source.size + 1 : HEADER + head.readUInt32LE(4);
  try {
    if (end > source.size) throw new BadFlatbuffer("its core is longer than the file");
    const core = new Flatbuffer(source, scan.budget, HEADER, end);
    const root = core.root();
    const trees = core.table(root, TREES);
    if (trees !== 0) checkTrees(core, trees);
    const parts = [...core.tables(root, PARTS)].map((at) => core.textAt(at, 64));
    if (parts.length === 0 && end < source.size) {
      scan.report("trailing-data", part, `${source.size - end} bytes follow the model.`, { offset: end });
      carve(scan, part, end, source.size);
    }
  } catch (error) {
    if (!(error instanceof BadFlatbuffer)) throw error;
    scan.report("trees-malformed", part, `The CatBoost model is malformed: ${error.message}.`, {
      cause: "trees",
    });
  }
  return "catboost";
}

function checkTrees(core: Flatbuffer, trees: number): void {
  const splits = core.vector(trees, SPLITS, 4).count;
  const sizes = [...core.integers(trees, SIZES)];
  const starts = [...core.integers(trees, STARTS)];
  if (starts.length !== sizes.length && starts.length > 0)
    throw new BadFlatbuffer("trees and their places do not fit together");
  let total = 0;
  for (const [index, size] of sizes.entries()) {
    const start = starts[index] ?? total;
    if (size < 0 || start < 0 || start + size > splits)
      throw new BadFlatbuffer(`tree ${index} lies outside the splits`);
    total += size;
  }
  const steps = core.vector(trees, STEPS, 4);
  if (steps.count > 0) checkSteps(core, trees, steps);
  else checkLeaves(core, trees, sizes);
}

/** Symmetric trees: a tree of `size` splits has `2 ** size` leaves, each with a value per dimension. */
function checkLeaves(core: Flatbuffer, trees: number, sizes: readonly number[]): void {
  const dimension = core.number(trees, DIMENSION, "i32", 1);
  const values = core.vector(trees, LEAVES, 8).count;
  if (sizes.some((size) => size > MAX_TREE_DEPTH)) throw new BadFlatbuffer("a tree is deeper than can be");
  const needed = sizes.reduce((sum, size) => sum + 2 ** size, 0) * dimension;
  if (dimension < 1 || needed > values)
    throw new BadFlatbuffer(`its trees have ${needed} leaf values, of which ${values} are there`);
}

/** Other trees: each node says how far its children are, and a leaf which values are its own. */
function checkSteps(
  core: Flatbuffer,
  trees: number,
  { start, count }: { start: number; count: number },
): void {
  const leaves = [...core.integers(trees, LEAF_IDS)];
  const values = core.vector(trees, LEAVES, 8).count;
  if (leaves.length !== count) throw new BadFlatbuffer("nodes and their leaves do not fit together");
  for (let node = 0; node < count; node++) {
    const [left, right] = [core.u16(start + node * 4), core.u16(start + node * 4 + 2)];
    if (node + left >= count || node + right >= count)
      throw new BadFlatbuffer("a tree has a child that is not there");
    const leaf = (leaves[node] ?? 0) >>> 0;
    if (left === 0 && right === 0 && leaf >= values) throw new BadFlatbuffer("a leaf has no value");
  }
}
