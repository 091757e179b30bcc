import type { Confidence, Sighting } from "../finding.js";
import { type Address, addressOf, modelInAddress } from "../rules/hosts.js";
import { librariesOf } from "../rules/index.js";
import { isModelFile, isPlausible, soundsLikeModel, tidyName } from "../rules/names.js";
import type { Call, Library } from "../rules/rule.js";
import type { CallSite } from "./calls.js";
import { modelOfConstant } from "./constant.js";
import { type Evaluator, HOLE } from "./evaluate.js";
import { fits, isLikely, providerOfModel } from "./judge.js";
import { sight } from "./sight.js";
import type { Source } from "./source.js";
import { flatten, type Place, placeOf, type Reference, textsOf, type Value } from "./value.js";
import { inside } from "./words.js";

interface Named {
  text: string;
  at: Place;
  constant: boolean;
}

/** What one call says of models, by the libraries that its path leads to. */
export function detectCall(evaluator: Evaluator, site: CallSite): Sighting[] {
  const found: Sighting[] = [];
  for (const value of calleesOf(evaluator, site).flatMap((one) => bound(evaluator, site, one))) {
    if (value.is !== "reference") continue;
    for (const { library, tail } of librariesOf(value, site.source))
      found.push(...ofLibrary(evaluator, site, value, library, tail));
    if (found.length > 0) break;
  }
  return found;
}

// `functools.partial(client.responses.create, model="...")` gives a call some of its arguments.
function bound(evaluator: Evaluator, site: CallSite, value: Value): readonly Value[] {
  const partial = value.is === "reference" && value.path.join(".") === "functools.partial";
  return partial ? evaluator.positional(site, 0) : [value];
}

export function calleesOf(evaluator: Evaluator, site: CallSite): readonly Value[] {
  const { source, callee } = site;
  const last = source.tokens[site.open - 1];
  if (callee.to - callee.from === 1 && last?.value === "new" && last.kind === "word")
    return targetTyped(evaluator, site);
  return evaluator.chain(source, callee);
}

// C#: `ChatClient client = new("gpt-4o")`.
function targetTyped(evaluator: Evaluator, { source, open }: CallSite): readonly Value[] {
  const type = source.tokens[open - 4];
  return source.tokens[open - 2]?.value === "=" && type?.kind === "word"
    ? evaluator.chain(source, { from: open - 4, to: open - 3 })
    : [];
}

function ofLibrary(
  evaluator: Evaluator,
  site: CallSite,
  value: Reference,
  library: Library,
  tail: string,
): Sighting[] {
  const path = value.path.join(".");
  const provider = typeof library.provider === "string" ? library.provider : library.provider(path);
  const context: Context = { evaluator, site, value, library, provider };
  const matching = (library.calls ?? []).filter((call) => call.call.test(tail) && holds(context, call));
  for (const call of matching) {
    const names = call.fixed ? fixedName(site, call.fixed(tail)) : namesFor(context, call);
    const made = names.flatMap((name) => named(context, name, call));
    if (made.length > 0) return [...made, ...endpoint(context)];
  }
  if (matching.some(({ weak }) => weak)) return [];
  const given = library.named ? evaluator.named(site, library.named, 2) : [];
  const inner = given.length > 0 || !library.uses?.test(tail) ? [] : withinCall(evaluator, site);
  const names = namesOf(evaluator, [...given, ...inner], site.source);
  const made = names.flatMap((name) => named(context, name, { call: /./ }));
  return [...(made.length > 0 ? made : nameless(context, tail)), ...endpoint(context)];
}

const SETTERS = /^(model|modelId|modelName|model_id|setModel|setModelId|deploymentName)$/;

// `client.invokeModel(request -> request.modelId("..."))`: the request is made inside the call.
function withinCall(evaluator: Evaluator, { source, open }: CallSite): readonly Value[] {
  const { from, to } = inside(source, open);
  for (let at = from; at + 1 < to; at++) {
    const isCall = SETTERS.test(source.tokens[at]?.value ?? "") && source.tokens[at + 1]?.value === "(";
    if (isCall) return evaluator.range(source, inside(source, at + 1));
  }
  return [];
}

interface Context {
  evaluator: Evaluator;
  site: CallSite;
  value: Reference;
  library: Library;
  provider: string;
}

function fixedName(site: CallSite, name: string | undefined): Named[] {
  return name === undefined ? [] : [{ text: name, at: placeOf(site.source, site.open), constant: false }];
}

function namesFor({ evaluator, site }: Context, { at, named: keys }: Call): Named[] {
  const byName = keys ? namesOf(evaluator, evaluator.named(site, keys, 2), site.source) : [];
  if (byName.length > 0) return byName;
  if (at === undefined || at >= 98) return [];
  // A map is options: the texts below its other keys are no models.
  const given = evaluator.positional(site, at).filter((value) => value.is !== "map");
  return namesOf(evaluator, given, site.source);
}

/** Whether the argument that tells models from other things says "model". */
function holds({ evaluator, site }: Context, { when }: Call): boolean {
  if (!when) return true;
  const { named: given, positional } = evaluator.arguments(site);
  const range =
    when.named.map((name) => given.get(name)).find((one) => one !== undefined) ??
    (when.at === undefined ? undefined : positional[when.at]);
  if (!range) return !when.not.test("");
  const { tokens } = site.source;
  const text =
    textsOf(evaluator.range(site.source, range))[0]?.text ??
    tokens
      .slice(range.from, range.to)
      .map(({ value }) => value)
      .join("");
  return !when.not.test(text);
}

