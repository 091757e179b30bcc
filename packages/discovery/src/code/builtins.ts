import type { CallSite } from "./calls.js";
import type { Evaluator } from "./evaluate.js";
import type { Source } from "./source.js";
import { type Reference, type Text, textsOf, type Value } from "./value.js";

/** Calls and indexes whose answer is known without running them: the environment, defaults, conversions, files. */

const ENVIRONMENT =
  /(^|\.)(os\.getenv|os\.environ\.(get|setdefault)|environ\.get|getenv|System\.getenv|System\.getProperty|os\.(Getenv|LookupEnv)|Environment\.GetEnvironmentVariable|ENV\.fetch|env\.var|env\.get|env\.str|decouple\.config|Deno\.env\.get|viper\.GetString|dotenv\.get|configService\.get)$|^(config|env)$/;
const ENVIRONMENT_MAP =
  /(^|\.)(os\.environ|environ|process\.env|import\.meta\.env|ENV|Bun\.env|configuration|_configuration|_config)$/i;
const DEFAULTING =
  /^(unwrap_or|unwrap_or_else|unwrap_or_default|getOrElse|orElse|orElseGet|or_else|ifEmpty|ifBlank|fetch|get|dig|getOrDefault)$/;
/** Gives back what it is given first. */
const SAME =
  /(^|\.)(str|String|aws\.String|openai\.(F|String|Opt)|anthropic\.(F|String)|param\.NewOpt|genai\.Ptr|ptr\.String|to\.Ptr|Optional\.of|ofNullable|ModelId|ChatModel\.of|of|Path|PurePath|pathlib\.Path|Paths\.get|Path\.of|path\.(resolve|normalize|abspath|expanduser)|abspath|expanduser|Uri|URI|URL|URI\.create|Uri\.parse|url\.parse|open|File|FileInputStream|ClassPathResource|Object\.freeze|freeze|JSON\.stringify|json\.dumps|json\.Marshal|JSON\.generate|toJson|JsonSerializer\.Serialize|StringContent|JsonContent\.Create|Buffer\.from|bytes\.(NewBuffer|NewReader|NewBufferString)|strings\.NewReader|BodyPublishers\.ofString|RequestBody\.create|Option|Field|field|typer\.(Option|Argument)|Annotated|cast|Some|Ok|Arc\.new|Rc\.new|Box\.new|String\.from|Literal|SecretStr|HttpEntity|json|fs\.readFileSync|readFileSync|download|cached_path|smart_open|fileURLToPath|pathToFileURL|PathBuf\.from|Path\.new|cached|lru_cache|SystemMessage|deepcopy|copy)$/;
const JOINING =
  /(^|\.)(os\.path\.join|path\.join|filepath\.Join|File\.join|Paths\.get|Path\.Combine|Path\.of|joinpath|Rails\.root\.join|urljoin)$/;
const MAPS =
  /^(dict|Map\.of|mapOf|hashMapOf|ImmutableMap\.of|mutableMapOf|SimpleNamespace|types\.SimpleNamespace|Hash\.new)$/;
const LISTS = /^(List\.of|listOf|Arrays\.asList|Set\.of|setOf|set|tuple|list|vec)$/;
const LOADS =
  /(^|\.)(yaml\.(safe_load|load|full_load|parse)|json\.load|json\.loads|toml\.load|toml\.loads|tomllib\.load|tomli\.load|OmegaConf\.load|JSON\.parse|YAML\.(load_file|load|safe_load|parse)|JSON\.load_file|jsyaml\.load|require|import|config_from_file)$/;
const TEXT_METHOD = /^(format|replace|join|split|get|append)$/;

export function callBuiltin(
  evaluator: Evaluator,
  source: Source,
  value: Value,
  site: CallSite,
): readonly Value[] | undefined {
  if (value.is === "text") return ofText(evaluator, source, value, site);
  if (value.is === "variable") return lastArgument(evaluator, site) ?? [value];
  if (value.is === "map") return ofMap(evaluator, source, value, site);
  if (value.is !== "reference") return [value];
  return ofReference(evaluator, source, value, site);
}

