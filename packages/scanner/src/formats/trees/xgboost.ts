import type { Part, Scan } from "../../core/scan.js";
import { isObject, type JsonObject } from "../repository/json.js";
import { type Numbers, numberOf, numbersOf, treeFault } from "./tree-shape.js";
import { TypedArray } from "./ubjson.js";

/** Arrays of a tree that have one number for each node. */
const PER_NODE = ["left_children", "right_children", "split_indices", "split_conditions", "default_left"];

/** A model that `Booster.save_model` wrote, or the same inside what pickles and checkpoints of XGBoost hold. */
export function isXgboost(value: JsonObject): boolean {
  return isLearner(isObject(value.Model) ? value.Model.learner : value.learner);
}

function isLearner(value: unknown): value is JsonObject {
  return (
    isObject(value) && isObject(value.gradient_booster) && typeof value.gradient_booster.name === "string"
  );
}

/** Checks every tree of a model, written as JSON or as UBJSON. */
export function checkXgboost(scan: Scan, part: Part, document: JsonObject): void {
  const { learner } = isObject(document.Model) ? document.Model : document;
  if (!isLearner(learner)) return;
  const { learner_model_param: parameters, gradient_booster: booster } = learner;
  const features = isObject(parameters) ? numberOf(parameters.num_feature) : 0;
  for (const model of models(booster)) {
    for (const [index, tree] of (Array.isArray(model.trees) ? model.trees : []).entries()) {
      const fault = isObject(tree) ? checkTree(scan, tree, features) : "a tree is no object";
      if (fault === undefined) continue;
      scan.report("trees-malformed", part, `Tree ${index} of the XGBoost model: ${fault}.`, {
        cause: "trees",
      });
      return;
    }
  }
}

/** The model of a tree booster; `dart` wraps another booster. */
function* models(booster: unknown): Generator<JsonObject> {
  if (!isObject(booster)) return;
  if (isObject(booster.model)) yield booster.model;
  if (isObject(booster.gbtree) && isObject(booster.gbtree.model)) yield booster.gbtree.model;
}

function numbers(value: unknown): Numbers | undefined {
  if (Array.isArray(value)) return numbersOf(value);
  return value instanceof TypedArray ? value : undefined;
}

function checkTree(scan: Scan, tree: JsonObject, features: number): string | undefined {
  const left = numbers(tree.left_children);
  const right = numbers(tree.right_children);
  const split = numbers(tree.split_indices);
  if (!left || !right || !split) return "its children or features are missing";
  const stated = isObject(tree.tree_param) ? numberOf(tree.tree_param.num_nodes) : Number.NaN;
  if (stated !== left.length) return `it states ${stated} nodes and has ${left.length}`;
  for (const name of PER_NODE) {
    const array = numbers(tree[name]);
    if (array && array.length !== left.length) return `${name} has ${array.length} of ${left.length} numbers`;
  }
  const isLeaf = (node: number): boolean => left.at(node) === -1;
  const fault = treeFault(
    {
      nodes: left.length,
      // With vectors in the leaves, a leaf's right child is the number of its vector.
      children: (node) => (isLeaf(node) ? [] : [left.at(node), right.at(node)]),
      fault: (node) => (isLeaf(node) ? undefined : featureFault(split.at(node), features)),
    },
    scan.budget,
  );
  return fault ?? checkCategories(tree, left.length);
}

export function featureFault(feature: number, features: number): string | undefined {
  if (feature >= 0 && (feature < features || features === 0)) return undefined;
  return `a node asks for the feature ${feature} of ${features}`;
}

/** Categories are slices of one array: their ends must lie in it, their nodes in the tree. */
function checkCategories(tree: JsonObject, nodes: number): string | undefined {
  const [all, of, starts, sizes] = [
    "categories",
    "categories_nodes",
    "categories_segments",
    "categories_sizes",
  ].map((name) => numbers(tree[name]));
  if (!all || !of || !starts || !sizes) return undefined;
  if (of.length !== starts.length || of.length !== sizes.length) return "its categories do not fit together";
  for (let i = 0; i < of.length; i++) {
    const node = of.at(i);
    const [start, size] = [starts.at(i), sizes.at(i)];
    if (!(node >= 0 && node < nodes)) return "categories belong to a node that is not there";
    if (!(start >= 0 && size >= 0 && start + size <= all.length)) return "categories lie outside their array";
  }
  return undefined;
}