function namesOf(evaluator: Evaluator, values: readonly Value[], source: Source): Named[] {
  return flatten(values).flatMap((value): Named[] => {
    if (value.is === "text") return [{ text: value.text, at: value.at, constant: false }];
    if (value.is !== "reference") return [];
    const inner = value.made ? textsOf(evaluator.positional(value.made, 0)) : [];
    const [only] = inner;
    if (only && soundsLikeModel(only.text)) return [{ text: only.text, at: only.at, constant: false }];
    const model = modelOfConstant(value.path.at(-1) ?? "");
    return model === undefined ? [] : [{ text: model, at: placeOf(source, 0), constant: true }];
  });
}

function named(context: Context, { text, at, constant }: Named, call: Call): Sighting[] {
  const address = addressOf(text);
  if (address && !call.file && call.kind !== "Endpoint") return atAddress(context, address, text);
  const open = text.includes(HOLE);
  const name = tidyName(open ? text.slice(text.lastIndexOf(HOLE) + 1).replace(/^[/\\]+/, "") : text);
  if (!isPlausible(name) || (open && !isModelFile(name))) return [];
  if (!believable(context, call, name)) return [];
  const kind = call.kind ?? "Model";
  const provider = kind === "Model" ? ownerOf(context, name) : context.provider;
  const sure: Confidence = open ? "medium" : "high";
  const confidence = call.weak ? "low" : sure;
  return sight(
    context.site,
    { kind, name, provider, confidence, detector: "call" },
    constant ? undefined : at,
  );
}

const BASES = [
  "base_url",
  "baseURL",
  "baseUrl",
  "api_base",
  "openai_api_base",
  "basePath",
  "azure_endpoint",
  "azureEndpoint",
  "endpoint",
  "endpoint_url",
  "host",
  "server_url",
  "serverURL",
  "Endpoint",
  "BaseURL",
  "uri_base",
  "url",
  "api_url",
  "apiUrl",
  "configuration",
];

function believable({ library, provider, site }: Context, { file, kind }: Call, name: string): boolean {
  if (file) return fits(library, site.source, name);
  return (kind !== undefined && kind !== "Model") || isLikely(library, provider, name);
}

// A client that was told to call elsewhere gets its models from there.
const ownerOf = ({ evaluator, value, provider, library }: Context, name: string): string =>
  baseAddress(evaluator, value)?.provider ?? providerOfModel(library, provider, name);

/** Where a client was told to call, if it was told. */
function baseAddress(evaluator: Evaluator, { made }: Reference): Address | undefined {
  if (!made) return undefined;
  for (const { text } of textsOf(evaluator.named(made, BASES, 2))) {
    const address = addressOf(text.replaceAll(HOLE, "x"));
    if (address && !text.includes(HOLE)) return address;
  }
  return undefined;
}

function endpoint(context: Context): Sighting[] {
  const { evaluator, site, value, library } = context;
  if (library.nameless !== "Service") return [];
  const own = textsOf(evaluator.named(site, BASES, 2)).map(({ text }) => ({ text, where: site }));
  const made = value.made
    ? textsOf(evaluator.named(value.made, BASES, 2)).map(({ text }) => ({ text, where: value.made ?? site }))
    : [];
  return [...own, ...made].flatMap(({ text, where }) => {
    const address = text.includes(HOLE) ? undefined : addressOf(text);
    if (!address || (address.common && !address.own)) return [];
    const provider =
      address.provider === "self-hosted" && context.provider === "ollama" ? "ollama" : address.provider;
    return sight(where, {
      kind: "Endpoint",
      name: address.url,
      provider,
      confidence: "high",
      detector: "base-url",
    });
  });
}

function atAddress({ site, provider }: Context, address: Address, text: string): Sighting[] {
  const inPath = address.common ? modelInAddress(address) : undefined;
  if (inPath === undefined && address.common && !address.own) return [];
  const model = inPath ?? tidyName(text);
  if (model !== text)
    return sight(site, { kind: "Model", name: model, provider, confidence: "high", detector: "call" });
  if (
    /\/models\/|hub\.dev|kaggle\.com\/models|\.(json|onnx|pth?|bin|tflite)$/.test(address.path) ||
    /tfhub\.dev$/.test(address.host)
  )
    return sight(site, { kind: "Model", name: address.url, provider, confidence: "high", detector: "call" });
  return sight(site, {
    kind: "Endpoint",
    name: address.url,
    provider: address.provider,
    confidence: "high",
    detector: "base-url",
  });
}

function nameless({ site, library, provider, value, evaluator }: Context, tail: string): Sighting[] {
  if (library.nameless === undefined || !library.uses?.test(tail)) return [];
  if (library.nameless === "Code")
    return sight(site, {
      kind: "Code",
      name: site.source.path,
      provider,
      confidence: "medium",
      detector: "call",
    });
  const address = baseAddress(evaluator, value);
  if (!address && /^(framework|langchain|llamaindex|litellm|vercel|spring-ai|langchain4j)$/.test(provider))
    return [];
  return sight(site, {
    kind: "Service",
    name: address?.provider ?? provider,
    provider: address?.provider ?? provider,
    confidence: "medium",
    detector: "call",
  });
}
