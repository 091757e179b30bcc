import { classify } from "../../globals/classify.js";
import { STDLIB } from "../../globals/stdlib-modules.js";

/** What deserialising a name does: Keras' own object, an act, or something that the user must bring. */
export type KerasName = "own" | "acts" | "custom";

const ROOT =
  /^(keras|tf_keras|keras_core|keras_hub|keras_nlp|keras_cv|keras_tuner|tensorflow\.keras|tensorflow\.python\.keras|keras_preprocessing)(\.|$)/;
/** Directories of re-exports that may stand between the package and a module. */
const SHELL = /^(src|api|_v1|_v2|v2|keras|_tf_keras|legacy|python)$/;
/**
 * Packages of Keras in which only classes with a configuration lie. Others (`utils`, `saving`, `callbacks`, `datasets`,
 * `backend` ...) hold functions that download, load or write: CVE-2025-8747, CVE-2025-9906, GHSA-36fq-jgmw-4r9c.
 */
const CLASS_PACKAGE =
  /^(layers|models|optimizers|losses|metrics|initializers|regularizers|constraints|activations|ops|random|dtype_policies|mixed_precision|quantizers|engine|trainers|applications|samplers|tokenizers|wrappers|experimental|feature_column|premade_models|premade|distribution|distribute|preprocessing|tokenizer|hyperparameters|tuners|bounding_box|visualization|dtype_policy|training|core|base_layer|input_layer|sequential|functional|rnn|rematerialization)$/;
/** Classes of other packages that honest models name. */
const CLASS = /^(FeatureSpace|Feature|Cross|TensorBoard|CallbackList|KerasTensor|Variable|Remat\w*)$/;
/** Packages whose functions compute from tensors only. */
const FUNCTION_PACKAGE =
  /^(activations|losses|metrics|regularizers|constraints|initializers|ops|random|nn|backend|layers|optimizers)$/;
const ACTING_FUNCTION =
  /get_file|load|save|read|write|open|import|exec|eval|deserialize|from_config|from_json|clear_session|set_|enable_|global|register|serialize|download|extract|print|file|path|scope|custom_object|lambda|^get$/;
/** Well-known packages; what a configuration names there is nobody's layer. */
const KNOWN_PACKAGES =
  /^(torch|numpy|scipy|sklearn|pandas|jax|jaxlib|flax|optax|tensorflow|tensorflow_io|google|absl|requests|httpx|aiohttp|urllib3|pip|setuptools|pkg_resources|wheel|joblib|dill|cloudpickle|yaml|ruamel|IPython|ipykernel|jupyter_client|notebook|matplotlib|PIL|cv2|paramiko|fabric|invoke|sh|plumbum|pexpect|psutil|django|flask|fastapi|starlette|boto3|botocore|numba|cffi|cython|Cython|pycparser|transformers|huggingface_hub|datasets|accelerate|peft|diffusers|onnx|onnxruntime|mlflow|wandb|ray|dask|pyarrow|h5py|tables|cupy|nltk|spacy|gensim|lightgbm|xgboost|catboost|rich|click|typer|git|docker|kubernetes|cryptography|ansible|celery|gevent|twisted|tornado|zmq|sympy|networkx|pytest|_pytest|py|jinja2|mako|markupsafe|six|attr|attrs|pydantic|msgpack|tqdm|optree|namex|webbrowser)(\.|$)/;

/** What Keras makes of the class `module.name`. */
export function judgeClass(module: string, name: string, registered: boolean): KerasName {
  if (ROOT.test(module)) return ownClass(module, name) ? "own" : "acts";
  if (module === "builtins") return judgeBuiltin(name);
  return judgeForeign(module, name, registered);
}

/** What Keras makes of the function `module.name`. */
export function judgeFunction(module: string, name: string): KerasName {
  if (module === "") return "own";
  if (ROOT.test(module)) return ownFunction(module, name) ? "own" : "acts";
  // Keras writes `builtins` for functions of its own and the user's, and looks the name up among those.
  if (module === "builtins") return judgeBuiltin(name);
  return judgeForeign(module, name, false);
}

function packageOf(module: string): string {
  const rest = module.replace(ROOT, "").split(".");
  return rest.find((part) => part !== "" && !SHELL.test(part)) ?? "";
}

function ownClass(module: string, name: string): boolean {
  if (!/^_*[A-Z]\w*$/.test(name)) return false;
  const inside = packageOf(module);
  if (/^(keras_hub|keras_nlp|keras_cv)\b/.test(module) && !/^(utils|saving|callbacks)$/.test(inside))
    return true;
  return inside === "" || CLASS_PACKAGE.test(inside) || CLASS.test(name);
}

function ownFunction(module: string, name: string): boolean {
  const inside = packageOf(module);
  if (inside === "applications") return name === "preprocess_input";
  return FUNCTION_PACKAGE.test(inside) && /^[a-z_]\w*$/.test(name) && !ACTING_FUNCTION.test(name);
}

const BUILTIN_VALUE =
  /^(dict|list|tuple|set|frozenset|str|int|float|bool|complex|bytes|slice|range|NoneType|object|type|ellipsis)$/;

function judgeBuiltin(name: string): KerasName {
  if (BUILTIN_VALUE.test(name) || /^__\w+__$/.test(name)) return name === "__import__" ? "acts" : "own";
  return classify("builtins", name).level === "dangerous" ? "acts" : "own";
}

function judgeForeign(module: string, name: string, registered: boolean): KerasName {
  const { level } = classify(module, name);
  if (level === "dangerous") return "acts";
  const top = module.split(".", 1)[0] ?? "";
  if (STDLIB.has(top)) return module === "__main__" || registered ? "custom" : "acts";
  // TensorFlow's own packages register layers (Addons, Probability, Hub, Text, Decision Forests).
  if (/^tensorflow_\w+/.test(top) && top !== "tensorflow_io") return "custom";
  return KNOWN_PACKAGES.test(module) ? "acts" : "custom";
}
