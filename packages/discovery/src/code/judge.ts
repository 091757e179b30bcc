import { familyOf, isHubName, isModelFile, speaksOfModel } from "../rules/names.js";
import type { Library } from "../rules/rule.js";
import type { Source } from "./source.js";

const LEARNS = /^(sklearn|xgboost|lightgbm|catboost|skops|imblearn|torch|tensorflow|keras|mlflow)\b/;
const PREDICTS = /^(predict|predict_proba|decision_function)$/;
const OTHER_THINGS =
  /(cache|data|dataset|index|config|state|result|session|feature|history|embedding|split|label|metadata|stopword|vocab|token)/i;

/** Whether a file that is loaded is a model's. Formats that hold anything need more than the call to say so. */
export function fits({ provider }: Library, source: Source, name: string): boolean {
  if (provider !== "sklearn") return name.includes("/") || isModelFile(name) || /model/i.test(name);
  if (speaksOfModel(name)) return true;
  if (OTHER_THINGS.test(name.split("/").at(-1) ?? "")) return false;
  const modules = [...source.imports.modules];
  const learns = modules.some((module) => LEARNS.test(module));
  const predicts = source.tokens.some(({ value, kind }) => kind === "word" && PREDICTS.test(value));
  const joblib = /\.joblib$/i.test(name) || modules.some((module) => /joblib|skops/.test(module));
  return joblib ? learns || predicts : learns && predicts;
}

const ROUTERS =
  /^(framework|litellm|vercel|langchain|llamaindex|spring-ai|langchain4j|langchaingo|semantic-kernel|local)$/;
const PREFIX =
  /^(openai|anthropic|azure|azure_ai|bedrock|vertex_ai|gemini|google|google-gla|googleai|mistral|cohere|groq|together_ai|together|ollama|ollama_chat|huggingface|openrouter|deepseek|xai|fireworks_ai|perplexity|replicate|cerebras|nvidia_nim|databricks|watsonx|sagemaker|amazon|meta|github|hosted_vllm|vllm)[/:]/;
const PREFIXES: Record<string, string> = {
  azure_ai: "azure",
  bedrock: "aws",
  sagemaker: "aws",
  vertex_ai: "google",
  gemini: "google",
  googleai: "google",
  "google-gla": "google",
  together_ai: "together",
  ollama_chat: "ollama",
  fireworks_ai: "fireworks",
  nvidia_nim: "nvidia",
  hosted_vllm: "vllm",
  watsonx: "ibm",
};

/** Whose a model is that a library was given: some libraries serve all, and the name's prefix or family tells. */
export function providerOfModel(library: Library, provider: string, name: string): string {
  if (!ROUTERS.test(provider)) return provider;
  const prefix = typeof library.provider === "string" ? undefined : PREFIX.exec(name)?.[1];
  if (prefix) return PREFIXES[prefix] ?? prefix;
  const family = familyOf(name);
  if (family && family !== "open") return family;
  return isHubName(name) ? "huggingface" : provider;
}

const EXACT = /^(openai|anthropic|google|aws|mistral|groq|together|fireworks|deepseek)$/;

/** Providers' names of models have more than letters; other arguments of the same libraries often have not. */
export function isLikely(library: Library, provider: string, name: string): boolean {
  const strict = EXACT.test(provider) || (ROUTERS.test(provider) && library.nameless === "Service");
  return !strict || /[\d/:.-]/.test(name) || familyOf(name) !== undefined;
}
