/** Who answers at an address. */
const HOSTS: readonly [RegExp, string][] = [
  [/(^|\.)api\.openai\.com$/, "openai"],
  [
    /\.openai\.azure\.com$|\.cognitiveservices\.azure\.com$|\.services\.ai\.azure\.com$|\.inference\.(ml|ai)\.azure\.com$|models\.inference\.ai\.azure\.com$/,
    "azure",
  ],
  [/(^|\.)api\.anthropic\.com$/, "anthropic"],
  [/(^|\.)generativelanguage\.googleapis\.com$|aiplatform\.googleapis\.com$/, "google"],
  [/^bedrock(-agent)?(-runtime)?[\w.-]*\.amazonaws\.com$|^runtime\.sagemaker[\w.-]*\.amazonaws\.com$/, "aws"],
  [/^(api|codestral)\.mistral\.ai$/, "mistral"],
  [/^api\.cohere\.(ai|com)$/, "cohere"],
  [/^api\.groq\.com$/, "groq"],
  [/^api\.together\.(xyz|ai)$/, "together"],
  [/^openrouter\.ai$/, "openrouter"],
  [/^api\.deepseek\.com$/, "deepseek"],
  [/^api\.x\.ai$/, "xai"],
  [/^api\.perplexity\.ai$/, "perplexity"],
  [/^api\.fireworks\.ai$/, "fireworks"],
  [/^api\.replicate\.com$/, "replicate"],
  [/^api\.deepinfra\.com$/, "deepinfra"],
  [/^api\.cerebras\.ai$/, "cerebras"],
  [/^api\.sambanova\.ai$/, "sambanova"],
  [/^integrate\.api\.nvidia\.com$|^ai\.api\.nvidia\.com$/, "nvidia"],
  [
    /^api-inference\.huggingface\.co$|^router\.huggingface\.co$|\.endpoints\.huggingface\.cloud$/,
    "huggingface",
  ],
  [/^models\.(github\.ai|inference\.ai\.azure\.com)$/, "github"],
  [/^dashscope(-intl)?\.aliyuncs\.com$/, "alibaba"],
  [/^api\.moonshot\.(cn|ai)$/, "moonshot"],
  [/^open\.bigmodel\.cn$/, "zhipu"],
  [/^api\.voyageai\.com$/, "voyage"],
  [/^api\.jina\.ai$/, "jina"],
  [/^api\.ai21\.com$/, "ai21"],
  [/^api\.stability\.ai$/, "stability"],
  [/^api\.elevenlabs\.io$/, "elevenlabs"],
  [/^api\.deepgram\.com$/, "deepgram"],
  [/^api\.assemblyai\.com$/, "assemblyai"],
  [/^api\.cloudflare\.com$|^gateway\.ai\.cloudflare\.com$/, "cloudflare"],
  [/^ai-gateway\.vercel\.sh$/, "vercel"],
  [/^ollama\.com$/, "ollama"],
];

const LOOPBACK = /^(localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|host\.docker\.internal)$/;

export interface Address {
  /** The URL without user, password, query and fragment. */
  readonly url: string;
  readonly host: string;
  readonly path: string;
  readonly provider: string;
  /** A provider's public address, which says nothing that the provider's name does not. */
  readonly common: boolean;
  /** A customer's own address at a provider. */
  readonly own: boolean;
}

const OLLAMA_PATH = /^\/api\/(generate|chat|embeddings|embed|tags|pull)\b/;
const SERVES =
  /\/v1\/(chat\/completions|completions|embeddings|responses|messages)$|\/v2\/models\/[^/]+(\/versions\/\d+)?\/(infer|generate)|\/v1\/models\/[^/:]+:predict|\/predictions\/[\w.-]+$|\/invocations$|\/generate(_stream)?$|\/openai\/deployments\//;

/** Reads an address; undefined where the text is none or nothing says that a model answers there. */
export function addressOf(text: string): Address | undefined {
  const found = /^(https?|wss|grpc):\/\/([^/?#\s]+)([^?#\s]*)/i.exec(text.trim());
  if (!found) return undefined;
  const authority = (found[2] ?? "").split("@").at(-1) ?? "";
  const host = authority.replace(/:\d+$/, "").toLowerCase();
  const path = found[3] ?? "";
  const url = `${found[1]?.toLowerCase()}://${authority}${path}`.replace(/\/+$/, "");
  for (const [pattern, provider] of HOSTS)
    if (pattern.test(host))
      return { url, host, path, provider, common: true, own: /azure\.com$|huggingface\.cloud$/.test(host) };
  if (/:11434$/.test(authority) || OLLAMA_PATH.test(path) || /^ollama\b/.test(host))
    return {
      url,
      host,
      path,
      provider: "ollama",
      common: LOOPBACK.test(host) || /^ollama\b/.test(host),
      own: false,
    };
  return { url, host, path, provider: "self-hosted", common: false, own: false };
}

/** True where the path alone says that a model answers. */
export const servesModels = ({ path }: Address): boolean => SERVES.test(path);

/** An address that a provider's files are taken from or its API described at, but where no model answers. */
export const answersModels = ({ provider, path, host }: Address): boolean => {
  if (provider === "cloudflare") return /\/ai\/run\/|\/workers-ai\/|gateway/.test(path + host);
  if (provider === "openai")
    return !/^\/v1\/(files|models|organization|usage|dashboard)\b|^\/dashboard/.test(path);
  return true;
};

const IN_PATH: readonly RegExp[] = [
  /\/models\/([^/:?]+\/[^/:?]+|[^/:?]+):(?:generateContent|streamGenerateContent|predict|embedContent|rawPredict|batchEmbedContents|countTokens|streamRawPredict)/,
  /\/v1(?:beta|alpha)?\/models\/([\w.-]+)$/,
  /\/openai\/deployments\/([^/?]+)/,
  /\/v2\/models\/([^/?]+)\//,
  /\/v1\/models\/([^/:?]+):predict/,
  /\/model\/([^/]+)\/(?:invoke|converse)/,
  /\/predictions\/([\w.-]+)$/,
  /\/v1\/models\/([\w.-]+\/[\w.-]+)\/predictions/,
  /\/ai\/run\/(@[\w./-]+)/,
];

/** The model that an address names. */
export function modelInAddress({ host, path }: Address): string | undefined {
  if (/api-inference\.huggingface\.co$|router\.huggingface\.co$/.test(host))
    return /\/models\/([\w.-]+(?:\/[\w.-]+)?)/.exec(path)?.[1];
  for (const pattern of IN_PATH) {
    const found = pattern.exec(path)?.[1];
    if (found) return decode(found);
  }
  return undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
