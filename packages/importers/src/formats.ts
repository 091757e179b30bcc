const MODEL =
  /\.(safetensors|onnx|pt|pth|ckpt|pkl|pickle|joblib|h5|hdf5|keras|gguf|ggml|pb|tflite|mlmodel|bst|ubj|cbm|lgb|npz|msgpack|engine|torchscript|skops)$/i;
// Frameworks write weights under these names too; `.bin` alone could be anything.
const WEIGHTS =
  /(^|\/)(pytorch_model|model|adapter_model|diffusion_pytorch_model|consolidated|tf_model|flax_model)[^/]*\.bin$/i;
const DATA = /\.(csv|tsv|parquet|jsonl|ndjson|arrow|feather|avro|orc|tfrecord)(\.gz|\.zst)?$/i;

export const isModelFile = (path: string): boolean => MODEL.test(path) || WEIGHTS.test(path);
export const isDataFile = (path: string): boolean => DATA.test(path);

/** The extension that says what a data file is, without its compression. */
export const dataFormat = (path: string): string | undefined => DATA.exec(path)?.[1]?.toLowerCase();

const FRAMEWORKS: [RegExp, string][] = [
  [/\.safetensors$/i, "safetensors"],
  [/\.onnx$/i, "onnx"],
  [/\.(pt|pth|ckpt|torchscript)$|pytorch_model[^/]*\.bin$/i, "pytorch"],
  [/\.(pkl|pickle|joblib|skops)$/i, "scikit-learn"],
  [/\.(h5|hdf5|keras)$/i, "keras"],
  [/\.(gguf|ggml)$/i, "gguf"],
  [/\.(pb|tflite)$/i, "tensorflow"],
  [/\.(bst|ubj)$/i, "xgboost"],
];

export const frameworkOfFile = (path: string): string | undefined =>
  FRAMEWORKS.find(([pattern]) => pattern.test(path))?.[1];
