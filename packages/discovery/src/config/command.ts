import type { Confidence, FindingKind } from "../finding.js";
import { type Address, addressOf, answersModels, modelInAddress, servesModels } from "../rules/hosts.js";
import { familyOf, isHubName, isModelFile, isPlausible, soundsLikeModel, tidyName } from "../rules/names.js";
import { serverOfImage } from "./images.js";

/** What a command line says of models. */
export interface Said {
  kind: FindingKind;
  name: string;
  provider: string;
  confidence: Confidence;
}

const MODEL_FLAG =
  /^--?(model|model[-_]?id|model[-_]?path|model[-_]?name|model[-_]?name[-_]or[-_]path|hf[-_]?repo|hf|hf-model|base[-_]model|pretrained[-_]model\S*|model[-_]uri|repo[-_]id|embedding[-_]model|draft-model|speculative-model|tokenizer-model|llm[-_]model|m)$/i;

/** The values of flags that name a model. */
function flagged(words: readonly string[], flags: RegExp): { flag: string; value: string }[] {
  return words.flatMap((word, index) => {
    const equals = /^(--?[\w-]+)=(.+)$/s.exec(word);
    if (equals && flags.test(equals[1] ?? "")) return [{ flag: equals[1] ?? "", value: equals[2] ?? "" }];
    const next = words[index + 1];
    return flags.test(word) && next !== undefined && !next.startsWith("-")
      ? [{ flag: word, value: next }]
      : [];
  });
}

const model = (name: string, provider: string, confidence: Confidence = "high"): Said[] => {
  const tidy = tidyName(name);
  return isPlausible(tidy) ? [{ kind: "Model", name: tidy, provider, confidence }] : [];
};

/** The first words after a subcommand that are no flags. */
function plainAfter(words: readonly string[], from: number): string[] {
  const found: string[] = [];
  for (let index = from; index < words.length; index++) {
    const word = words[index] ?? "";
    if (/^[|;&<>]/.test(word)) break;
    if (word.startsWith("-")) {
      if (
        !word.includes("=") &&
        !/^--?(verbose|insecure|quiet|force|d|it|rm|keepalive|nowordwrap|resume-download|local-dir-use-symlinks)$/.test(
          word,
        ) &&
        words[index + 1]?.startsWith("-") === false
      )
        index++;
    } else found.push(word);
  }
  return found;
}

type Reader = (words: readonly string[]) => Said[];

const serve =
  (provider: string): Reader =>
  (words) =>
    flagged(words, MODEL_FLAG).flatMap(({ value }) =>
      model(value, isModelFile(value) || value.includes("/") === false ? provider : provider),
    );

const READERS: readonly [RegExp, Reader][] = [
  [
    /^(ollama)$/,
    (words) =>
      /^(run|pull|show|create|push)$/.test(words[1] ?? "")
        ? plainAfter(words, 2)
            .slice(0, 1)
            .flatMap((name) => model(name, "ollama"))
        : [],
  ],
  [/^(huggingface-cli|hf)$/, hub],
  [
    /^vllm$/,
    (words) =>
      words[1] === "serve"
        ? [
            ...plainAfter(words, 2)
              .slice(0, 1)
              .flatMap((name) => model(name, "vllm")),
            ...(plainAfter(words, 2)[0] ? [] : serve("vllm")(words)),
          ]
        : [],
  ],
  [/^text-generation-launcher$|^text-embeddings-router$/, serve("huggingface")],
  [
    /^(llama-server|llama-cli|llama-run|llama-cpp|server|main|\.\/server|\.\/main|\S*\/llama-(server|cli))$/,
    (words) =>
      flagged(words, /^(-m|--model|-hf|-hfr|--hf-repo)$/).flatMap(({ flag, value }) =>
        /\.gguf$|hf/.test(value + flag) ? model(value, "llama.cpp") : [],
      ),
  ],
  [
    /^mlflow$/,
    (words) => flagged(words, /^(-m|--model-uri)$/).flatMap(({ value }) => model(value, "mlflow")),
  ],
  [
    /^torchserve$/,
    (words) =>
      flagged(words, /^--models$/).flatMap(({ value }) => model(value.split("=")[0] ?? value, "torchserve")),
  ],
  [
    /^tensorflow_model_server$/,
    (words) => flagged(words, /^--model_name$/).flatMap(({ value }) => model(value, "tensorflow")),
  ],
  [/^(litellm|llm|aichat|aider|openllm|sgl_jax|mlx_lm\.\w+|xinference|interpreter|sglang)$/, serve("")],
  [/^openai$/, (words) => flagged(words, /^(-m|--model)$/).flatMap(({ value }) => model(value, "openai"))],
  [
    /^lmdeploy$/,
    (words) =>
      plainAfter(words, words.indexOf("api_server") + 1)
        .slice(0, 1)
        .flatMap((name) => model(name, "lmdeploy")),
  ],
  [/^aws$/, aws],
  [/^git$/, clone],
  [/^(curl|wget|http|https|xh|aria2c|httpie)$/, request],
  [/^(docker|podman|nerdctl)$/, container],
  [
    /^kaggle$/,
    (words) =>
      words[1] === "datasets"
        ? dataset(flagged(words, /^(-d|--dataset)$/)[0]?.value ?? plainAfter(words, 3)[0], "kaggle")
        : [],
  ],
  [
    /^(spacy)$/,
    (words) =>
      words[1] === "download"
        ? plainAfter(words, 2)
            .slice(0, 1)
            .flatMap((name) => model(name, "spacy"))
        : [],
  ],
  [
    /^(ramalama|lms)$/,
    (words) =>
      /^(run|serve|pull|load|get)$/.test(words[1] ?? "")
        ? plainAfter(words, 2)
            .slice(0, 1)
            .flatMap((name) => model(name, words[0] ?? ""))
        : [],
  ],
];

