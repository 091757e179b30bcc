import type { Sighting } from "../finding.js";
import { type Address, addressOf, answersModels, modelInAddress, servesModels } from "../rules/hosts.js";
import { isPlausible, soundsLikeModel, tidyName } from "../rules/names.js";
import type { CallSite } from "./calls.js";
import { calleesOf } from "./detect.js";
import { type Evaluator, HOLE } from "./evaluate.js";
import { sight } from "./sight.js";
import type { Source } from "./source.js";
import { type Text, textsOf } from "./value.js";
import { inside, type Range } from "./words.js";

const SENDS =
  /^(get|post|put|patch|request|fetch|send|axios|got|ky|\$fetch|ofetch|needle|create|new|extend|instance|NewRequest|NewRequestWithContext|Post|Get|PostForm|PostAsync|PostAsJsonAsync|GetAsync|SendAsync|HttpRequestMessage|HttpPost|HttpGet|uri|url|URI|Uri|URL|parse|newRequest|stream|urlopen|Request|postForEntity|postForObject|exchange|baseUrl|setUrl|request_json|Faraday|base_uri|base_url|post_json|ws_connect|connect|WebSocket|client|Client|AsyncClient|create_client|HttpEntity|defaultRequest|path|Dial|SetBaseURL|RestClient|builder|build|fetchJson|apiFetch|useFetch|post_iter|session)$/;
const URL_NAMES = [
  "url",
  "uri",
  "baseURL",
  "base_url",
  "baseUrl",
  "endpoint",
  "endpoint_url",
  "prefixUrl",
  "hostname",
  "BaseAddress",
  "RequestUri",
];

/** A request to an address where a model answers, sent without an SDK. */
export function detectRequest(evaluator: Evaluator, site: CallSite): Sighting[] {
  const callee = site.source.tokens[site.open - 1];
  if (callee === undefined || (callee.kind === "word" && !SENDS.test(callee.value))) return [];
  for (const text of candidates(evaluator, site)) {
    const address = addressOf(text.text.replaceAll(HOLE, "_"));
    if (!address || !answers(address)) continue;
    return ofAddress(evaluator, site, address, text.text);
  }
  return [];
}

const answers = (address: Address): boolean =>
  address.provider === "self-hosted" ? servesModels(address) : answersModels(address);

function candidates(evaluator: Evaluator, site: CallSite): Text[] {
  const { positional } = evaluator.arguments(site);
  const direct = positional.slice(0, 4).flatMap((range) => textsOf(evaluator.range(site.source, range)));
  return [...direct, ...textsOf(evaluator.named(site, URL_NAMES, 1))].filter(({ text }) =>
    /^(https?|wss):\/\//i.test(text),
  );
}

function ofAddress(evaluator: Evaluator, site: CallSite, address: Address, text: string): Sighting[] {
  const { provider } = address;
  const detector = "http";
  const written = addressOf(text);
  const inPath = written && modelInAddress(written);
  const names = inPath && !inPath.includes(HOLE) ? [inPath] : modelsSent(evaluator, site, address);
  const found = names
    .filter((name) => isPlausible(name) && name !== "_")
    .flatMap((name) =>
      sight(site, { kind: "Model", name, provider: modelServer(address), confidence: "high", detector }),
    );
  const own = (!address.common || address.own) && !text.includes(HOLE);
  if (own)
    found.push(
      ...sight(site, { kind: "Endpoint", name: address.url, provider, confidence: "high", detector }),
    );
  if (found.length > 0) return found;
  return provider === "self-hosted"
    ? []
    : sight(site, { kind: "Service", name: provider, provider, confidence: "medium", detector });
}

const modelServer = ({ provider, path }: Address): string =>
  provider === "self-hosted" && /\/v2\/models\//.test(path) ? "triton" : provider;

/** The models named in the request, else in the function around it, else in the file. */
function modelsSent(evaluator: Evaluator, site: CallSite, address: Address): string[] {
  const given = textsOf(evaluator.named(site, ["model", "modelId", "model_id", "Model"], 4)).map(
    ({ text }) => text,
  );
  const own = given.filter((text) => !text.includes(HOLE));
  if (own.length > 0) return own;
  const { source } = site;
  for (const range of [inside(source, site.open), ...around(source, site.open)]) {
    const found = keyed(evaluator, source, range).filter(
      (name) => address.provider === "ollama" || address.provider === "self-hosted" || soundsLikeModel(name),
    );
    if (found.length > 0) return [...new Set(found)].slice(0, 4);
  }
  return [];
}

