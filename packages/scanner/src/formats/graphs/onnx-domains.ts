const PLAIN = new Set(["", "ai.onnx", "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview.training"]);
const KNOWN =
  /^(com\.microsoft(\.\w+)*|org\.pytorch(\.\w+)*|pkg\.\w+.*|ai\.onnx\.contrib|com\.ms\.internal\.nhwc)$/;
/** Operators of onnxruntime-extensions and older PyTorch that call Python. */
const PYTHON = /^(PyOp|PyFunc|PythonOp|PythonOpGrad|PyCustomOp)$/;

/** Domains whose operators ONNX itself defines. */
export function isPlainDomain(domain: string): boolean {
  return PLAIN.has(domain);
}

/** Domains whose operators come with well-known runtimes and exporters. */
export function isKnownDomain(domain: string): boolean {
  return PLAIN.has(domain) || KNOWN.test(domain);
}

export function callsPython(operator: string): boolean {
  return PYTHON.test(operator);
}