/** Reads one command. Words are unquoted; what is not known of them is left out. */
export function readCommand(given: readonly string[]): Said[] {
  const words = unwrapped(given);
  const program = words[0]?.split("/").at(-1) ?? "";
  for (const [pattern, read] of READERS)
    if (pattern.test(program) || pattern.test(words[0] ?? "")) return fill(read(words));
  return python(words);
}

const fill = (said: readonly Said[]): Said[] =>
  said.map((one) =>
    one.provider === ""
      ? { ...one, provider: familyOf(one.name) ?? (isHubName(one.name) ? "huggingface" : "unknown") }
      : one,
  );

/** Without `sudo`, variables in front, and programs that run another. */
function unwrapped(words: readonly string[]): readonly string[] {
  let at = 0;
  while (
    at < words.length &&
    /^(sudo|exec|nohup|time|env|then|do|else|if|while|!|\{|\(|uv|uvx|poetry|pipenv|run|npx|nice|-E|-y|stdbuf|xargs|@|-)$|^[A-Za-z_]\w*=/.test(
      words[at] ?? "",
    )
  )
    at++;
  return words.slice(at);
}

// A program with a flag that names a model, as in `python -m vllm.entrypoints.openai.api_server --model org/name`.
function python(words: readonly string[]): Said[] {
  const module = /^(python\d?(\.\d+)?|torchrun|accelerate|deepspeed|ray|node|ts-node|tsx)$/.test(
    words[0]?.split("/").at(-1) ?? "",
  );
  const all = words.join(" ");
  if (!module && !/^-/.test(words[0] ?? "") && !/\.(py|sh|ts|js)$/.test(words[0] ?? "")) return [];
  if (/-m spacy download/.test(all))
    return fill(
      plainAfter(words, words.indexOf("download") + 1)
        .slice(0, 1)
        .flatMap((name) => model(name, "spacy")),
    );
  const provider = /vllm/.test(all)
    ? "vllm"
    : /sglang/.test(all)
      ? "sglang"
      : /llama_cpp/.test(all)
        ? "llama.cpp"
        : "";
  const flags = flagged(words.slice(words[1] === "-m" ? 3 : 0), MODEL_FLAG).filter(
    ({ flag }) => flag !== "-m",
  );
  const sure = provider !== "";
  return fill(
    flags
      .filter(({ value }) => sure || soundsLikeModel(value) || (isHubName(value) && !isModelFile(value)))
      .flatMap(({ value }) => model(value, provider, sure ? "high" : "medium")),
  );
}

/** The arguments of a server's image, where the program is not written. */
export function readServerArguments(words: readonly string[], provider: string): Said[] {
  const direct = words[0]?.startsWith("-") ? [] : readCommand(words);
  if (direct.length > 0) return direct;
  const flags = flagged(words, MODEL_FLAG).filter(
    ({ flag, value }) =>
      !/name$/i.test(flag) ||
      /\//.test(value) ||
      !words.some((word) => /^--model[-_]?(id|dir|path)?(=|$)/.test(word)),
  );
  if (flags.length > 0) return flags.slice(0, 3).flatMap(({ value }) => model(value, provider));
  const [first] = words;
  return first !== undefined && provider === "vllm" && isHubName(first) ? model(first, provider) : [];
}

function hub(words: readonly string[]): Said[] {
  const at = words.indexOf("download");
  const name = at < 0 ? undefined : plainAfter(words, at + 1)[0];
  if (name === undefined) return [];
  if (/dataset/.test(flagged(words, /^--repo-type$/)[0]?.value ?? "")) return dataset(name, "huggingface");
  return model(name, "huggingface");
}

const dataset = (name: string | undefined, provider: string): Said[] =>
  name !== undefined && isPlausible(name) ? [{ kind: "Dataset", name, provider, confidence: "high" }] : [];

function aws(words: readonly string[]): Said[] {
  if (/^bedrock/.test(words[1] ?? ""))
    return flagged(words, /^--model-id$/).flatMap(({ value }) => model(value, "aws"));
  if (!/^sagemaker/.test(words[1] ?? "")) return [];
  return flagged(words, /^--endpoint-name$/).flatMap(({ value }) =>
    isPlausible(value)
      ? [{ kind: "Endpoint" as const, name: value, provider: "aws", confidence: "high" as const }]
      : [],
  );
}

const HUB_URL =
  /^https?:\/\/(?:[\w-]+@|[\w-]+:[^@/]*@)?(?:huggingface\.co|hf-mirror\.com)\/(datasets\/|spaces\/)?([\w.-]+\/[\w.-]+?)(?:\.git|\/|$)/;

function clone(words: readonly string[]): Said[] {
  if (!words.includes("clone")) return [];
  return words.flatMap(hubAddress);
}

function hubAddress(word: string): Said[] {
  const found = HUB_URL.exec(word);
  if (!found?.[2] || found[1] === "spaces/" || /^(api|docs|blog|join|settings)\//.test(found[2])) return [];
  return found[1] ? dataset(found[2], "huggingface") : model(found[2], "huggingface");
}

// Ollama's own requests to pull or create say `name` as well.
const JSON_NAME = /\\?["']?name\\?["']?\s*[:=]\s*\\?["']([^"'\\]+)\\?["']/;
const JSON_MODEL = /\\?["']?model\\?["']?\s*[:=]\s*\\?["']([^"'\\]+)\\?["']/;

function request(words: readonly string[]): Said[] {
  const text = words.slice(1);
  const files = text.flatMap(hubAddress);
  if (files.length > 0) return files;
  const address = text.map(serving).find((one) => one !== undefined);
  if (!address) return [];
  const { provider } = address;
  const pulls = provider === "ollama" && /\/api\/(pull|create|push)$/.test(address.path);
  const said = (pattern: RegExp) =>
    text.map((part) => pattern.exec(part)?.[1]).find((part) => part !== undefined);
  const sent = said(JSON_MODEL) ?? (pulls ? said(JSON_NAME) : undefined);
  const name = modelInAddress(address) ?? sent;
  const triton = provider === "self-hosted" && /\/v2\/models/.test(address.path);
  const found = name === undefined ? [] : model(name, triton ? "triton" : provider);
  if (!address.common || address.own)
    found.push({ kind: "Endpoint", name: address.url, provider, confidence: "high" });
  return found.length > 0 ? found : [{ kind: "Service", name: provider, provider, confidence: "medium" }];
}

function serving(word: string): Address | undefined {
  const address = addressOf(/^[\w.-]+:\d+\//.test(word) ? `http://${word}` : word);
  if (!address) return undefined;
  return (address.provider === "self-hosted" ? servesModels(address) : answersModels(address))
    ? address
    : undefined;
}

function container(words: readonly string[]): Said[] {
  if (words[1] === "model" && /^(run|pull)$/.test(words[2] ?? ""))
    return plainAfter(words, 3)
      .slice(0, 1)
      .flatMap((name) => model(name, "docker"));
  if (words[1] === "exec")
    return readCommand(words.slice(words.findIndex((word, index) => index > 1 && !word.startsWith("-")) + 1));
  if (!/^(run|pull|create)$/.test(words[1] ?? "")) return [];
  const at = words.findIndex(
    (word, index) =>
      index > 1 &&
      !word.startsWith("-") &&
      serverOfImage(word) !== undefined &&
      /[/:]|^ollama$|^vllm$/.test(word),
  );
  const image = words[at];
  if (image === undefined) return [];
  const provider = serverOfImage(image) ?? "";
  const env = flagged(words.slice(0, at), /^(-e|--env)$/).flatMap(({ value }) => {
    const pair = /^(\w+)=(.+)$/.exec(value);
    return pair ? readServerVariable(pair[1] ?? "", pair[2] ?? "", provider) : [];
  });
  return [
    { kind: "Image", name: image, provider, confidence: "high" },
    ...env,
    ...readServerArguments(words.slice(at + 1), provider),
  ];
}

const SERVER_VARIABLE =
  /^(MODEL|MODEL_ID|MODEL_NAME|HF_MODEL_ID|LLM_MODEL|VLLM_MODEL|OLLAMA_MODEL|HF_MODEL|MODEL_PATH|MODEL_URI|PREDICTIVE_UNIT_PARAMETERS|TGI_MODEL|EMBEDDING_MODEL|LLAMA_ARG_HF_REPO|LLAMA_ARG_MODEL|WHISPER__MODEL|ASR_MODEL|PRELOAD_MODELS|SERVED_MODEL)$/;

/** What a variable says to a server of models. */
export function readServerVariable(name: string, value: string, provider: string): Said[] {
  return SERVER_VARIABLE.test(name) &&
    !/^\/?$|^\$/.test(value) &&
    !/^\/(models?|mnt|data|opt)(\/models?)?\/?$/.test(value)
    ? model(value, provider)
    : [];
}
