import { mayMatter } from "../rules/index.js";

const STRONG =
  /openai|anthropic|bedrock|generativeai|generateContent|from_pretrained|huggingface|ollama|\bgpt-[345]|claude-[\d\w]|gemini-\d|mistral-|text-embedding-|\.onnx\b|\.gguf\b|\.safetensors\b|load_model|loadModel|litellm|langchain|11434|\/chat\/completions|\/v1\/(messages|embeddings|completions|responses)|\/v2\/models\/|:predict\b|invoke_endpoint|InvokeEndpoint|model_version|api-inference|\/invocations|joblib|RubyLLM|InferenceSession|hf:\/\/datasets\/|api\.(groq|together|cohere|mistral|deepseek|x\.ai|perplexity|fireworks|replicate)/;
const IMPORTS =
  /^\s*(?:import|from|use|using|require|global using|export)\b[^\n]*|require\(\s*["'][^"']+["']|import\(\s*["'][^"']+["']|^\s*(?:[\w.]+\s+)?"[\w./@-]+\.[a-z]+\/[\w./-]+"|from\s+["'][^"']+["']/gm;

/** What a bundler made has few and long lines; its sources are read instead. */
const isPacked = (text: string): boolean => {
  if (text.length < 20_000) return false;
  let lines = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  return text.length / lines > 400;
};

/** A quick look at a text: may it have anything to do with models? */
export function mayUseModels(text: string): boolean {
  if (isPacked(text)) return false;
  if (STRONG.test(text)) return true;
  IMPORTS.lastIndex = 0;
  for (const found of text.matchAll(IMPORTS))
    for (const word of found[0].match(/[@\w][\w.@/-]+/g) ?? []) if (mayMatter(word)) return true;
  return false;
}