function methodName(source: Source, { open }: CallSite): string {
  return source.tokens[open - 1]?.value ?? "";
}

function ofText(evaluator: Evaluator, source: Source, value: Text, site: CallSite): readonly Value[] {
  const method = methodName(source, site);
  if (method === "join" || method === "joinpath" || method === "resolve") {
    const parts = evaluator
      .arguments(site)
      .positional.map((range) => textsOf(evaluator.range(site.source, range))[0]?.text ?? "");
    return [{ ...value, text: [value.text, ...parts].filter((part) => part !== "").join("/") }];
  }
  if (method === "format") return formatted(evaluator, value, site);
  return TEXT_METHOD.test(method) && method !== "get" ? [] : [value];
}

function formatted(evaluator: Evaluator, value: Text, site: CallSite): readonly Value[] {
  const { named, positional } = evaluator.arguments(site);
  let position = 0;
  const text = value.text.replace(/\{(\w*)\}/g, (_, key: string) => {
    const range = named.get(key) ?? positional[key === "" ? position++ : Number(key)];
    return (range && textsOf(evaluator.range(site.source, range))[0]?.text) ?? "\u0001";
  });
  return [{ ...value, text }];
}

function ofMap(evaluator: Evaluator, source: Source, value: Value, site: CallSite): readonly Value[] {
  if (value.is !== "map") return [];
  const method = methodName(source, site);
  if (!/^(get|fetch|dig|pop|getOrDefault)$/.test(method)) return [value];
  const key = textsOf(evaluator.positional(site, 0))[0]?.text;
  const found = key === undefined ? [...value.entries.values()].flat() : (value.entries.get(key) ?? []);
  return found.length > 0 ? found : evaluator.positional(site, 1);
}

function lastArgument(evaluator: Evaluator, site: CallSite): readonly Value[] | undefined {
  if (!DEFAULTING.test(methodName(site.source, site))) return undefined;
  const range = evaluator.arguments(site).positional.at(-1);
  if (!range) return undefined;
  let from = range.from;
  while (
    from < range.to &&
    /^(\||_|\(|\)|->|\w+\|)$/.test(site.source.tokens[from]?.value ?? "") &&
    site.source.tokens[from]?.kind !== "text"
  )
    from++;
  const values = evaluator.range(site.source, { from, to: range.to });
  return values.length > 0 ? values : undefined;
}

function ofReference(
  evaluator: Evaluator,
  source: Source,
  value: Reference,
  site: CallSite,
): readonly Value[] | undefined {
  const path = value.path.filter((part) => part !== "default").join(".");
  if (ENVIRONMENT.test(path)) return environment(evaluator, site);
  if (LOADS.test(path)) return loaded(evaluator, source, path, site);
  if (JOINING.test(path)) return joined(evaluator, site);
  if (MAPS.test(path)) return [mapping(evaluator, path, site)];
  if (LISTS.test(path)) return [{ is: "list", items: items(evaluator, site) }];
  if (!value.known && DEFAULTING.test(value.path.at(-1) ?? "")) {
    const preset = lastArgument(evaluator, site);
    if (preset && textsOf(preset).length > 0) return textsOf(preset);
  }
  if (SAME.test(path)) return first(evaluator, site);
  if (CHOOSES.test(path)) return chosen(evaluator, site);
  return evaluator.project.returned(evaluator, source, value);
}

// Streamlit: whoever looks at the page takes one of a list.
const CHOOSES = /^streamlit\.(sidebar\.)?(selectbox|radio|select_slider|pills|segmented_control)$/;

