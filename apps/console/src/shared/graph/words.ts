import type { GraphNode } from "@countersign/api";
import { count } from "../ui/format.js";
import type { Tone } from "../ui/tone.js";

const short = (digest: string): string => digest.replace(/^sha256:/, "").slice(0, 8);

const TYPES: Record<string, [string, string]> = {
  asset: ["asset", "assets"],
  version: ["version", "versions"],
  run: ["run", "runs"],
  job: ["job", "jobs"],
  deployment: ["deployment", "deployments"],
  external: ["dataset", "datasets"],
  group: ["group", "groups"],
};

const KINDS: Record<string, string> = { Hardware: "pieces of hardware", Code: "code repositories" };

/** What nodes of one type and kind are called, such as "model versions". */
export const typeWords = (type: string, kind: string, many: boolean): string => {
  const [one, more] = TYPES[type] ?? [type, `${type}s`];
  const lower = kind.toLowerCase();
  if (type === "asset" && kind !== "") return many ? (KINDS[kind] ?? `${lower}s`) : lower;
  if (type === "external" && kind !== "" && kind !== "Dataset") return lower;
  if (type === "version" && kind !== "") return `${lower} ${many ? more : one}`;
  return many ? more : one;
};

export const countWords = (value: number, type: string, kind: string): string =>
  count(value, typeWords(type, kind, false), typeWords(type, kind, true));

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What a node is called; of a version the digest stands in the line below. */
export const nodeName = ({ type, name, label, key }: GraphNode): string => {
  if (type === "version") return name || short(key);
  const commit = /^git:([0-9a-f]{8})[0-9a-f]*$/.exec(name)?.[1];
  return commit === undefined ? label || name : `Commit ${commit}`;
};

/** One line under a node's name. */
export const nodeWords = (node: GraphNode): string => {
  const what = capital(typeWords(node.type, node.kind, false));
  if (node.type === "version") return `${what} ${short(node.key)}`;
  if (node.type === "external") return `${what}, not declared`;
  if (node.type === "deployment")
    return `${capital(node.status ?? "reported")} in ${node.environment ?? "?"}`;
  return what;
};

const STATUSES: Record<string, { tone: Tone; word: string }> = {
  contained: { tone: "bad", word: "Contained" },
  running: { tone: "ok", word: "Running" },
  stopped: { tone: "quiet", word: "Stopped" },
  dangling: { tone: "wait", word: "Not declared" },
  deleted: { tone: "quiet", word: "Deleted" },
};

export const nodeStatus = (status: string): { tone: Tone; word: string } =>
  STATUSES[status] ?? { tone: "quiet", word: status };
