import type { Part, Scan } from "../../core/scan.js";
import type { Source } from "../../core/source.js";
import { carve } from "../../pickle/streams.js";
import { isObject } from "../repository/json.js";
import { type Numbers, treeFault } from "./tree-shape.js";
import { BadUbjson, parseUbjson } from "./ubjson.js";
import { checkXgboost, featureFault, isXgboost } from "./xgboost.js";

/** XGBoost's UBJSON, the default of `save_model` since 2.1. */
export function scanUbjson(scan: Scan, part: Part): string {
  try {
    const { value, end } = parseUbjson(part.source, scan.budget);
    if (end < part.source.size) {
      scan.report("trailing-data", part, `${part.source.size - end} bytes follow the model.`, {
        offset: end,
      });
      carve(scan, part, end, part.source.size);
    }
    if (!isObject(value) || !isXgboost(value)) return "ubjson";
    checkXgboost(scan, part, value);
  } catch (error) {
    if (!(error instanceof BadUbjson)) throw error;
    malformed(scan, part, error.message);
  }
  return "xgboost";
}

function malformed(scan: Scan, part: Part, why: string): void {
  scan.report("trees-malformed", part, `The XGBoost model is malformed: ${why}.`, { cause: "trees" });
}

// The binary format that XGBoost wrote until 3.0: LearnerModelParamLegacy, two names, then GBTreeModelParam and trees.
const LEARNER = 136;
const TREES = 160;
const TREE = 148;
const NODE = 20;
const STATISTICS = 16;
const MAX_NAME = 64;
const OBJECTIVE = /^(reg|binary|multi|rank|count|survival|custom|gpu|multilabel)(:[\w-]{1,40})?$/;
const BOOSTER = /^(gbtree|dart|gblinear)$/;
/** A node's feature without the bit that says where missing values go. */
const INDEX = 0x7fffffff;

const prefixOf = (source: Source): number => (source.read(0, 4).toString("latin1") === "binf" ? 4 : 0);

interface Name {
  text: string;
  end: number;
}

function nameAt(source: Source, at: number): Name | undefined {
  const head = source.read(at, 8 + MAX_NAME);
  if (head.length < 9) return undefined;
  const length = head.readBigUInt64LE(0);
  if (length < 1n || length > MAX_NAME || 8 + Number(length) > head.length) return undefined;
  return { text: head.toString("latin1", 8, 8 + Number(length)), end: at + 8 + Number(length) };
}

function namesOf(source: Source): { booster: string; end: number } | undefined {
  const objective = nameAt(source, prefixOf(source) + LEARNER);
  if (!objective || !OBJECTIVE.test(objective.text)) return undefined;
  const booster = nameAt(source, objective.end);
  return booster && BOOSTER.test(booster.text) ? { booster: booster.text, end: booster.end } : undefined;
}

export const looksLikeXgboostBinary = (_: Scan, source: Source): boolean => namesOf(source) !== undefined;

export function scanXgboostBinary(scan: Scan, part: Part): string {
  const { source } = part;
  const names = namesOf(source);
  if (!names || names.booster === "gblinear") return "xgboost";
  const features = source.read(prefixOf(source) + 4, 4).readUInt32LE(0);
  const head = source.read(names.end, TREES);
  const count = head.length < TREES ? -1 : head.readInt32LE(0);
  if (count < 0) malformed(scan, part, "it ends before its trees");
  let at = names.end + TREES;
  for (let i = 0; i < count; i++) {
    const tree = source.read(at, TREE);
    const nodes = tree.length < TREE ? -1 : tree.readInt32LE(4);
    const end = at + TREE + nodes * (NODE + STATISTICS);
    const fault =
      nodes <= 0 || end > source.size
        ? "it ends inside a tree"
        : checkNodes(scan, source.read(at + TREE, nodes * NODE), features);
    if (fault !== undefined) {
      malformed(scan, part, `${fault} (tree ${i})`);
      return "xgboost";
    }
    at = end;
  }
  carve(scan, part, at, source.size);
  return "xgboost";
}

/** Nodes: parent, left, right, feature with a bit for the default side, threshold. */
function checkNodes(scan: Scan, bytes: Buffer, features: number): string | undefined {
  const column = (at: number): Numbers => ({
    length: bytes.length / NODE,
    at: (node) => bytes.readInt32LE(node * NODE + at),
  });
  const [left, right] = [column(4), column(8)];
  const isLeaf = (node: number): boolean => left.at(node) === -1;
  return treeFault(
    {
      nodes: left.length,
      children: (node) => (isLeaf(node) ? [] : [left.at(node), right.at(node)]),
      fault: (node) =>
        isLeaf(node) ? undefined : featureFault(bytes.readUInt32LE(node * NODE + 12) & INDEX, features),
    },
    scan.budget,
  );
}
