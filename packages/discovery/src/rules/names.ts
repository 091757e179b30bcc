/** Names of models as text: which are plausible, and whose they are. */

const FAMILIES: readonly [RegExp, string][] = [
  [
    /^(us\.|eu\.|apac\.|global\.)?(anthropic|amazon|meta|cohere|mistral|ai21|stability|deepseek|writer|openai|qwen)\.[\w-]+[\w.:-]*$/,
    "aws",
  ],
  [/^arn:aws[\w-]*:bedrock:/, "aws"],
  [
    /^(ft:)?(gpt-|chatgpt-|o[134](-|$)|text-(davinci|curie|babbage|ada|embedding|moderation)|davinci|babbage|whisper-1|tts-1|dall-e|omni-moderation|code-davinci|computer-use-preview|sora|codex-)/,
    "openai",
  ],
  [/^claude-/, "anthropic"],
  [
    /^(models\/)?(gemini-|gemma-|text-bison|chat-bison|code-bison|textembedding-gecko|text-embedding-00|imagen-|veo-|embedding-001|text-multilingual-embedding)/,
    "google",
  ],
  [/^(mistral-|open-mi[sx]tral|mixtral-|codestral|ministral|pixtral|magistral|devstral|voxtral)/, "mistral"],
  [/^(command($|-)|embed-(english|multilingual|v\d)|rerank-)/, "cohere"],
  [/^grok-/, "xai"],
  [/^deepseek-(chat|reasoner|coder)/, "deepseek"],
  [/^sonar($|-)/, "perplexity"],
  [/^voyage-/, "voyage"],
  [/^jina-(embeddings|reranker)/, "jina"],
  [
    /^(llama-?[234]|llama3|meta-llama-|gemma2-|qwen[\d.-]|phi-?[34]|kimi-|glm-4|yi-|nomic-embed|mxbai-embed|codellama|tinyllama|deepseek-r1|deepseek-v|gpt-oss)/,
    "open",
  ],
];

const HUB = /^[A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9][\w.-]{0,95}(:[\w.-]+)?$/;

/** Whose a model is, where its name tells. */
export function familyOf(name: string): string | undefined {
  const bare = name.toLowerCase();
  for (const [pattern, provider] of FAMILIES) if (pattern.test(bare)) return provider;
  return undefined;
}

const HUB_OWNERS =
  /^(meta-llama|mistralai|google|microsoft|facebook|openai|qwen|tiiuae|bigscience|eleutherai|stabilityai|huggingfaceh4|sentence-transformers|intfloat|baai|deepseek-ai|nvidia|databricks|cohereforai|cohere|codellama|thebloke|unsloth|nousresearch|01-ai|allenai|bigcode|salesforce|xai-org|mosaicml|togethercomputer|upstage|ibm-granite|ibm|apple|internlm|thudm|zai-org|openchat|lmsys|runwayml|compvis|black-forest-labs|kwaivgi|hf-internal-testing|distilbert|google-bert|facebookai|openai-community|dslim|prosusai|nlptown|cardiffnlp|helsinki-nlp|jinaai|nomic-ai|mixedbread-ai|alibaba-nlp|cross-encoder|moonshotai|minimaxai|teknium|huggingfacetb|casperhansen|neuralmagic|redhatai|bartowski|mlx-community|hugging-quants|snowflake|laion|timm|ultralytics|anthropic|amazon|deepmind|meta|huggyllama|lmstudio-community|thenlper|wavymulder|stable-diffusion-v1-5|pyannote|speechbrain|systran|suno|coqui)\//i;

/** True for a name that can only be a model's: a known family, or a known owner on the Hugging Face hub. */
export const soundsLikeModel = (name: string): boolean =>
  /\d|-|\//.test(name) &&
  (familyOf(name.replace(/^[\w-]+[/:](?=\w)/, "")) !== undefined ||
    familyOf(name) !== undefined ||
    HUB_OWNERS.test(name));

export const isHubName = (name: string): boolean =>
  HUB.test(name) && !/\.(py|js|ts|json|ya?ml|txt|md|csv|html)$/.test(name);

/** What a model may be called in an API: no blanks, no markup, nothing open. */
export const isPlausible = (name: string): boolean =>
  name.length > 0 &&
  name.length <= 200 &&
  !/[\s\p{Cc}"'`<>{}$|\\*?]/u.test(name) &&
  /[A-Za-z0-9]/.test(name) &&
  !/(^|[-_./])(your|you|replace|insert|change-?me|placeholder|x{3,}|todo)([-_./]|$)|^(string|str|none|null|undefined|true|false|model|default|auto|todo|xxx|model_name|model-name|placeholder|example|test|unknown|local)$/i.test(
    name,
  );

const MODEL_FILE =
  /\.(pt|pth|bin|ckpt|safetensors|onnx|ort|gguf|ggml|h5|hdf5|keras|pb|tflite|lite|mlmodel|mlpackage|mlmodelc|joblib|pkl|pickle|dill|sav|model|ubj|cbm|pmml|engine|plan|mar|nemo|llamafile|pdmodel|pdparams|params|caffemodel|prototxt|weights|cfg|t7|torchscript|ptl|pte|xml|zip|npz|mojo|skops|bst|lgb|txt|json|mlflow|vec|kv|bundle|rknn|om|tar\.gz|tgz|task|cntk|caffe|rds)$/i;

export const isModelFile = (name: string): boolean => MODEL_FILE.test(name);

/** A file name that speaks of a model, for formats that hold other things as well. */
export const speaksOfModel = (name: string): boolean =>
  /(model|clf|classifier|regress|estimator|pipeline|vectorizer|tfidf|scaler|encoder|forest|svm|xgb|lgbm|catboost|logreg|knn|kmeans|predictor|churn|fraud|detector|ranker|recommender|weights|ensemble|scorer|booster|net\b)/i.test(
    name.split("/").at(-1) ?? "",
  );

/** `models:/fraud/3` is the model `fraud`; `./x.pt` is `x.pt`. */
export function tidyName(name: string): string {
  const registry = /^models:\/+([^/@]+)(?:[/@].*)?$/.exec(name);
  if (registry?.[1]) return registry[1];
  const prompt = /^prompts:\/+([^/@]+)(?:[/@].*)?$/.exec(name);
  if (prompt?.[1]) return prompt[1];
  const data = /^hf:\/\/datasets\/([^/\s@]+\/[^/\s@]+)/.exec(name);
  if (data?.[1]) return data[1];
  const hub = /^(?:hf:\/\/|https?:\/\/huggingface\.co\/(?!datasets|spaces))([^/\s]+\/[^/\s:?#]+)/.exec(name);
  if (hub?.[1]) return hub[1].replace(/\.git$/, "");
  return name.replace(/^(file:\/\/)?(\.\/)+/, "").replace(/\/+$/, "");
}
