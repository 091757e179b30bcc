import type { Part, Scan } from "../../core/scan.js";
import { classify } from "../../globals/classify.js";
import { actingTensorflowSymbol } from "../graphs/tensorflow-operators.js";
import { isObject, type JsonObject } from "../repository/json.js";
import { judgeClass, judgeFunction } from "./names.js";

/** Layers that load a model or code from a file or from text: CVE-2026-1462, CVE-2025-49655. */
const FILE_LAYERS = new Set([
  "TFSMLayer",
  "TorchModuleWrapper",
  "JaxLayer",
  "FlaxLayer",
  "TFSMLayerWrapper",
  "KerasLayer",
]);
/** Arguments of layers that are read as a file when they are text: CVE-2025-12058. */
const FILE_ARGUMENTS = ["vocabulary", "merges", "proto", "idf_weights", "vocabulary_file"];
const FILE_READERS = /(Lookup|Vectorization|Tokenizer|Hashing)$/;

/** Walks a Keras configuration: every object that loading makes, at any depth. */
export function scanKerasConfig(scan: Scan, part: Part, root: unknown): void {
  const queue: object[] = typeof root === "object" && root !== null ? [root] : [];
  for (let value = queue.pop(); value !== undefined; value = queue.pop()) {
    scan.budget.step(8);
    if (isObject(value)) checkKerasObject(scan, part, value);
    for (const item of Object.values(value)) {
      if (typeof item === "object" && item !== null) queue.push(item);
    }
  }
}

/** Checks one object of a configuration, not what it holds. */
export function checkKerasObject(scan: Scan, part: Part, object: JsonObject): void {
  if (typeof object.class_name !== "string") return;
  // A registered name is `package>name`, and takes precedence over the class's.
  const name = object.class_name.slice(object.class_name.lastIndexOf(">") + 1);
  const { config } = object;
  if (name === "__lambda__" || name === "Lambda" || isLambdaConfig(config)) {
    checkLambda(scan, part, name, object);
  } else if (name === "function" || name === "builtin_function_or_method") checkFunction(scan, part, object);
  else if (name === "__typespec__") checkTypeSpec(scan, part, object);
  else if (name === "TFOpLambda" || name === "ClassMethod") checkOperator(scan, part, name, config);
  else checkClass(scan, part, name, object);
  if (FILE_LAYERS.has(name)) reportFileLayer(scan, part, name, config);
  if (FILE_READERS.test(name) && isObject(config)) checkFileArguments(scan, part, name, config);
}

function isLambdaConfig(config: unknown): boolean {
  if (!isObject(config)) return false;
  return ["function_type", "output_shape_type", "mask_type"].some((key) => config[key] === "lambda");
}

/** Bytecode stands in a list or a `__tuple__` (Keras 2), or in an object of `code` (Keras 3). */
function checkLambda(scan: Scan, part: Part, name: string, object: JsonObject): void {
  const target = isObject(object.config) ? object.config.function : undefined;
  const named = typeof target === "string" ? target : namedFunction(target);
  if (name === "__lambda__" || isLambdaConfig(object.config) || named === undefined) {
    const message = `The layer ${JSON.stringify(name)} carries Python bytecode.`;
    scan.report("keras-lambda", part, message, { cause: "lambda" });
    return;
  }
  // A function object is judged for itself when the walk reaches it.
  if (typeof target !== "string") return;
  const module = isObject(object.config) ? text(object.config.module) : "";
  if (actsWhenLookedUp(module, target)) {
    const message = `The layer ${JSON.stringify(name)} calls the function ${shown(`${module}.${target}`)}.`;
    scan.report("keras-unsafe-object", part, message, { cause: `${module}.${target}` });
    return;
  }
  const message = `The layer ${JSON.stringify(name)} calls the function ${shown(named)}, which the file lacks.`;
  scan.report("keras-custom-object", part, message, { cause: named });
}

/** Keras 2 looks the function up in the module that the layer names, if the program has imported it. */
function actsWhenLookedUp(module: string, name: string): boolean {
  if (module === "" || module === "__main__") return false;
  const { level, origin } = classify(module, name);
  return level === "dangerous" || (origin === "python" && level !== "safe");
}

