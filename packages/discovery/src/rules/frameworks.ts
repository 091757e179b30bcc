import { type Library, MODEL } from "./rule.js";

const PROVIDERS: readonly [RegExp, string][] = [
  [/azure/i, "azure"],
  [/bedrock|sagemaker|amazon/i, "aws"],
  [/anthropic|claude/i, "anthropic"],
  [/openrouter/i, "openrouter"],
  [/openai/i, "openai"],
  [/vertex|gemini|google|palm/i, "google"],
  [/mistral/i, "mistral"],
  [/cohere/i, "cohere"],
  [/groq/i, "groq"],
  [/together/i, "together"],
  [/fireworks/i, "fireworks"],
  [/deepseek/i, "deepseek"],
  [/xai|grok/i, "xai"],
  [/perplexity/i, "perplexity"],
  [/cerebras/i, "cerebras"],
  [/replicate/i, "replicate"],
  [/nvidia/i, "nvidia"],
  [/watsonx|ibm/i, "ibm"],
  [/voyage/i, "voyage"],
  [/jina/i, "jina"],
  [/databricks/i, "databricks"],
  [/cloudflare|workers/i, "cloudflare"],
  [/ollama/i, "ollama"],
  [/vllm/i, "vllm"],
  [/llama_?cpp/i, "llama.cpp"],
  [/gpt4all/i, "gpt4all"],
  [/hugging|hf|transformers|sentence|onnx|allminilm/i, "huggingface"],
];

/** Whom a class or a package of a framework stands for, by its name. */
export function providerNamed(path: string, otherwise: string): string {
  const last = path.split(/[./]/).at(-1) ?? "";
  for (const text of [last, path])
    for (const [pattern, provider] of PROVIDERS) if (pattern.test(text)) return provider;
  return otherwise;
}

const CLASSES =
  /(^|\.)((Azure)?(Chat)?(OpenAI|Anthropic|Bedrock(Converse)?|VertexAI|GoogleGenerativeAI|GooglePalm|MistralAI|Cohere|Groq|Together|Fireworks|DeepSeek|XAI|Perplexity|Ollama|LlamaCpp|VLLM|VLLMOpenAI|HuggingFace|HuggingFaceHub|HuggingFaceEndpoint|HuggingFacePipeline|Replicate|WatsonxLLM|NVIDIA|Databricks|Cerebras|LiteLLM|Gemini|GenAI)(Chat)?(Embeddings?|LLM|Chat)?(\.from_model_id)?|(OpenAI|HuggingFace|Bedrock|Cohere|VoyageAI|Ollama|GoogleGenerativeAI|VertexAI|MistralAI|HuggingFaceBge|HuggingFaceInstruct|SentenceTransformer|FastEmbed|Jina|AzureOpenAI|GoogleGenAI|Gemini)Embeddings?|init_chat_model|initChatModel|init_embeddings|HuggingFaceCrossEncoder|HuggingFaceInferenceAPI|HuggingFaceLLM)$/;

const framework = (heads: readonly string[], otherwise: string, calls: Library["calls"] = []): Library => ({
  provider: (path) => providerNamed(path, otherwise),
  heads,
  named: [
    ...MODEL,
    "repo_id",
    "repoId",
    "model_path",
    "modelPath",
    "model_kwargs",
    "llm",
    "endpoint_name",
    "endpoint_url",
  ].slice(0, MODEL.length + 4),
  calls: [{ call: CLASSES, at: 0 }, ...calls],
  uses: CLASSES,
  nameless: "Service",
});