function chosen(evaluator: Evaluator, site: CallSite): readonly Value[] | undefined {
  const { positional, named } = evaluator.arguments(site);
  const range = named.get("options") ?? positional[1];
  const values = range ? evaluator.range(site.source, range) : [];
  const texts = textsOf(values.flatMap((value) => (value.is === "list" ? value.items : [value])));
  return texts.length > 0 ? texts : undefined;
}

function first(evaluator: Evaluator, site: CallSite): readonly Value[] | undefined {
  const { positional, named } = evaluator.arguments(site);
  const preset = named.get("default") ?? positional[0];
  const values = preset ? evaluator.range(site.source, preset) : [];
  return values.length > 0 ? values : undefined;
}

function environment(evaluator: Evaluator, site: CallSite): readonly Value[] | undefined {
  const name = textsOf(evaluator.positional(site, 0))[0]?.text;
  const { named, positional } = evaluator.arguments(site);
  const range = named.get("default") ?? positional[1];
  const preset = range ? evaluator.range(site.source, range) : [];
  if (textsOf(preset).some(({ text }) => text !== "")) return textsOf(preset);
  return name === undefined ? undefined : evaluator.project.variable(name);
}

function joined(evaluator: Evaluator, site: CallSite): readonly Value[] {
  const parts = evaluator
    .arguments(site)
    .positional.map((range) => textsOf(evaluator.range(site.source, range))[0]);
  const known = parts.flatMap((part) => (part && part.text !== "" ? [part] : []));
  const at = known.at(-1)?.at;
  if (!at || parts.at(-1) === undefined) return [];
  return [{ is: "text", text: known.map(({ text }) => text).join("/"), at }];
}

function mapping(evaluator: Evaluator, path: string, site: CallSite): Value {
  const { named, positional } = evaluator.arguments(site);
  const entries = new Map(
    [...named].map(([key, range]) => [key, evaluator.range(site.source, range)] as const),
  );
  if (path.endsWith(".of"))
    for (let index = 0; index + 1 < positional.length; index += 2) {
      const key = textsOf(evaluator.positional(site, index))[0]?.text;
      if (key !== undefined) entries.set(key, evaluator.positional(site, index + 1));
    }
  for (const range of positional) pairs(evaluator, site.source, range.from, range.to, entries);
  return { is: "map", entries };
}

// Kotlin's `"model" to "gpt-4o"`.
function pairs(
  evaluator: Evaluator,
  source: Source,
  from: number,
  to: number,
  entries: Map<string, readonly Value[]>,
): void {
  const key = source.tokens[from];
  if (key?.kind === "text" && source.tokens[from + 1]?.value === "to")
    entries.set(key.value, evaluator.range(source, { from: from + 2, to }));
}

const items = (evaluator: Evaluator, site: CallSite): Value[] =>
  evaluator.arguments(site).positional.flatMap((range) => evaluator.range(site.source, range));

function loaded(
  evaluator: Evaluator,
  source: Source,
  path: string,
  site: CallSite,
): readonly Value[] | undefined {
  const given = evaluator.positional(site, 0);
  const file = textsOf(given)[0]?.text;
  if (file === undefined) return given.some(({ is }) => is === "map") ? given : undefined;
  if (/(^|\.)(require|import)$/.test(path)) {
    if (!/\.(json|ya?ml)$/.test(file)) return evaluator.project.imported(evaluator, source, [file]);
  }
  const config = evaluator.project.config(file);
  return config ? [config] : undefined;
}

export function indexBuiltin(
  evaluator: Evaluator,
  value: Reference,
  keys: readonly Text[],
): readonly Value[] | undefined {
  if (!ENVIRONMENT_MAP.test(value.path.join("."))) return undefined;
  const found = keys.flatMap(({ text }) => evaluator.project.variable(text));
  return found.length > 0 ? found : undefined;
}

/** Node reads the environment as a property, without a call. */
export function isEnvironment(path: readonly string[]): boolean {
  const last = path.at(-1);
  const before = path.at(-2);
  return last === "env" && (before === "process" || before === "meta" || before === "Bun");
}
