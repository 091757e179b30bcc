import { speaksOfModel } from "../rules/names.js";
import type { TreeFile } from "../walk/tree.js";

export interface ModelFormat {
  readonly name: string;
  readonly provider: string;
}

type Test = (head: Buffer, path: string) => boolean;

const magic =
  (...texts: readonly string[]): Test =>
  (head) =>
    texts.some((text) => head.subarray(0, text.length).equals(Buffer.from(text, "latin1")));

const zip = magic("PK\x03\x04");
const pickle: Test = (head) => head[0] === 0x80 && (head[1] ?? 9) <= 5;
const hdf5 = magic("\x89HDF\r\n\x1a\n");
const protobuf: Test = (head) => head.length > 4 && [0x08, 0x0a, 0x12].includes(head[0] ?? 0);
const any: Test = () => true;
const safetensors: Test = (head) =>
  head.length >= 9 && head.readUInt32LE(4) === 0 && (head[8] === 0x7b || head[8] === 0x20);
const aboutModel: Test = (_, path) => speaksOfModel(path);
const both =
  (...tests: readonly Test[]): Test =>
  (head, path) =>
    tests.every((test) => test(head, path));
const either =
  (...tests: readonly Test[]): Test =>
  (head, path) =>
    tests.some((test) => test(head, path));