function namedFunction(target: unknown): string | undefined {
  if (!isObject(target) || target.class_name === "__lambda__") return undefined;
  if (isObject(target.config) && "code" in target.config) return undefined;
  return typeof target.class_name === "string" && target.class_name !== "__tuple__"
    ? target.class_name
    : undefined;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function checkFunction(scan: Scan, part: Part, object: JsonObject): void {
  const module = text(object.module);
  const name = typeof object.config === "string" ? object.config : text(object.registered_name);
  const judged = judgeFunction(module, name);
  if (judged === "own") return;
  const path = shown(`${module}.${name}`);
  if (judged === "acts") {
    const message = `The configuration makes the function ${path} part of the model.`;
    scan.report("keras-unsafe-object", part, message, { cause: path });
  } else reportCustom(scan, part, `The function ${path} is none of Keras' own.`, path);
}

function checkClass(scan: Scan, part: Part, name: string, object: JsonObject): void {
  const module = text(object.module);
  if (module === "") return;
  const judged = judgeClass(module, name, Boolean(object.registered_name));
  if (judged === "own") return;
  const path = shown(`${module}.${name}`);
  if (judged === "acts") {
    scan.report("keras-unsafe-object", part, `The configuration imports ${path}.`, { cause: path });
  } else reportCustom(scan, part, `The class ${path} is none of Keras' own.`, path);
}

function reportCustom(scan: Scan, part: Part, message: string, cause: string): void {
  scan.report("keras-custom-object", part, message, { cause });
}

/** Keras imports the specification's class and calls its `_deserialize`. */
function checkTypeSpec(scan: Scan, part: Part, object: JsonObject): void {
  const module = text(object.module);
  const name = text(object.spec_name);
  if (/^tensorflow(\.|$)|^$/.test(module) && /^[A-Z]\w*Spec(V2)?$|^$/.test(name)) return;
  const path = shown(`${module}.${name}`);
  scan.report("keras-unsafe-object", part, `The configuration imports ${path}.`, { cause: path });
}

/** Keras 2 writes calls of `tf.*` as layers, and calls them again with their arguments when it loads. */
function checkOperator(scan: Scan, part: Part, name: string, config: unknown): void {
  if (!isObject(config)) return;
  const target = text(name === "ClassMethod" ? config.cls_ref : config.function);
  if (!actingTensorflowSymbol(target)) return;
  const message = `The layer ${name} calls ${shown(`tf.${target}`)}.`;
  scan.report("keras-unsafe-object", part, message, { cause: target });
}

function reportFileLayer(scan: Scan, part: Part, name: string, config: unknown): void {
  const path = isObject(config) ? text(config.filepath ?? config.path ?? config.handle) : "";
  if (name === "KerasLayer" && path === "") return;
  const message = `The layer ${name} loads code or a model from ${shown(path)}.`;
  scan.report("keras-unsafe-object", part, message, { cause: name });
}

function checkFileArguments(scan: Scan, part: Part, name: string, config: JsonObject): void {
  for (const argument of FILE_ARGUMENTS) {
    const path = config[argument];
    // The bytes of a SentencePiece model come in base64, which is no path.
    if (typeof path !== "string" || path === "" || (argument === "proto" && path.length > 1024)) continue;
    const message = `The layer ${name} reads ${shown(path)}.`;
    scan.report("keras-file-access", part, message, { cause: name });
  }
}

/** Whether a document is a Keras configuration: a serialised object, or a model with its Keras version. */
export function isKerasConfig(value: unknown): boolean {
  if (!isObject(value)) return false;
  if (typeof value.class_name === "string" && "config" in value) return true;
  return "keras_version" in value && isObject(value.model_config);
}

/**
 * An object inside another document that Keras would make: `load_model` walks lists and plain objects on its way to
 * them, so a configuration need not begin with one.
 */
export function isKerasObject(object: JsonObject): boolean {
  if (typeof object.class_name !== "string" || !("config" in object)) return false;
  if (object.class_name === "__lambda__" || isLambdaConfig(object.config)) return true;
  return typeof object.module === "string" && "registered_name" in object;
}
