import type { Part, Scan } from "./scan.js";

/** Formats whose loading can run code, by the names that the router gives. */
const ACTIVE =
  /^(pickle|torch|torchscript|torch-legacy|torch-tar|keras|keras-h5|native|pyc|python)$|\+pickle/;

/** Extensions that people take for data only. */
const DATA_ONLY =
  /\.(safetensors|gguf|ggml|onnx|json|jsonl|txt|md|csv|tsv|ya?ml|toml|xml|pmml|png|jpe?g|gif|webp|wav|mp3|mp4|pdf|parquet|arrow|tflite|npy|skops)$/i;

const EXPECTED: readonly (readonly [RegExp, RegExp])[] = [
  [/\.safetensors$/i, /^safetensors$/],
  [/\.gguf$/i, /^gguf$/],
  [/\.onnx$/i, /^onnx$/],
  [/\.(h5|hdf5)$/i, /^(hdf5|keras-h5)$/],
  [/\.keras$/i, /^(keras|zip)$/],
  [/\.npy$/i, /^npy$/],
  [/\.npz$/i, /^(npz|zip)$/],
  [/\.tflite$/i, /^tflite$/],
  [/\.(pkl|pickle|dill|p)$/i, /^(pickle|torch|torchscript|torch-legacy)$|\+pickle$/],
  [/\.joblib$/i, /pickle$/],
  [/\.(pt|pth|ckpt)$/i, /^(torch|torchscript|torch-legacy|torch-tar|pickle)$/],
  [/\.skops$/i, /^skops$/],
  [/\.nemo$/i, /^(gzip\+)?(nemo|tar)$/],
  [/\.mar$/i, /^(mar|zip|gzip\+tar)$/],
  [/\.pte$/i, /^executorch$/],
  [/\.zip$/i, /^(zip|npz|torch|torchscript|keras|mar|skops|coreml)$/],
  [
    /\.(json|ipynb)$/i,
    /^(json|keras-config|notebook|text|empty|xgboost|lightgbm|catboost|oci|shards|skops-schema|tfjs)$/,
  ],
  [/\.xml$/i, /^(xml|pmml|openvino)$/],
  [/\.pmml$/i, /^pmml$/],
  [/\.(cbm|ubj)$/i, /^(catboost|xgboost)$/],
];

/** The extension is only a hint for the scanner, but others trust it: a lie about the content is a finding. */
export function checkExtension(scan: Scan, part: Part, format: string): void {
  const shown = JSON.stringify(part.name);
  if (DATA_ONLY.test(part.name) && ACTIVE.test(format)) {
    scan.report("extension-lie", part, `The name ${shown} promises data, the content is ${format}.`);
    return;
  }
  const expected = EXPECTED.find(([name]) => name.test(part.name))?.[1];
  if (expected && !expected.test(format)) {
    scan.report(
      "extension-mismatch",
      part,
      `The name ${shown} does not fit the content, which is ${format}.`,
    );
  }
}
