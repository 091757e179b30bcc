// Images whose purpose is to serve models. Frameworks to build on, vector stores and notebooks are not among them.
const SERVERS: readonly [RegExp, string][] = [
  [/(^|\/)vllm[\w-]*(\/vllm[\w-]*)?$|vllm-openai|(^|\/)vllm(-|$)/, "vllm"],
  [
    /text-generation-inference|text-embeddings-inference|huggingface-pytorch-(tgi-)?inference|huggingface-text-generation|huggingface-pytorch-inference/,
    "huggingface",
  ],
  [/tritonserver|triton-server|triton-inference-server/, "triton"],
  [/(^|\/)ollama(\/ollama)?$/, "ollama"],
  [/tensorflow\/serving|tensorflow-serving|tensorflow_serving/, "tensorflow"],
  [/torchserve/, "torchserve"],
  [/localai/, "localai"],
  [/llama[.-]?cpp|llama-server|llamafile/, "llama.cpp"],
  [/mlserver|seldonio\/|seldon-core/, "seldon"],
  [
    /kserve\/(\w+server|huggingfaceserver\S*|sklearnserver|xgbserver|lgbserver|pmmlserver|paddleserver)/,
    "kserve",
  ],
  [/nvcr\.io\/nim\//, "nvidia"],
  [/sglang/, "sglang"],
  [/ray-llm|ray-ml.*llm/, "ray"],
  [/djl-(serving|inference)/, "djl"],
  [/openvino\/model_server|openvino-model-server|ovms/, "openvino"],
  [/litellm/, "litellm"],
  [/xinference/, "xinference"],
  [/lmdeploy/, "lmdeploy"],
  [/(faster-)?whisper(-|$|\/|\w*)/, "whisper"],
  [/stable-diffusion|comfyui|automatic1111/, "stable-diffusion"],
  [/michaelf34\/infinity|infinity-emb/, "infinity"],
  [/aphrodite-engine/, "aphrodite"],
  [/tabbyml\/tabby/, "tabby"],
  [/(tgi|tei)[:-]?(\w*)$/, "huggingface"],
  [/bentoml\/|bentoml-/, "bentoml"],
  [/mlflow-(serving|model|pyfunc)/, "mlflow"],
  [/deepspeed-(mii|fastgen)/, "deepspeed"],
  [/mlc-llm|mlc-ai/, "mlc"],
  [/presidio-analyzer/, "presidio"],
  [/unstructured-api|privategpt|anythingllm|lobe-chat|open-webui|langflow|flowise|dify-api/, ""],
];

/** The server that an image holds; undefined for an image that serves no model. */
export function serverOfImage(image: string): string | undefined {
  const name = image
    .toLowerCase()
    .replace(/@sha256:.*$/, "")
    .replace(/:[^/]*$/, "");
  for (const [pattern, provider] of SERVERS)
    if (pattern.test(name)) return provider === "" ? undefined : provider;
  return undefined;
}