/** Libraries that stand between a program and whoever serves the model. */
export const FRAMEWORKS: readonly Library[] = [
  framework(
    [
      "langchain",
      "langchain_openai",
      "langchain_anthropic",
      "langchain_community",
      "langchain_google_genai",
      "langchain_google_vertexai",
      "langchain_aws",
      "langchain_mistralai",
      "langchain_cohere",
      "langchain_groq",
      "langchain_together",
      "langchain_ollama",
      "langchain_huggingface",
      "langchain_fireworks",
      "langchain_deepseek",
      "langchain_xai",
      "langchain_nvidia_ai_endpoints",
      "langchain_ibm",
      "langchain_classic",
      "langgraph",
      "@langchain",
      "@langchain/openai",
      "@langchain/anthropic",
      "@langchain/community",
      "@langchain/google-genai",
      "@langchain/google-vertexai",
      "@langchain/aws",
      "@langchain/mistralai",
      "@langchain/cohere",
      "@langchain/groq",
      "@langchain/ollama",
      "langsmith",
    ],
    "langchain",
    [
      {
        call: /(^|\.)hub\.pull$|(^|\.)pull_prompt$|(^|\.)pullPrompt$|^hub(\.\w+)?\.pull$|\/hub\.pull$/,
        at: 0,
        kind: "Prompt",
      },
      { call: /(^|\.)create_(react_)?agent$|(^|\.)createAgent$/, at: 0 },
    ],
  ),
  framework(
    ["llama_index", "llamaindex", "@llamaindex", "llama_index.llms", "llama_index.embeddings"],
    "llamaindex",
  ),
  framework(
    [
      "haystack",
      "haystack_integrations",
      "semantic_kernel",
      "guidance",
      "instructor",
      "dspy",
      "crewai",
      "autogen",
      "autogen_ext",
      "pydantic_ai",
      "smolagents",
      "marvin",
      "magentic",
      "outlines",
      "mirascope",
      "phi",
      "agno",
      "llm",
      "aisuite",
      "ragas",
      "langroid",
      "griptape",
      "txtai",
      "strands",
    ],
    "framework",
    [
      {
        call: /(^|\.)(LM|LLM|Agent|OpenAIModel|AnthropicModel|OpenAIChatModel|GeminiModel|GoogleModel|GroqModel|MistralModel|BedrockModel|OpenAI|get_model|from_provider|LiteLLMModel|InferenceClientModel|HfApiModel|TransformersModel|OpenAIServerModel|OpenAIChat|Claude|Gemini|Embeddings|OpenAIChatCompletionClient|OpenAIGenerator|OpenAIChatGenerator)$/,
        at: 0,
        named: [...MODEL, "llm", "ai_model_id"],
      },
      {
        call: /(OpenAIChatCompletion|AzureChatCompletion|OpenAITextEmbedding|AnthropicChatCompletion|OllamaChatCompletion)$/,
        named: ["ai_model_id", "deployment_name"],
        at: 99,
      },
    ],
  ),
  framework(["chromadb", "chromadb.utils.embedding_functions"], "huggingface", [
    { call: /EmbeddingFunction$/, named: ["model_name", ...MODEL], at: 99 },
  ]),
  {
    provider: (path) => providerNamed(path, "litellm"),
    heads: ["litellm"],
    named: MODEL,
    calls: [
      // `model_name` is what callers say; what is called stands in `litellm_params`.
      { call: /(^|\.)Router$/, named: ["model"], at: 99 },
      {
        call: /(^|\.)(completion|acompletion|embedding|aembedding|text_completion|image_generation|transcription|responses|aresponses|rerank)$/,
        at: 0,
      },
    ],
    uses: /(^|\.)(completion|acompletion|embedding|aembedding)$/,
    nameless: "Service",
  },
  {
    provider: (path) => providerNamed(path, "vercel"),
    heads: [
      "ai",
      "@ai-sdk",
      "@ai-sdk/openai",
      "@ai-sdk/anthropic",
      "@ai-sdk/google",
      "@ai-sdk/google-vertex",
      "@ai-sdk/azure",
      "@ai-sdk/amazon-bedrock",
      "@ai-sdk/mistral",
      "@ai-sdk/cohere",
      "@ai-sdk/groq",
      "@ai-sdk/xai",
      "@ai-sdk/togetherai",
      "@ai-sdk/fireworks",
      "@ai-sdk/deepseek",
      "@ai-sdk/perplexity",
      "@ai-sdk/openai-compatible",
      "@ai-sdk/gateway",
      "@ai-sdk/deepinfra",
      "@ai-sdk/cerebras",
      "@openrouter/ai-sdk-provider",
      "ollama-ai-provider",
      "workers-ai-provider",
      "ollama-ai-provider-v2",
    ],
    calls: [
      {
        call: /^(openai|anthropic|google|vertex|azure|bedrock|mistral|cohere|groq|xai|togetherai|fireworks|deepseek|perplexity|ollama|gateway|deepinfra|cerebras|create\w+|openrouter)(\.(chat|chatModel|completion|responses|embedding|textEmbedding|textEmbeddingModel|textEmbedding|image|imageModel|languageModel|transcription|speech))?$/,
        at: 0,
      },
      {
        call: /^(generateText|streamText|generateObject|streamObject|embed|embedMany|generateImage|experimental_generateImage|ToolLoopAgent|Agent|experimental_transcribe)$/,
        named: ["model"],
        at: 99,
      },
    ],
  },
  framework(
    [
      "genkit",
      "@genkit-ai",
      "@genkit-ai/googleai",
      "@genkit-ai/vertexai",
      "@mastra/core",
      "@microsoft/semantic-kernel",
      "modelfusion",
      "beeai-framework",
      "token.js",
      "multi-llm-ts",
    ],
    "framework",
    [
      { call: /(^|\.)(googleAI|vertexAI|openAI|anthropic)\.(model|embedder)$/, at: 0 },
      {
        call: /(^|\.)(generate|generateStream|embed|definePrompt|prompt)$/,
        named: ["model", "embedder"],
        at: 99,
      },
    ],
  ),
  framework(["github.com/tmc/langchaingo", "github.com/tmc/langchaingo/llms"], "langchaingo", [
    { call: /(^|\.)With(Model|EmbeddingModel|DefaultModel|ModelID)$/, at: 0 },
  ]),
  framework(
    ["github.com/firebase/genkit/go", "github.com/cloudwego/eino-ext", "github.com/teilomillet/gollm"],
    "framework",
    [{ call: /(^|\.)(SetModel|WithModelName|WithDefaultModel)$/, at: 0 }],
  ),
  framework(["dev.langchain4j"], "langchain4j", [
    { call: /[bB]uilder\b.*\.(modelName|model|modelId|deploymentName)$/, at: 0 },
    { call: /(Onnx\w*EmbeddingModel)$/, at: 0, file: true },
  ]),
  framework(["org.springframework.ai"], "spring-ai", [
    { call: /([bB]uilder|Options)\b.*\.(model|withModel|deploymentName|withDeploymentName)$/, at: 0 },
  ]),
  framework(
    [
      "Microsoft.SemanticKernel",
      "Microsoft.Extensions.AI",
      "Microsoft.KernelMemory",
      "LangChain",
      "Microsoft.Agents.AI",
    ],
    "semantic-kernel",
    [
      {
        call: /Add\w*(ChatCompletion|TextEmbeddingGeneration|TextGeneration|EmbeddingGenerator|TextToImage|ChatClient|EmbeddingGeneration)$/,
        at: 0,
        named: ["modelId", "deploymentName", "model"],
      },
      {
        call: /(ChatCompletionService|EmbeddingGenerationService)$/,
        at: 0,
        named: ["modelId", "deploymentName"],
      },
    ],
  ),
  framework(["rig", "rig_core", "llm_chain", "genai", "langchain_rust", "llm"], "framework", [
    {
      call: /(^|\.)(agent|completion_model|embedding_model|embeddings|extractor|model|with_model|exec_chat|exec_chat_stream)$/,
      at: 0,
    },
  ]),
  framework(["RubyLLM", "Langchain", "Langchainrb", "OmniAI", "Raix", "DSPy"], "framework", [
    { call: /^(RubyLLM)?\.?(chat|embed|paint|transcribe)$/, named: ["model"], at: 99 },
    { call: /^(configure|RubyLLM).*default_(chat_|embedding_)?model$/, at: 0 },
    {
      call: /LLM\.\w+\.new$/,
      named: [
        "chat_model",
        "completion_model",
        "chat_completion_model_name",
        "embedding_model",
        "embeddings_model_name",
        "model",
        "completion_model_name",
      ],
      at: 99,
    },
  ]),
];
