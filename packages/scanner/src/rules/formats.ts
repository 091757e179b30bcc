import type { Rule } from "./rule.js";

const ASK = "Do not load the file. Ask its publisher for a clean copy.";
const CODE = "Loading the model runs code that the file carries.";

export type FormatRuleId =
  | "safetensors-malformed"
  | "trailing-data"
  | "numpy-malformed"
  | "numpy-object"
  | "onnx-malformed"
  | "onnx-custom-operator"
  | "onnx-external-key"
  | "torch-storage-mismatch"
  | "onnx-python-operator"
  | "keras-lambda"
  | "keras-unsafe-object"
  | "keras-custom-object"
  | "keras-file-access"
  | "hdf5-malformed"
  | "hdf5-external"
  | "template-escape"
  | "template-suspicious"
  | "gguf-malformed"
  | "tensorflow-operator"
  | "tensorflow-malformed"
  | "tflite-custom-operator"
  | "torchscript-operator"
  | "config-remote-code"
  | "config-instantiate"
  | "yaml-object"
  | "markup-entity"
  | "markup-script"
  | "coreml-custom"
  | "coreml-malformed"
  | "java-object"
  | "msgpack-malformed"
  | "paddle-operator"
  | "rdata-promise"
  | "rdata-lazy"
  | "rdata-function"
  | "rdata-malformed"
  | "python-dangerous"
  | "python-suspicious"
  | "python-bytecode"
  | "native-library"
  | "format-unsupported";

