import { mayMatter } from "../rules/index.js";

const STRONG =
  /openai|anthropic|bedrock|generativeai|generateContent|from_pretrained|huggingface|ollama|\bgpt-[345]|claude-[\d\w]|gemini-\d|mistral-|text-embedding-|\.onnx\b|\.gguf\b|\.safetensors\b|load_model|loadModel|litellm|langchain|11434|\/chat\/completions|\/v1\/(messages|embeddings|completions|responses)|\/v2\/models\/|:predict\b|invoke_endpoint|InvokeEndpoint|model_version|api-inference|\/invocations|joblib|RubyLLM|InferenceSession|api\.(groq|together|cohere|mistral|deepseek|x\.ai|perplexity|fireworks|replicate)/;
const IMPORTS =
  /^\s*(?:import|from|use|using|require|global using|export)\b[^\n]*|require\(\s*["'][^"']+["']|import\(\s*["'][^"']+["']|^\s*(?:[\w.]+\s+)?"[\w./@-]+\.[a-z]+\/[\w./-]+"|from\s+["'][^"']+["']/gm;

/** A quick look at a text: may it have anything to do with models? */
export function mayUseModels(text: string): boolean {
  if (STRONG.test(text)) return true;
  IMPORTS.lastIndex = 0;
  for (const found of text.matchAll(IMPORTS))
    for (const word of found[0].match(/[@\w][\w.@/-]+/g) ?? []) if (mayMatter(word)) return true;
  return false;
}
