import { providerNamed } from "../rules/frameworks.js";
import { addressOf, servesModels } from "../rules/hosts.js";
import { familyOf, isHubName, isModelFile, isPlausible, soundsLikeModel, tidyName } from "../rules/names.js";
import type { Said } from "./command.js";
import { type Node, textOf } from "./node.js";

export interface SaidAt extends Said {
  line: number;
}

const MODEL_KEY =
  /(^|[_\-. ])(model|llm|embedder|embeddings?|reranker|checkpoint|deployment)([_\-. ]?(name|id|path|uri|name_or_path|repo|repo_id|source|engine))?$|^(model|deployment|engine|fallback|embedding|chat|completion)(Name|Id|ID|Uri|Path|NameOrPath|Source|Model|Deployment|Engine)?s?$|[a-z](Model|ModelName|ModelId|Deployment|DeploymentName)$|^(default|fast|smart|primary|fallback|weak|editor|main|strong)[_-]?(model|llm)s?$|_MODEL(_NAME|_ID)?$|_DEPLOYMENT(_NAME)?$/i;
/** Keys that name a model whatever the name looks like. */
const SURE_KEY =
  /^(model_name_or_path|pretrained_model_name_or_path|base_model|base_model_name_or_path|hf_model_id|hf_model|hf_repo|repo_id|model_repo|storageUri|storage_uri|modelUri|model_uri|model_source|huggingface_model)$/i;
const DATA_KEY = /^(datasets?|dataset_name|dataset_path|dataset_id|hf_dataset|train_dataset|eval_dataset)$/;
const URL_KEY = /(base_?url|api_?base|endpoint|llm_?url|host|server_?url|inference_?url|model_?url)$/i;
const PRICES = /price|cost|per_?(1k|1m|token|million)|context_?(window|length)|max_?context/i;
const MAX_FOUND = 200;

/** What a configuration file says of models, by its keys. Keys lead to a value; the value must be a model's name. */
export function readKeys(node: Node, hints: { ai: boolean }): SaidAt[] {
  const found: SaidAt[] = [];
  visit(node, [], hints.ai, found);
  return found;
}

function visit(node: Node, path: readonly string[], ai: boolean, found: SaidAt[]): void {
  if (found.length >= MAX_FOUND || path.length > 30) return;
  if (node.is === "list") for (const item of node.items) visitItem(item, path, ai, found);
  if (node.is !== "map") return;
  const keys = [...node.entries.keys()];
  if (
    keys.some((key) => PRICES.test(key)) &&
    !keys.some((key) => /provider|api_?key|base_?url|temperature/i.test(key))
  )
    return;
  for (const [key, below] of node.entries) {
    if (below.is === "scalar") found.push(...ofPair(key, below, node, path, ai));
    else visit(below, [...path, key], ai, found);
  }
}

function visitItem(item: Node, path: readonly string[], ai: boolean, found: SaidAt[]): void {
  const key = path.at(-1) ?? "";
  if (item.is !== "scalar") visit(item, path, ai, found);
  else if (
    /^(models|llms|embeddings|fallbacks|fallback_models)$/i.test(key) &&
    (soundsLikeModel(item.text) || (ai && isHubName(item.text)))
  )
    found.push(...model(item.text, item.line, path, undefined));
}

