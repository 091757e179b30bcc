import type { Value } from "../code/value.js";
import type { Sighting } from "../finding.js";
import { maskLine } from "../snippet.js";
import { readCommand } from "./command.js";
import { readDockerfile } from "./docker.js";
import { fromEnv, fromProperties, fromToml } from "./flat.js";
import { type Form, formOf } from "./forms.js";
import { fillTemplate } from "./helm.js";
import { readKeys, type SaidAt } from "./keys.js";
import { isManifest, readContainers, readManifest, variablesOf } from "./kubernetes.js";
import { child, fromJson, fromYaml, itemsOf, type Node, textOf, toValue } from "./node.js";
import { readPrompt } from "./prompts.js";
import { readScript } from "./shell.js";

const AI =
  /openai|anthropic|hugging|transformers|llm|ollama|vllm|langchain|bedrock|gemini|mistral|cohere|embedding|lora|inference|predictor|model_name_or_path|gpt-|claude|axolotl|litellm/i;
const MAX_PARSED = 600_000;

export interface ConfigFacts {
  readonly variable: (name: string) => readonly Value[];
  readonly document: (path: string) => Value | undefined;
  readonly setting: (keys: readonly string[]) => readonly Value[];
  readonly sightings: (shell: readonly { path: string; line: number; text: string }[]) => Sighting[];
}

/** Everything that a tree's configuration says, read when it is asked for. */
export function collectConfig(
  paths: readonly string[],
  read: (path: string) => string | undefined,
): ConfigFacts {
  const files = paths.flatMap((path) => {
    const form = formOf(path);
    return form ? [{ path, form }] : [];
  });
  const nodes = new Map<string, readonly Node[]>();
  const variables = new Map<string, Value[]>();
  const parse = (path: string, form: Form | undefined = formOf(path)): readonly Node[] => {
    const known = nodes.get(path);
    if (known) return known;
    const text = read(path);
    const made = text === undefined || text.length > MAX_PARSED ? [] : parsed(path, form, text, read);
    nodes.set(path, made);
    return made;
  };
  const found = files.flatMap(({ path, form }) => ofFile(path, form, read(path), parse, variables));
  const settings = new Map<string, readonly Value[]>();
  const parsable = files.filter(({ form }) => form === "yaml" || form === "toml" || form === "json");
  return {
    variable: (name) => variables.get(name) ?? [],
    document: (wanted) => {
      const plain = wanted
        .replace(/^(\.\.?\/)+/, "")
        .replaceAll("\u0001", "")
        .replace(/^\/+/, "");
      const path =
        paths.find((one) => one === plain) ?? paths.find((one) => plain !== "" && one.endsWith(`/${plain}`));
      const [node] =
        path === undefined ? [] : parse(path, formOf(path) ?? (path.endsWith(".json") ? "json" : "yaml"));
      return node && toValue(node, path ?? "");
    },
    setting: (keys) => {
      const key = keys.join("\0");
      const known = settings.get(key) ?? setting(keys, parsable.slice(0, 400), parse);
      settings.set(key, known);
      return known;
    },
    sightings: (shell) => [
      ...found,
      ...shell.flatMap(({ path, line, text }) =>
        readScript(text).flatMap(({ words }) =>
          sight(
            path,
            readCommand(words).map((one) => ({ ...one, line })),
            undefined,
            text,
          ),
        ),
      ),
    ],
  };
}

