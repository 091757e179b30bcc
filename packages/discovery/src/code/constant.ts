// SDKs name models by constants too: ChatModel.GPT_4O_MINI, openai.GPT4oMini, anthropic.ModelClaude3_5SonnetLatest.

const FAMILY =
  /(gpt|claude|gemini|gemma|palm|mistral|mixtral|codestral|ministral|pixtral|llama|command|embed|textembedding|whisper|tts|dalle|davinci|babbage|^o[134]|deepseek|qwen|phi|grok|titan|nova|sonar|ada)/i;

const EXACT: Record<string, string> = {
  adaembeddingv2: "text-embedding-ada-002",
  dalle2: "dall-e-2",
  dalle3: "dall-e-3",
  textembeddingada002: "text-embedding-ada-002",
};

/** The model that an SDK's constant names, or undefined when the word names none. */
export function modelOfConstant(word: string): string | undefined {
  const bare = word.replace(
    /^(ChatModel|Chat_?Model|EmbeddingModel|CreateImageModel|ImageModel|AudioModel|SpeechModel|ModelName|Model)(?=[A-Z_])_?/,
    "",
  );
  const flat = bare.replace(/[^a-z0-9]/gi, "").toLowerCase();
  const exact = EXACT[flat];
  if (exact) return exact;
  if (!FAMILY.test(flat) || !/\d|latest|command|gemini|sonar|_embed$/i.test(bare)) return undefined;
  const words = bare
    .replace(/Dot/g, ".")
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1-$2")
    .replace(/_/g, "-")
    .toLowerCase();
  return tidy(words);
}

function tidy(name: string): string {
  return name
    .replace(/^(gpt|gemini|gemma)-?(\d)/, "$1-$2")
    .replace(
      /^claude-?(\d)-?(\d)?-?(?=[a-z])/,
      (_, major: string, minor?: string) => `claude-${major}-${minor ? `${minor}-` : ""}`,
    )
    .replace(/^(claude-(?:opus|sonnet|haiku))-?(\d)/, "$1-$2")
    .replace(/^gpt-4-o\b/, "gpt-4o")
    .replace(/^gpt-(\d)-(\d)(?=$|-[a-z])/, "gpt-$1.$2")
    .replace(/^gemini-(\d)-(\d)(?=$|-)/, "gemini-$1.$2")
    .replace(/embedding(\d)/, "embedding-$1")
    .replace(/whisper(\d)/, "whisper-$1")
    .replace(/tts(\d)/, "tts-$1")
    .replace(/([a-z])(\d{8})$/, "$1-$2");
}
