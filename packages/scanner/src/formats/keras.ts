import type { Part, Scan } from "../core/scan.js";
import { isObject, type JsonObject } from "./json.js";

/** Modules whose classes Keras itself deserialises. Anything else is imported by name. */
const KERAS_MODULE =
  /^(keras|tf_keras|tensorflow\.keras|tensorflow\.python\.keras|keras\.src|keras\.api|keras\.engine|keras\.saving)(\.(layers|models|optimizers|losses|metrics|initializers|regularizers|constraints|activations|engine|functional|sequential|legacy|core|convolutional|pooling|normalization|merging|regularization|reshaping|rnn|attention|activation|preprocessing|random|dtype_policies|dtype_policy|mixed_precision|src|api|v2|_tf_keras|keras|ops|quantizers|experimental|trainers|applications|saving|serialization_lib|object_registration|\w*_initializers|loss_scale_optimizer|training|base_layer|input_layer|schedules|learning_rate_schedule|optimizer_v2|backend|tensor|keras_tensor|distribution|nn|rematerialization|[a-z0-9_]+))*$/;
/** Parts of Keras whose functions act when they are called. */
const ACTING =
  /(^|\.)(utils|src\.utils|saving|src\.saving|models\.cloning|callbacks|datasets|file_utils|io_utils|preprocessing\.image_dataset|wrappers|export|config|dataset_utils|module_utils|summary_utils|model_visualization|python_utils|visualization)(\.|$)/;

const LAMBDA = /^(__lambda__|Lambda)$/;
const FILE_LAYERS = new Set(["TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer", "TFSMLayerWrapper"]);
const VOCABULARY_LAYERS = new Set(["StringLookup", "IntegerLookup", "TextVectorization", "IndexLookup"]);
const MAX_NODES = 500_000;

/** Walks a Keras configuration: every object that loading makes, at any depth. */
export function scanKerasConfig(scan: Scan, part: Part, root: unknown): void {
  const queue: unknown[] = [root];
  for (let count = 0; queue.length > 0; count++) {
    scan.budget.step(8);
    if (count > MAX_NODES) {
      scan.report("limit-reached", part, "The configuration has more objects than are examined.", {
        cause: "keras",
      });
      return;
    }
    const value = queue.pop();
    if (isObject(value)) checkObject(scan, part, value);
    if (typeof value !== "object" || value === null) continue;
    for (const item of Object.values(value)) queue.push(item);
  }
}

function checkObject(scan: Scan, part: Part, object: JsonObject): void {
  const name = object.class_name;
  if (typeof name !== "string") return;
  const module = typeof object.module === "string" ? object.module : "";
  const config = object.config;
  if (LAMBDA.test(name) || isLambdaConfig(config)) {
    const code = lambdaCode(object);
    if (code || name === "__lambda__") {
      scan.report("keras-lambda", part, `The layer ${JSON.stringify(name)} carries Python bytecode.`, {
        cause: "lambda",
      });
    } else reportNamedFunction(scan, part, name, config);
    return;
  }
  if (name === "function" || name === "builtin_function_or_method") checkFunction(scan, part, module, object);
  else if (module) checkModule(scan, part, module, name, object);
  if (FILE_LAYERS.has(name)) reportFileLayer(scan, part, name, config);
  if (VOCABULARY_LAYERS.has(name) && isObject(config)) checkVocabulary(scan, part, name, config);
}

function isLambdaConfig(config: unknown): boolean {
  if (!isObject(config)) return false;
  return (
    config.function_type === "lambda" ||
    config.output_shape_type === "lambda" ||
    config.mask_type === "lambda"
  );
}

/** Bytecode stands in a list (Keras 2) or in `code` (Keras 3). */
function lambdaCode(object: JsonObject): boolean {
  const text = JSON.stringify(object).slice(0, 1_000_000);
  return /"function_type":\s*"lambda"|"__lambda__"|"code":\s*"/.test(text) || /"function":\s*\["/.test(text);
}

function reportNamedFunction(scan: Scan, part: Part, name: string, config: unknown): void {
  const target = isObject(config) ? config.function : undefined;
  const shown = typeof target === "string" ? target : "a function";
  scan.report("keras-lambda", part, `The layer ${JSON.stringify(name)} calls ${shown} by name.`, {
    cause: "lambda",
  });
}

function checkFunction(scan: Scan, part: Part, module: string, object: JsonObject): void {
  const target = typeof object.config === "string" ? object.config : String(object.registered_name ?? "");
  if (module === "builtins" && /^[a-z_0-9]+$/.test(target) && !DANGEROUS_BUILTIN.test(target)) return;
  if (KERAS_MODULE.test(module) && !ACTING.test(module)) return;
  const message = `The configuration makes the function ${module}.${target} part of the model.`;
  scan.report("keras-unsafe-object", part, message, { cause: `${module}.${target}` });
}

const DANGEROUS_BUILTIN =
  /^(eval|exec|compile|open|__import__|getattr|setattr|input|globals|vars|breakpoint|delattr|exit)$/;

function checkModule(scan: Scan, part: Part, module: string, name: string, object: JsonObject): void {
  if (
    module === "builtins" &&
    /^(dict|list|tuple|set|str|int|float|bool|slice|NoneType|__tensor__|__numpy__|__typespec__|__bytes__|__ellipsis__|__complex__)$/.test(
      name,
    )
  )
    return;
  if (KERAS_MODULE.test(module) && !ACTING.test(module)) return;
  if (module === "builtins" && name.startsWith("__")) return;
  if (KERAS_MODULE.test(module) && /^[A-Z]/.test(name) && !/utils|config/.test(module)) return;
  if (object.registered_name && isCustom(module)) {
    const message = `The class ${module}.${name} is none of Keras' own.`;
    scan.report("keras-custom-object", part, message, { cause: `${module}.${name}` });
    return;
  }
  scan.report("keras-unsafe-object", part, `The configuration imports ${module}.${name}.`, {
    cause: `${module}.${name}`,
  });
}

/** A registered class of somebody's own package; not a part of Python or of a framework. */
function isCustom(module: string): boolean {
  return !/^(os|sys|subprocess|builtins|importlib|pickle|shutil|socket|ctypes|torch|numpy|tensorflow|keras|runpy|posix|nt|pty|code|timeit|pdb|urllib|requests|http)(\.|$)/.test(
    module,
  );
}

function reportFileLayer(scan: Scan, part: Part, name: string, config: unknown): void {
  const path = isObject(config) ? (config.filepath ?? config.path ?? "") : "";
  const message = `The layer ${name} loads code or a model from ${JSON.stringify(path)}.`;
  scan.report("keras-unsafe-object", part, message, { cause: name });
}

/** CVE-2025-12058: a vocabulary given as a path is read while loading. */
function checkVocabulary(scan: Scan, part: Part, name: string, config: JsonObject): void {
  const { vocabulary } = config;
  if (typeof vocabulary !== "string" || vocabulary === "") return;
  scan.report(
    "keras-file-access",
    part,
    `The layer ${name} reads ${JSON.stringify(vocabulary.slice(0, 200))}.`,
    { cause: name },
  );
}

export function isKerasConfig(value: unknown): boolean {
  if (!isObject(value)) return false;
  if (typeof value.class_name === "string" && "config" in value) return true;
  return "keras_version" in value && isObject(value.model_config);
}
