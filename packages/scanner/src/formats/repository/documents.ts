import { leadsOut } from "../../archive/paths.js";
import type { Part, Scan } from "../../core/scan.js";
import { isImageDocument } from "../bundles/blobs.js";
import { isSkops, scanSkopsSchema } from "../bundles/skops.js";
import { checkXgboost, isXgboost } from "../trees/xgboost.js";
import { isObject, type JsonObject } from "./json.js";

/** The index of a model in several files: the loader joins each name to the model's directory. */
function scanShards(scan: Scan, part: Part, map: JsonObject): string {
  checkFiles(scan, part, Object.values(map));
  return "shards";
}

/** TensorFlow.js: a topology, and the files of the weights in groups. */
function scanTensorflowJs(scan: Scan, part: Part, manifest: readonly unknown[]): string {
  for (const group of manifest) {
    if (isObject(group) && Array.isArray(group.paths)) checkFiles(scan, part, group.paths);
  }
  return "tfjs";
}

function checkFiles(scan: Scan, part: Part, files: readonly unknown[]): void {
  for (const file of new Set(files)) {
    scan.budget.step();
    if (typeof file === "string" && !leadsOut(file) && !/^\w+:\/\//.test(file)) continue;
    scan.report("external-data-escape", part, `A shard lies in ${JSON.stringify(file)?.slice(0, 200)}.`, {
      cause: String(file),
    });
  }
}

/** JSON documents that are models themselves: named, and checked where their loaders trust them. */
export function scanDocument(scan: Scan, part: Part, value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  if (isXgboost(value)) {
    checkXgboost(scan, part, value);
    return "xgboost";
  }
  if (isObject(value.weight_map)) return scanShards(scan, part, value.weight_map);
  if (Array.isArray(value.weightsManifest)) return scanTensorflowJs(scan, part, value.weightsManifest);
  if (isImageDocument(value)) return "oci";
  if (isSkops(value)) return scanSkopsSchema(scan, part, value);
  if (Array.isArray(value.tree_info) && "feature_names" in value) return "lightgbm";
  if (isObject(value.model_info) && isObject(value.features_info)) return "catboost";
  return undefined;
}
