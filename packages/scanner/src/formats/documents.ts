import type { Part, Scan } from "../core/scan.js";
import { isImageDocument } from "./blobs.js";
import { isObject } from "./json.js";
import { isSkops, scanSkopsSchema } from "./skops.js";
import { checkXgboost, isXgboost } from "./xgboost.js";

/** JSON documents that are models themselves: named, and checked where their loaders trust them. */
export function scanDocument(scan: Scan, part: Part, value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  if (isXgboost(value)) {
    checkXgboost(scan, part, value);
    return "xgboost";
  }
  if (isImageDocument(value)) return "oci";
  if (isSkops(value)) return scanSkopsSchema(scan, part, value);
  if (Array.isArray(value.tree_info) && "feature_names" in value) return "lightgbm";
  if (isObject(value.model_info) && isObject(value.features_info)) return "catboost";
  return undefined;
}