function around(source: Source, at: number): Range[] {
  const bodies = source.callables
    .filter(({ kind, body }) => kind === "function" && body.from <= at && at < body.to)
    .map(({ body }) => body)
    .sort((a, b) => a.to - a.from - (b.to - b.from));
  return [...bodies, { from: 0, to: source.tokens.length }];
}

const IN_JSON = /\\?["']model\\?["']\s*:\s*\\?["']([^"'\\]+)\\?["']/g;

/** Values of a key `model` in a range: in maps, in records, and in JSON written as text. */
function keyed(evaluator: Evaluator, source: Source, range: Range): string[] {
  const found: string[] = [];
  for (let at = range.from; at < Math.min(range.to, source.tokens.length) && found.length < 8; at++) {
    const token = source.tokens[at];
    if (token?.kind === "text") for (const match of token.value.matchAll(IN_JSON)) found.push(match[1] ?? "");
    const value = valueAt(source, at);
    if (value) found.push(...textsOf(evaluator.range(source, value)).map(({ text }) => text));
  }
  return found.filter((name) => isPlausible(name) && !name.includes(HOLE));
}

/** What stands behind a key `model`. */
function valueAt(source: Source, at: number): Range | undefined {
  const key = source.tokens[at];
  const sign = source.tokens[at + 1];
  if (!key || key.kind === "number" || !/^(model|Model|model_id|modelId)$/.test(key.value)) return undefined;
  if (sign?.kind !== "sign" || !/^(:|=>|=|,|\])$/.test(sign.value)) return undefined;
  const from = sign.value === "]" ? at + 3 : at + 2;
  return { from, to: endOfValue(source, from) };
}

function endOfValue(source: Source, from: number): number {
  for (let at = from; at < source.tokens.length; at++) {
    const token = source.tokens[at];
    if (token?.kind === "sign" && /^[,;)\]}]$/.test(token.value)) return at;
    if (token?.kind === "sign" && /^[([{]$/.test(token.value))
      at = Math.max(at, source.brackets.partner[at] ?? at);
    else if (at > from && token?.first) return at;
  }
  return source.tokens.length;
}

const LOOSE =
  /(^|\.)((beta\.)?chat\.completions\.(create|parse|stream)|completions\.create|messages\.(create|stream)|responses\.(create|parse|stream)|embeddings\.create|chat_completions?|createChatCompletion|CreateChatCompletion(Stream)?|generate_content|generateContent|invoke_model(_with_response_stream)?|invokeModel|converse(_stream)?|InvokeModelCommand|ConverseCommand|from_pretrained|getGenerativeModel|audio\.transcriptions\.create|images\.generate|completion|chat|agents\.create|with_structured_output|InvokeModelRequest|ConverseRequest|ChatCompletionRequest|generateText|streamText)$/;

/** A call that only a model's client has, on something whose origin is out of sight: it must name a model. */
export function detectLoose(evaluator: Evaluator, site: CallSite): Sighting[] {
  const data = hubData(evaluator, site);
  if (data.length > 0) return data;
  for (const value of calleesOf(evaluator, site)) {
    if (value.is !== "reference") continue;
    const path = value.path.join(".");
    if (!LOOSE.test(path)) continue;
    const given = [
      ...evaluator.named(
        site,
        ["model", "modelId", "model_id", "Model", "ModelId", "deployment_id", "engine"],
        2,
      ),
      ...(/(from_pretrained|getGenerativeModel)$/.test(path) ? evaluator.positional(site, 0) : []),
    ];
    for (const { text, at } of textsOf(given)) {
      if (!isPlausible(text) || text.includes(HOLE) || !soundsLikeModel(text)) continue;
      return sight(
        site,
        { kind: "Model", name: text, provider: "", confidence: "high", detector: "call" },
        at,
      );
    }
  }
  return [];
}

// `pandas.read_parquet("hf://datasets/org/name/file")`, and the same with Polars, Dask and others.
function hubData(evaluator: Evaluator, site: CallSite): Sighting[] {
  if (!/^(read|scan|from)_\w+$/.test(site.source.tokens[site.open - 1]?.value ?? "")) return [];
  const [first] = textsOf(evaluator.positional(site, 0));
  if (!first?.text.startsWith("hf://datasets/") || first.text.includes(HOLE)) return [];
  const name = tidyName(first.text);
  return sight(site, {
    kind: "Dataset",
    name,
    provider: "huggingface",
    confidence: "high",
    detector: "call",
  });
}
