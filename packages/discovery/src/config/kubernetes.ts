import { isPlausible, tidyName } from "../rules/names.js";
import { readServerArguments, readServerVariable, type Said } from "./command.js";
import { serverOfImage } from "./images.js";
import type { SaidAt } from "./keys.js";
import { child, fromYaml, itemsOf, type Node, textOf } from "./node.js";
import { readScript } from "./shell.js";

const at = (line: number, said: readonly Said[]): SaidAt[] => said.map((one) => ({ ...one, line }));

export const isManifest = (node: Node): boolean =>
  textOf(child(node, "apiVersion")) !== undefined && textOf(child(node, "kind")) !== undefined;

/** Kinds of resources that serve models, by group. */
const SERVING: readonly [RegExp, RegExp, string][] = [
  [
    /serving\.kserve\.io|serving\.kubeflow\.org/,
    /^(InferenceService|LLMInferenceService|TrainedModel|InferenceGraph)$/,
    "kserve",
  ],
  [/machinelearning\.seldon\.io|mlops\.seldon\.io/, /^(SeldonDeployment|Model|Pipeline)$/, "seldon"],
  [/ray\.io/, /^RayService$/, "ray"],
  [/serving\.bentoml|yatai/, /^Bento(Deployment)?$/, "bentoml"],
  [/kubeai\.org/, /^Model$/, "kubeai"],
  [/apps\.nvidia\.com/, /^NIMService$/, "nvidia"],
  [/kaito\.sh/, /^Workspace$/, "kaito"],
  [/ollama\.ayaka\.io/, /^Model$/, "ollama"],
];

/** What a Kubernetes manifest serves: through its own kind, or through the containers that it starts. */
export function readManifest(node: Node): SaidAt[] {
  const group = textOf(child(node, "apiVersion")) ?? "";
  const kind = textOf(child(node, "kind")) ?? "";
  const found = readContainers(node);
  for (const [groups, kinds, provider] of SERVING)
    if (groups.test(group) && kinds.test(kind)) found.push(...served(node, kind, provider));
  return found;
}

function served(node: Node, kind: string, provider: string): SaidAt[] {
  const name = textOf(child(node, "metadata", "name")) ?? "";
  const line = child(node, "metadata", "name")?.line ?? node.line;
  const models = [...sources(node, provider), ...runtimes(node, provider)];
  const model = kind === "Model" || kind === "TrainedModel";
  if (model && models.length === 0)
    return name === "" ? [] : [{ kind: "Model", name, provider, confidence: "high", line }];
  const own: SaidAt[] =
    model || name === "" ? [] : [{ kind: "Endpoint", name, provider, confidence: "high", line }];
  return [...own, ...models];
}

// KServe brings the image itself: what it is told stands beside the model's format, without one.
function runtimes(node: Node, provider: string): SaidAt[] {
  if (node.is === "list") return node.items.flatMap((item) => runtimes(item, provider));
  if (node.is === "scalar") return [];
  const format = child(node, "modelFormat");
  if (!format) return [...node.entries.values()].flatMap((below) => runtimes(below, provider));
  const words = [...wordsOf(child(node, "command")), ...wordsOf(child(node, "args"))];
  const told = [...linesOf(child(node, "command")), ...linesOf(child(node, "args"))];
  const variables = variablesOf(node).flatMap(({ name, value, line }) =>
    at(line, readServerVariable(name, value, provider)),
  );
  return [...readWords(words, told, provider, format.line), ...variables];
}

const SOURCE = /^(storageUri|storage_uri|modelUri|model_uri|model_source|uri|url|modelPath)$/;