export const FORMAT_RULES: Readonly<Record<FormatRuleId, Rule>> = {
  "safetensors-malformed": {
    title: "The safetensors header breaks the format's rules",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Loaders refuse the file or read tensors from the wrong bytes.",
    remedy: ASK,
    references: ["safetensors format"],
  },
  "trailing-data": {
    title: "Bytes follow the end of the model",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Another loader may read them as something else.",
    remedy: ASK,
    references: [],
  },
  "numpy-malformed": {
    title: "The array file breaks the format's rules",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Loaders refuse the file or read something else than its header says.",
    remedy: ASK,
    references: ["CVE-2019-6446"],
  },
  "numpy-object": {
    title: "The array holds Python objects",
    severity: "low",
    outcome: "note",
    consequence: "Loading with allow_pickle=True unpickles the array's content, which was scanned.",
    remedy: "Store numbers, not objects.",
    references: ["CVE-2019-6446"],
  },
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
  "onnx-external-key": {
    title: "External data has fields that the format does not know",
    severity: "medium",
    outcome: "suspicious",
    consequence:
      "Loaders that copy every field set attributes of their own objects, or read beyond the data file.",
    remedy: ASK,
    references: ["CVE-2026-34446", "CVE-2026-34447"],
  },
  "torch-storage-mismatch": {
    title: "A tensor claims more bytes than the file holds",
    severity: "high",
    outcome: "malicious",
    consequence: "Loaders that trust the claim read or write beyond their memory.",
    remedy: ASK,
    references: ["CVE-2026-24747"],
  },
  "onnx-python-operator": {
    title: "The model calls Python code",
    severity: "high",
    outcome: "malicious",
    consequence: "Running the model runs Python functions that it names.",
    remedy: ASK,
    references: [],
  },
  "keras-lambda": {
    title: "A Keras layer carries Python code",
    severity: "critical",
    outcome: "malicious",
    consequence: CODE,
    remedy: ASK,
    references: ["CVE-2024-3660", "CVE-2025-9905", "CVE-2025-9906"],
  },
  "keras-unsafe-object": {
    title: "The Keras configuration names something that is no layer",
    severity: "critical",
    outcome: "malicious",
    consequence: "Loading the model imports and calls what the configuration names.",
    remedy: ASK,
    references: ["CVE-2025-1550", "CVE-2025-8747", "CVE-2025-49655", "CVE-2026-1462"],
  },
  "keras-custom-object": {
    title: "The Keras model needs a class of its own",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Loading works only where the class is registered, and runs its code.",
    remedy: "Register only classes that you have read.",
    references: [],
  },
  "keras-file-access": {
    title: "A Keras layer reads a file while it is loaded",
    severity: "high",
    outcome: "malicious",
    consequence: "Loading reads any file, or fetches any address, that the configuration names.",
    remedy: ASK,
    references: ["CVE-2025-12058"],
  },
  "hdf5-malformed": {
    title: "The HDF5 file cannot be parsed",
    severity: "medium",
    outcome: "incomplete",
    consequence: "Parts of the file were not examined.",
    remedy: ASK,
    references: [],
  },
  "hdf5-external": {
    title: "The HDF5 file points to other files",
    severity: "high",
    outcome: "malicious",
    consequence: "Loading reads any file that it names and makes it part of the model.",
    remedy: ASK,
    references: ["CVE-2026-1669", "CWE-73"],
  },
  "template-escape": {
    title: "The chat template breaks out of its sandbox",
    severity: "critical",
    outcome: "malicious",
    consequence: "Applying the template runs code in programs that render it without a sandbox.",
    remedy: ASK,
    references: ["CVE-2024-34359", "CVE-2026-5760"],
  },
  "template-suspicious": {
    title: "The chat template does what templates need not do",
    severity: "medium",
    outcome: "suspicious",
    consequence: "The template may reach Python objects when it is rendered.",
    remedy: "Read the template, or replace it by the one of the original model.",
    references: ["CVE-2024-34359"],
  },
  "gguf-malformed": {
    title: "The GGUF header breaks the format's rules",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Loaders that trust lengths and offsets read beyond their buffers.",
    remedy: ASK,
    references: ["CVE-2024-21802", "CVE-2024-23605"],
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
    severity: "medium",
    outcome: "suspicious",
    consequence: "Running the model touches files that it names.",
    remedy: ASK,
    references: ["CVE-2022-45907"],
  },
  "config-remote-code": {
    title: "The configuration names code to import",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Loading with trust_remote_code runs Python files that come with the model.",
    remedy: "Read those files, or load without trust_remote_code.",
    references: ["MITRE ATLAS AML.T0011"],
  },
  "config-instantiate": {
    title: "The configuration calls a function",
    severity: "critical",
    outcome: "malicious",
    consequence: "Loading the model calls the function that the configuration names, with its arguments.",
    remedy: ASK,
    references: ["CVE-2025-23304"],
  },
  "yaml-object": {
    title: "The YAML makes Python objects",
    severity: "critical",
    outcome: "malicious",
    consequence: "Loading with an unsafe loader calls the functions that the tags name.",
    remedy: ASK,
    references: ["CWE-502"],
  },
  "markup-entity": {
    title: "The XML reads other files or addresses",
    severity: "high",
    outcome: "malicious",
    consequence: "Parsing with a careless parser reads the files or addresses that it names.",
    remedy: ASK,
    references: ["CWE-611"],
  },
  "markup-script": {
    title: "The markup carries a script",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Evaluators that run extensions run the script.",
    remedy: ASK,
    references: [],
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
  "java-object": {
    title: "Serialized Java objects",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Reading them makes objects of any class that the reader has, which can run code.",
    remedy: "Read them only with a filter that allows the classes of the model (JEP 290).",
    references: ["CWE-502"],
  },
  "msgpack-malformed": {
    title: "The MessagePack file cannot be parsed",
    severity: "medium",
    outcome: "incomplete",
    consequence: "Parts of the file were not examined.",
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
  "rdata-promise": {
    title: "The R data runs code when it is touched",
    severity: "critical",
    outcome: "malicious",
    consequence:
      "The first use of the loaded value, even printing it, calls the functions that the file names.",
    remedy: ASK,
    references: ["CVE-2024-27322"],
  },
  "rdata-lazy": {
    title: "The R data holds a value that is not worked out yet",
    severity: "medium",
    outcome: "suspicious",
    consequence: "The first use of the value calls functions.",
    remedy: "Ask for a file whose values are worked out.",
    references: ["CVE-2024-27322"],
  },
  "rdata-function": {
    title: "The R data holds a function that reaches the system",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Calling the function, or a function of the model that uses it, acts on the system.",
    remedy: "Read the function before you use the model.",
    references: [],
  },
  "rdata-malformed": {
    title: "The R data cannot be parsed",
    severity: "medium",
    outcome: "incomplete",
    consequence: "Parts of the file were not examined.",
    remedy: ASK,
    references: [],
  },
  "python-dangerous": {
    title: "Python code beside the model reaches the system when it is imported",
    severity: "high",
    outcome: "malicious",
    consequence: "Importing the file, or loading with trust_remote_code, runs these lines.",
    remedy: "Do not import the file.",
    references: ["MITRE ATLAS AML.T0011"],
  },
  "python-suspicious": {
    title: "Python code beside the model can reach the system",
    severity: "low",
    outcome: "note",
    consequence: "Functions in this file may act when they are called.",
    remedy: "Read the file before you import it.",
    references: [],
  },
  "python-bytecode": {
    title: "Compiled Python code",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Importing it runs code that nobody can read.",
    remedy: "Ask for the source.",
    references: [],
  },
  "native-library": {
    title: "A native library",
    severity: "medium",
    outcome: "suspicious",
    consequence: "Loading it runs native code.",
    remedy: "Use it only from whom you trust.",
    references: [],
  },
  "format-unsupported": {
    title: "A format that the scanner cannot read",
    severity: "medium",
    outcome: "incomplete",
    consequence: "The content was not examined.",
    remedy: "Convert the model to a format that the scanner reads.",
    references: [],
  },
};
