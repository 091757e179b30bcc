import { ASK } from "./remedies.js";
import type { Rule } from "./rule.js";

export type GraphRuleId =
  | "onnx-malformed"
  | "onnx-custom-operator"
  | "onnx-external-key"
  | "onnx-external-range"
  | "onnx-memory-address"
  | "onnx-python-operator"
  | "gguf-malformed"
  | "tensorflow-operator"
  | "tensorflow-malformed"
  | "tflite-custom-operator"
  | "torchscript-operator"
  | "coreml-custom"
  | "coreml-malformed"
  | "paddle-operator"
  | "caffe-python-layer"
  | "compiled-engine"
  | "flatbuffer-malformed"
  | "executorch-custom-operator"
  | "ggml-malformed"
  | "openvino-malformed"
  | "openvino-custom-operator"
  | "openvino-library"
  | "trees-malformed";

export const GRAPH_RULES: Readonly<Record<GraphRuleId, Rule>> = {
  "onnx-malformed": {
    title: "The ONNX file cannot be parsed",
    severity: "medium",
    outcome: "incomplete",
    consequence: "Loaders refuse the file, or read what the scanner could not.",
    remedy: ASK,
    references: [],
  },
  "onnx-custom-operator": {
    title: "The model needs operators of its own",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Running the model needs a native library that implements them.",
    remedy: "Install such a library only from whom you trust.",
    references: [],
  },
  "onnx-external-range": {
    title: "External data goes beyond the end of its file",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Loaders refuse the model, or take what follows in memory for weights.",
    remedy: "Fetch the data file again; if it stays so, ask whoever made the model.",
    references: ["CWE-125"],
  },
  "onnx-memory-address": {
    title: "A tensor's data is an address of memory",
    severity: "high",
    outcome: "malicious",
    consequence:
      "onnxruntime before it refused such models, and OpenVINO, read the memory of the process there and make it part of the model.",
    remedy: ASK,
    references: ["CWE-822"],
  },
  "onnx-external-key": {
    title: "External data has fields that the format does not know",
    severity: "medium",
    outcome: "suspicious",
    consequence:
      "Loaders that copy every field set attributes of their own objects, or read beyond the data file.",
    remedy: ASK,
    references: ["CVE-2026-34446", "CVE-2026-34447"],
  },
  "onnx-python-operator": {
    title: "The model calls Python code",
    severity: "high",
    outcome: "malicious",
    consequence: "Running the model runs Python functions that it names.",
    remedy: ASK,
    references: [],
  },
  "gguf-malformed": {
    title: "The GGUF header breaks the format's rules",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Loaders that trust lengths and offsets read beyond their buffers.",
    remedy: ASK,
    references: ["CVE-2024-21802", "CVE-2024-23605", "CVE-2025-53630", "CVE-2026-7482", "CVE-2026-33298"],
  },
  "tensorflow-operator": {
    title: "The graph reads, writes or runs something",
    severity: "high",
    outcome: "malicious",
    consequence: "Running the model reads or writes files or calls Python code.",
    remedy: ASK,
    references: ["MITRE ATLAS AML.T0011.000"],
  },
  "tensorflow-malformed": {
    title: "The TensorFlow graph cannot be parsed",
    severity: "medium",
    outcome: "incomplete",
    consequence: "Parts of the graph were not examined.",
    remedy: ASK,
    references: [],
  },
  "tflite-custom-operator": {
    title: "The TFLite model needs operators of its own",
    severity: "low",
    outcome: "note",
    consequence: "Running the model needs a native library that implements them.",
    remedy: "Install such a library only from whom you trust.",
    references: [],
  },
  "torchscript-operator": {
    title: "The TorchScript code reads or writes files",
    severity: "high",
    outcome: "malicious",
    consequence: "Running the model reads, writes or maps files that it names, or loads native code.",
    remedy: ASK,
    references: ["CVE-2025-32434", "CWE-73"],
  },
  "coreml-custom": {
    title: "The Core ML model needs native code of its own",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Running the model calls a class that the app must bring.",
    remedy: "Add such a class to an app only if you have read it.",
    references: [],
  },
  "coreml-malformed": {
    title: "The Core ML model cannot be parsed",
    severity: "medium",
    outcome: "incomplete",
    consequence: "Parts of the model were not examined.",
    remedy: ASK,
    references: [],
  },
  "paddle-operator": {
    title: "The Paddle program calls Python or reads files",
    severity: "high",
    outcome: "malicious",
    consequence: "Running the model calls Python functions, or reads and writes files that it names.",
    remedy: ASK,
    references: [],
  },
  "trees-malformed": {
    title: "The trees of the model do not fit together",
    severity: "high",
    outcome: "suspicious",
    consequence:
      "Loaders trust lengths, children and feature numbers: XGBoost, LightGBM and CatBoost read beyond their arrays and crash, or never come back from a prediction.",
    remedy: ASK,
    references: ["CWE-125", "CWE-835"],
  },
  "openvino-malformed": {
    title: "The OpenVINO model's constants do not fit",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Loaders that trust offsets and sizes read beyond the file of weights.",
    remedy: ASK,
    references: ["CWE-125"],
  },
  "openvino-custom-operator": {
    title: "The OpenVINO model needs operators of its own",
    severity: "low",
    outcome: "note",
    consequence: "Loading the model needs a native library that implements them.",
    remedy: "Add such a library only from whom you trust.",
    references: [],
  },
  "flatbuffer-malformed": {
    title: "The model's tables point to what is not there",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Runtimes that trust offsets and indexes read or write beyond their buffers.",
    remedy: ASK,
    references: ["CWE-125", "CWE-787", "CVE-2020-15211"],
  },
  "executorch-custom-operator": {
    title: "The ExecuTorch program needs operators of its own",
    severity: "low",
    outcome: "note",
    consequence: "Running the program needs a native library that implements them.",
    remedy: "Link such a library only from whom you trust.",
    references: [],
  },
  "ggml-malformed": {
    title: "The GGML file breaks its own format",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Loaders that trust lengths read beyond their buffers.",
    remedy: ASK,
    references: ["CWE-125"],
  },
  "caffe-python-layer": {
    title: "A Caffe layer is Python code",
    severity: "low",
    outcome: "note",
    consequence: "Loading the network imports the module that the layer names, from the loading machine.",
    remedy: "Load the network only where that module is the one that you expect.",
    references: ["CWE-470"],
  },
  "compiled-engine": {
    title: "A compiled engine cannot be examined",
    severity: "low",
    outcome: "note",
    consequence: "It is code for a GPU, and may bring code for the host, which the runtime runs.",
    remedy: "Build the engine yourself from the model that was scanned, or take it only from whom you trust.",
    references: [],
  },
  "openvino-library": {
    title: "The OpenVINO document names native code",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Whoever loads the named library or kernel with the model runs it.",
    remedy: "Load no library that comes with a model, unless you have built it.",
    references: ["CWE-114"],
  },
};