function parsed(
  path: string,
  form: Form | undefined,
  text: string,
  read: (path: string) => string | undefined,
): readonly Node[] {
  if (form === "json") return [fromJson(text)].flatMap((node) => node ?? []);
  if (form === "toml") return [fromToml(text)];
  if (form === "properties") return [/^\s*\[/m.test(text) ? fromToml(text) : fromProperties(text)];
  const chart = /^(.*\/|)templates\//.exec(path)?.[1];
  return fromYaml(
    chart !== undefined && text.includes("{{") ? fillTemplate(text, read(`${chart}values.yaml`)) : text,
  );
}

function setting(
  keys: readonly string[],
  files: readonly { path: string; form: Form }[],
  parse: (path: string, form: Form) => readonly Node[],
): readonly Value[] {
  for (const { path, form } of files) {
    // Hydra keeps a group's choices in files below a directory of the group's name.
    const grouped = path.split("/").at(-2) === keys[0];
    for (const node of parse(path, form)) {
      const found = child(node, ...keys) ?? (grouped ? child(node, ...keys.slice(1)) : undefined);
      if (found?.is === "scalar") return [toValue(found, path)];
    }
  }
  return [];
}

function ofFile(
  path: string,
  form: Form,
  text: string | undefined,
  parse: (path: string, form: Form) => readonly Node[],
  variables: Map<string, Value[]>,
): Sighting[] {
  if (text === undefined) return [];
  switch (form) {
    case "env":
      return sight(path, ofEnv(path, text, variables), text);
    case "docker":
      setVariables(
        path,
        fromEnv(
          text
            .split("\n")
            .filter((line) => /^\s*ENV\b/.test(line))
            .join("\n"),
        ),
        variables,
      );
      return sight(path, readDockerfile(text), text);
    case "shell":
      return sight(path, ofShell(path, text, variables), text);
    case "prompt":
      return sight(path, readPrompt(path, text), text);
    case "modelfile":
      return sight(path, ofModelfile(text), text);
    default:
      return worth(text)
        ? sight(
            path,
            parse(path, form).flatMap((node) => ofNode(path, node, text, variables)),
            text,
          )
        : [];
  }
}

const worth = (text: string): boolean =>
  text.length <= MAX_PARSED &&
  /model|llm|image|openai|anthropic|embedding|hf:\/\/|11434|env|MODEL|engine|deployment|run:/i.test(text);

function setVariables(
  path: string,
  pairs: readonly { name: string; value: string; line: number }[],
  variables: Map<string, Value[]>,
): void {
  for (const { name, value, line } of pairs) {
    if (value === "" || value.includes("$")) continue;
    const list = variables.get(name) ?? [];
    if (!list.some((one) => one.is === "text" && one.text === value))
      list.push({ is: "text", text: value, at: { path, line } });
    variables.set(name, list);
  }
}

function ofEnv(path: string, text: string, variables: Map<string, Value[]>): SaidAt[] {
  const pairs = fromEnv(text);
  setVariables(path, pairs, variables);
  return pairs.flatMap(({ name, value, line }) =>
    readKeys(
      { is: "map", line, entries: new Map([[name, { is: "scalar", line, text: value }]]) },
      { ai: AI.test(name) },
    ),
  );
}

function ofShell(path: string, text: string, variables: Map<string, Value[]>): SaidAt[] {
  setVariables(
    path,
    fromEnv(
      text
        .split("\n")
        .map((line) => (/^\s*export\s/.test(line) ? line : ""))
        .join("\n"),
    ),
    variables,
  );
  const script = /akefile$|\.mk$|ustfile$/.test(path)
    ? text
        .replace(/^[\w./ %-]+:(?!=).*$/gm, "")
        .replace(/^\t[@-]*/gm, "")
        .replace(/\$\((\w+)\)/g, "$$$1")
        .replace(/^(\w+)\s*[:?]?=\s*(.*)$/gm, '$1="$2"')
    : path.endsWith("Procfile")
      ? text.replace(/^\w+:\s*/gm, "")
      : text;
  return readScript(script).flatMap(({ words, line }) => readCommand(words).map((one) => ({ ...one, line })));
}

function ofModelfile(text: string): SaidAt[] {
  return text.split("\n").flatMap((row, index): SaidAt[] => {
    const name = /^\s*FROM\s+(\S+)/i.exec(row)?.[1];
    return name === undefined
      ? []
      : [
          {
            kind: "Model",
            name: name.replace(/^\.\//, ""),
            provider: "ollama",
            confidence: "high",
            line: index + 1,
          },
        ];
  });
}

function ofNode(path: string, node: Node, text: string, variables: Map<string, Value[]>): SaidAt[] {
  if (/^countersign\.dev\//.test(textOf(child(node, "apiVersion")) ?? "")) return [];
  if (child(node, "openapi") ?? child(node, "swagger") ?? child(node, "$schema", "properties")) return [];
  collectVariables(path, node, variables, 0);
  const found = isManifest(node) ? readManifest(node) : readContainers(node);
  found.push(
    ...composeModels(node),
    ...readKeys(node, { ai: AI.test(text) }),
    ...embedded(node),
    ...workflow(path, node),
    ...envKeys(node, 0),
  );
  return found;
}

function collectVariables(path: string, node: Node, variables: Map<string, Value[]>, depth: number): void {
  if (depth > 20 || node.is === "scalar") return;
  if (node.is === "map") setVariables(path, variablesOf(node), variables);
  if (textOf(child(node, "kind")) === "ConfigMap") {
    const data = child(node, "data");
    if (data?.is === "map")
      setVariables(
        path,
        [...data.entries].flatMap(([name, value]) =>
          value.is === "scalar" ? [{ name, value: value.text, line: value.line }] : [],
        ),
        variables,
      );
  }
  for (const below of node.is === "map" ? node.entries.values() : node.items)
    collectVariables(path, below, variables, depth + 1);
}

// `env: [{ name: OPENAI_MODEL, value: gpt-4o }]` is a pair like any other, and so is Compose's `- OPENAI_MODEL=gpt-4o`.
function envKeys(node: Node, depth: number): SaidAt[] {
  if (depth > 20 || node.is === "scalar") return [];
  const below = (node.is === "map" ? [...node.entries.values()] : [...node.items]).flatMap((one) =>
    envKeys(one, depth + 1),
  );
  if (node.is !== "map") return below;
  const listed = (child(node, "env") ?? child(node, "environment"))?.is === "list" ? variablesOf(node) : [];
  const own = listed.flatMap(({ name, value, line }) =>
    readKeys(
      { is: "map", line, entries: new Map([[name, { is: "scalar", line, text: value }]]) },
      { ai: AI.test(name) },
    ),
  );
  return [...own, ...below];
}

function composeModels(node: Node): SaidAt[] {
  const models = child(node, "services") ? child(node, "models") : undefined;
  if (models?.is !== "map") return [];
  return [...models.entries.values()].flatMap((one): SaidAt[] => {
    const name = textOf(child(one, "model"));
    return name === undefined
      ? []
      : [
          {
            kind: "Model",
            name,
            provider: "docker",
            confidence: "high",
            line: child(one, "model")?.line ?? one.line,
          },
        ];
  });
}

// A ConfigMap may hold a whole configuration file as text.
function embedded(node: Node): SaidAt[] {
  const data = textOf(child(node, "kind")) === "ConfigMap" ? child(node, "data") : undefined;
  if (data?.is !== "map") return [];
  return [...data.entries].flatMap(([name, value]) =>
    value.is === "scalar" && value.text.includes("\n")
      ? insideText(formOf(name), value.text).map((one) => ({ ...one, line: value.line + one.line }))
      : [],
  );
}

function insideText(form: Form | undefined, text: string): SaidAt[] {
  if (form === "shell")
    return readScript(text).flatMap(({ words, line }) => readCommand(words).map((one) => ({ ...one, line })));
  if (form === undefined || form === "docker" || form === "prompt" || form === "modelfile") return [];
  const nodes = form === "env" ? [fromProperties(text)] : parsed("", form, text, () => undefined);
  return nodes.flatMap((below) => readKeys(below, { ai: AI.test(text) }));
}

// Continuous integration runs commands, and actions that call models.
function workflow(path: string, node: Node): SaidAt[] {
  if (!/\.github\/workflows\/|\.gitlab-ci|azure-pipelines|action\.ya?ml$/.test(path)) return [];
  return steps(node).flatMap(({ text, line }) =>
    readScript(text).flatMap((command) =>
      readCommand(command.words).map((one) => ({ ...one, line: line + command.line - 1 })),
    ),
  );
}

function steps(node: Node): { text: string; line: number }[] {
  if (node.is === "list") return node.items.flatMap(steps);
  if (node.is === "scalar") return [];
  return [...node.entries].flatMap(([key, below]) => {
    if (!/^(run|script|bash|before_script)$/.test(key)) return steps(below);
    return below.is === "scalar"
      ? [{ text: below.text, line: below.line }]
      : itemsOf(below).flatMap((item) =>
          item.is === "scalar" ? [{ text: item.text, line: item.line }] : [],
        );
  });
}

function sight(path: string, said: readonly SaidAt[], text: string | undefined, row?: string): Sighting[] {
  const lines = text?.split("\n");
  return said.map(({ line, ...one }) => ({
    ...one,
    file: path,
    line,
    snippet: maskLine(row ?? lines?.[line - 1] ?? "", one.name),
    detector: "config",
  }));
}