function sources(node: Node, provider: string): SaidAt[] {
  if (node.is === "list") return node.items.flatMap((item) => sources(item, provider));
  if (node.is === "scalar")
    return node.text.includes("\n") && /model_source|model_id/.test(node.text)
      ? fromYaml(node.text).flatMap((inner) => moved(sources(inner, provider), node.line))
      : [];
  return [...node.entries].flatMap(([key, below]) => {
    if (below.is !== "scalar" || !SOURCE.test(key)) return sources(below, provider);
    const name = tidyName(below.text.replace(/^ollama:\/\//, ""));
    return isPlausible(name) && !/^\/|\$/.test(name)
      ? [{ kind: "Model" as const, name, provider, confidence: "high" as const, line: below.line }]
      : [];
  });
}

const moved = (said: readonly SaidAt[], by: number): SaidAt[] =>
  said.map((one) => ({ ...one, line: one.line + by }));

/** Containers anywhere below: Pods, Deployments, custom resources, Compose's services. */
export function readContainers(node: Node): SaidAt[] {
  if (node.is === "list") return node.items.flatMap(readContainers);
  if (node.is === "scalar") return [];
  const image = textOf(child(node, "image")) ?? imageOfParts(child(node, "image"));
  const own = image === undefined ? [] : readContainer(node, image);
  return [...own, ...[...node.entries.values()].flatMap(readContainers)];
}

// Helm's values give a repository and a tag.
function imageOfParts(node: Node | undefined): string | undefined {
  const repository = textOf(child(node, "repository"));
  const registry = textOf(child(node, "registry"));
  const tag = textOf(child(node, "tag"));
  if (repository === undefined) return undefined;
  return `${registry ? `${registry}/` : ""}${repository}${tag ? `:${tag}` : ""}`;
}

function readContainer(node: Node, image: string): SaidAt[] {
  const words = [
    ...wordsOf(child(node, "command") ?? child(node, "entrypoint")),
    ...wordsOf(child(node, "args")),
  ];
  const line = child(node, "image")?.line ?? node.line;
  const provider = serverOfImage(image);
  const found: SaidAt[] =
    provider === undefined || /\$|\{\{/.test(image)
      ? []
      : [{ kind: "Image", name: image, provider, confidence: "high", line }];
  const lines = [...linesOf(child(node, "command")), ...linesOf(child(node, "args"))];
  found.push(...readWords(words, lines, provider, line));
  for (const { name, value, line: where } of variablesOf(node))
    found.push(
      ...at(where, readServerVariable(name, value, provider ?? "")).filter(() => provider !== undefined),
    );
  return found;
}

function readWords(
  words: readonly string[],
  lines: readonly { text: string; line: number }[],
  provider: string | undefined,
  line: number,
): SaidAt[] {
  if (words.length === 0) return [];
  const shell = words.findIndex(
    (word, index) =>
      index > 0 && /^-\w*c$/.test(words[index - 1] ?? "") && /sh$/.test(words[0] ?? "") && word !== "",
  );
  const script = shell < 0 ? undefined : words[shell];
  const said =
    script === undefined
      ? readServerArguments(words, provider ?? "")
      : readScript(script).flatMap((command) => readServerArguments(command.words, provider ?? ""));
  const sure =
    provider !== undefined ||
    /vllm|text-generation|llama|ollama|sglang|triton|huggingface-cli|\bhf download|--model/.test(
      words.join(" "),
    );
  return sure
    ? said.map((one) => ({ ...one, line: lines.find(({ text }) => text.includes(one.name))?.line ?? line }))
    : [];
}

function wordsOf(node: Node | undefined): string[] {
  if (node?.is === "list") return node.items.flatMap((item) => textOf(item) ?? []);
  const text = textOf(node);
  return text === undefined ? [] : readScript(text).flatMap(({ words }) => [...words]);
}

const linesOf = (node: Node | undefined): { text: string; line: number }[] =>
  node?.is === "list"
    ? node.items.flatMap((item) => (item.is === "scalar" ? [{ text: item.text, line: item.line }] : []))
    : node?.is === "scalar"
      ? [{ text: node.text, line: node.line }]
      : [];

/** The variables that a container is given, in Kubernetes' and in Compose's way. */
export function variablesOf(node: Node): { name: string; value: string; line: number }[] {
  const env = child(node, "env") ?? child(node, "environment");
  if (env?.is === "map")
    return [...env.entries].flatMap(([name, value]) =>
      value.is === "scalar" ? [{ name, value: value.text, line: value.line }] : [],
    );
  return itemsOf(env).flatMap((item) => {
    const pair = textOf(item) === undefined ? undefined : /^(\w+)=(.*)$/s.exec(textOf(item) ?? "");
    if (pair) return [{ name: pair[1] ?? "", value: pair[2] ?? "", line: item.line }];
    const name = textOf(child(item, "name"));
    const value = textOf(child(item, "value"));
    return name !== undefined && value !== undefined
      ? [{ name, value, line: child(item, "value")?.line ?? item.line }]
      : [];
  });
}