function ofPair(
  key: string,
  value: Node & { is: "scalar" },
  siblings: Node & { is: "map" },
  path: readonly string[],
  ai: boolean,
): SaidAt[] {
  const text = value.text.trim();
  if (text === "" || text.length > 300 || /\$\{|\{\{|^\$/.test(text)) return [];
  if (/^(hf:\/\/|models:\/)/.test(text)) return model(text, value.line, path, siblings);
  if (URL_KEY.test(key)) return ofAddress(text, value.line, path.join(".") + key);
  if (
    SURE_KEY.test(key) &&
    (isHubName(text) || /^(s3|gs|hf|abfss?|pvc|models|runs|az):\/?\//.test(text) || soundsLikeModel(text))
  )
    return model(text, value.line, path, siblings);
  const named =
    MODEL_KEY.test(key) ||
    (/^(name|id|value)$/.test(key) && /(^|[_-])(model|llm|embeddings?|embedder)s?$/i.test(path.at(-1) ?? ""));
  if (named) return ofNamed(text, value.line, path, siblings, ai, key);
  if (DATA_KEY.test(key) && ai && isHubName(text) && !isModelFile(text))
    return [{ kind: "Dataset", name: text, provider: "huggingface", confidence: "medium", line: value.line }];
  return [];
}

function ofNamed(
  text: string,
  line: number,
  path: readonly string[],
  siblings: Node & { is: "map" },
  ai: boolean,
  key: string,
): SaidAt[] {
  const provider = siblingProvider(siblings) ?? pathProvider([...path, key]);
  if (soundsLikeModel(text)) return model(text, line, path, siblings, key);
  if (/\.(onnx|gguf|safetensors|pt|pth|joblib|pkl|h5|keras|tflite|pb|ckpt|mlmodel)$/i.test(text))
    return model(text, line, path, siblings, key);
  if (
    provider !== undefined &&
    isPlausible(text) &&
    !/^(https?:|\d+(\.\d+)?$)/.test(text) &&
    /[-\d/]/.test(text)
  )
    return model(text, line, path, siblings, key);
  return ai &&
    isHubName(text) &&
    /hugging|transformers|hf|embedding|sentence|llm|lora/i.test(
      [...path, key, ...siblings.entries.keys()].join(" "),
    )
    ? model(text, line, path, siblings, key)
    : [];
}

const PROVIDER_VALUE =
  /^(openai|azure|azure_?openai|azure-openai|anthropic|bedrock|aws|google|gemini|vertex_?ai|mistral|cohere|groq|together|ollama|huggingface|hf|openrouter|deepseek|xai|perplexity|fireworks|vllm|replicate|llama[._]?cpp|sentence[-_]transformers|litellm)$/i;

function siblingProvider(node: (Node & { is: "map" }) | undefined): string | undefined {
  for (const key of [
    "provider",
    "model_provider",
    "llm_provider",
    "type",
    "backend",
    "vendor",
    "engine",
    "_type",
    "api_type",
  ]) {
    const text = textOf(node?.entries.get(key));
    if (text && PROVIDER_VALUE.test(text)) return providerNamed(text, text);
  }
  return undefined;
}

function pathProvider(path: readonly string[]): string | undefined {
  for (const part of [...path].reverse()) {
    const found = providerNamed(part, "");
    if (found !== "") return found;
  }
  return undefined;
}

const PREFIX =
  /^(openai|azure|azure_ai|anthropic|bedrock|vertex_ai|gemini|google|googleai|mistral|cohere|groq|together_ai|ollama|ollama_chat|huggingface|openrouter|deepseek|xai|fireworks_ai|perplexity|replicate|vllm|hosted_vllm)[/:](?=[\w@])/;

function model(
  text: string,
  line: number,
  path: readonly string[],
  siblings: (Node & { is: "map" }) | undefined,
  key = "",
): SaidAt[] {
  const name = tidyName(text);
  if (!isPlausible(name)) return [];
  const prefix = PREFIX.exec(text)?.[1];
  const family = familyOf(name);
  const provider =
    (prefix ? providerNamed(prefix, prefix) : undefined) ??
    siblingProvider(siblings) ??
    pathProvider([...path, key]) ??
    (family === undefined || family === "open" ? undefined : family) ??
    (isHubName(name) ? "huggingface" : text.startsWith("models:/") ? "mlflow" : "unknown");
  return [{ kind: "Model", name, provider, confidence: "high", line }];
}

function ofAddress(text: string, line: number, path: string): SaidAt[] {
  const address = addressOf(text);
  if (!address || (address.common && !address.own)) return [];
  const about =
    /openai|llm|vllm|ollama|tgi|inference|embedding|azure|anthropic|model|triton|tei|litellm|mistral/i.test(
      path,
    ) && !/otel|telemetry|metrics|database|redis|frontend|cors|mlflow|registry|tracking|monitor/i.test(path);
  const known =
    address.own ||
    address.provider === "ollama" ||
    servesModels(address) ||
    (about &&
      address.provider === "self-hosted" &&
      /openai|llm|vllm|tgi|inference|embedding|triton|tei/i.test(path));
  return known
    ? [{ kind: "Endpoint", name: address.url, provider: address.provider, confidence: "high", line }]
    : [];
}