// A name alone says little: the first bytes have to agree. Weights that Git LFS or DVC keep elsewhere are told by their pointers.
const FORMATS: readonly [RegExp, string, string, Test][] = [
  [/\.safetensors$/i, "safetensors", "huggingface", safetensors],
  [/\.gguf$/i, "GGUF", "llama.cpp", magic("GGUF")],
  [/\.ggml$/i, "GGML", "llama.cpp", magic("lmgg", "fmgg", "tjgg", "ggml")],
  [/\.(onnx|ort)$/i, "ONNX", "onnx", either(protobuf, (head) => head.toString("latin1", 4, 8) === "ORTM")],
  [/\.(pt|pth|ckpt|pt2|ptl|torchscript)$/i, "PyTorch", "pytorch", either(zip, pickle, magic("PYTORCH"))],
  [
    /\.bin$/i,
    "PyTorch",
    "pytorch",
    both(
      either(zip, pickle),
      either(aboutModel, (_, path) => /pytorch_model|adapter_model|diffusion_pytorch/.test(path)),
    ),
  ],
  [
    /\.(h5|hdf5)$/i,
    "HDF5",
    "tensorflow",
    both(
      hdf5,
      either(aboutModel, (_, path) => /\.h5$/i.test(path)),
    ),
  ],
  [/\.keras$/i, "Keras", "tensorflow", either(zip, hdf5)],
  [/(^|\/)saved_model\.pb(txt)?$/i, "SavedModel", "tensorflow", any],
  [
    /\.pb$/i,
    "TensorFlow graph",
    "tensorflow",
    both(
      protobuf,
      either(aboutModel, (_, path) => /frozen|graph|inference/i.test(path)),
    ),
  ],
  [/\.(tflite|lite)$/i, "TensorFlow Lite", "tensorflow", (head) => head.toString("latin1", 4, 8) === "TFL3"],
  [
    /\.(joblib|skops)$/i,
    "joblib",
    "sklearn",
    either(pickle, zip, magic("\x1f\x8b", "BZh", "\xfd7zXZ", "\x78")),
  ],
  [/\.(pkl|pickle|sav|dill)$/i, "pickle", "sklearn", both(either(pickle, magic("\x1f\x8b")), aboutModel)],
  [/\.mlmodel$/i, "Core ML", "apple", protobuf],
  [/(^|\/)weights\.bin$/i, "Core ML", "apple", () => false],
  [/\.cbm$/i, "CatBoost", "catboost", magic("CBM1")],
  [/\.ubj$/i, "XGBoost", "xgboost", magic("{L", "{")],
  [
    /\.(bst|xgb|model)$/i,
    "XGBoost",
    "xgboost",
    both(
      either(magic("binf", "{L", '{"learner"'), (head) => head.toString("latin1", 0, 600).includes("gbtree")),
      any,
    ),
  ],
  [/\.(model|spm)$/i, "SentencePiece", "sentencepiece", () => false],
  [/\.pmml$/i, "PMML", "pmml", (head) => head.toString("latin1").includes("<PMML")],
  [/\.(engine|plan)$/i, "TensorRT", "tensorrt", magic("ftrt", "ptrt")],
  [/\.mar$/i, "TorchServe archive", "torchserve", zip],
  [
    /\.nemo$/i,
    "NeMo",
    "nvidia",
    either(magic("\x1f\x8b"), (head) => head.toString("latin1", 257, 262) === "ustar"),
  ],
  [/\.llamafile$/i, "llamafile", "llama.cpp", magic("MZ", "\x7fELF")],
  [/\.pdmodel$/i, "PaddlePaddle", "paddle", any],
  [/\.caffemodel$/i, "Caffe", "caffe", protobuf],
  [/\.weights$/i, "Darknet", "darknet", (head, path) => head.length >= 20 && /yolo|darknet/i.test(path)],
  [
    /(^|\/)model\.json$/i,
    "TensorFlow.js",
    "tensorflow",
    (head) =>
      head.toString("latin1").includes("modelTopology") ||
      /"format"\s*:\s*"(layers|graph)-model"/.test(head.toString("latin1")),
  ],
  [/\.txt$/i, "LightGBM", "lightgbm", (head) => head.toString("latin1", 0, 200).startsWith("tree\n")],
  [
    /\.json$/i,
    "XGBoost",
    "xgboost",
    (head) => /^\s*\{\s*"learner"\s*:/.test(head.toString("latin1", 0, 200)),
  ],
  [/\.zip$/i, "MOJO", "h2o", both(zip, (head) => head.toString("latin1").includes("model.ini"))],
  [/\.mlnet$/i, "ML.NET", "mlnet", zip],
];

/** A quick look at a name: may it be a model file? */
export const isModelName = (path: string): boolean =>
  (!/\.(json|txt|zip|bin|pb|model)$/i.test(path) && FORMATS.some(([name]) => name.test(path))) ||
  /(model|weights|classifier|saved_model)[^/]*\.(json|txt|zip|bin|pb|model)$/i.test(path);

/** The format of a model file; undefined for everything else. Reads the first kilobytes of candidates only. */
export function formatOfFile(file: TreeFile): ModelFormat | undefined {
  const path = file.path.replace(/\.dvc$/, "");
  const candidates = FORMATS.filter(([name]) => name.test(path));
  if (candidates.length === 0 || file.size === 0) return undefined;
  const head = file.read(4_096);
  if (!head || head.length === 0) return undefined;
  if (isPointer(head, file.path)) return pointedTo(path, candidates);
  const found = candidates.find(([, , , test]) => test(head, path));
  return found && { name: found[1], provider: found[2] };
}

// The bytes are elsewhere, so only a name that leaves no doubt counts.
function pointedTo(path: string, candidates: typeof FORMATS): ModelFormat | undefined {
  const found = candidates.find(
    ([, name]) => !/^(pickle|HDF5|MOJO|TensorFlow graph)$/.test(name) || speaksOfModel(path),
  );
  if (!found || (/\.(json|txt|zip|bin|pb)$/.test(path) && !speaksOfModel(path))) return undefined;
  return { name: `${found[1]} (kept elsewhere)`, provider: found[2] };
}

const isPointer = (head: Buffer, path: string): boolean =>
  head.toString("latin1", 0, 40).startsWith("version https://git-lfs.github.com/spec") ||
  (path.endsWith(".dvc") && /outs:/.test(head.toString("latin1")));
