import type { Statement } from "@countersign/evidence";
import { isDigest, isRecord } from "@countersign/evidence";
import type { Contribution, Edge, Node } from "./graph.js";
import { externalNode, runNode } from "./keys.js";
import { tidy } from "./text.js";

/** One of `resolvedDependencies` of a SLSA provenance, as far as it names something. */
interface Dependency {
  role: string;
  name: string;
  uri: string;
  sha256: string;
  other: string;
}

/** The run that a provenance is about. */
export interface ProvenanceRun {
  id: string;
  name: string;
  experiment: string;
  dependencies: Dependency[];
}

const RELATION = { dataset: "input", "base-model": "base", code: "uses", environment: "uses" } as const;
const KIND = { dataset: "Dataset", "base-model": "Model", code: "Code", environment: "Image" } as const;
type Role = keyof typeof RELATION;

/** What went into a run and what came out of it. */
export function contributionOfProvenance(statement: Statement): Contribution {
  const run = readProvenance(statement.predicate);
  if (run === undefined) return { nodes: [], edges: [] };
  const key = runNode(tidy(run.id));
  const nodes: Node[] = [{ key, type: "run", kind: "Run", name: tidy(run.name) }];
  const edges: Edge[] = [];
  const names: { node: string; name: string }[] = [];
  for (const dependency of run.dependencies) {
    const role = (Object.keys(RELATION) as Role[]).find((known) => known === dependency.role);
    const node = role && nodeOf(dependency, role);
    if (role === undefined || node === undefined) continue;
    nodes.push(node);
    edges.push({ from: node.key, to: key, relation: RELATION[role] });
    if (node.type === "external" && role === "dataset" && dependency.name !== "") {
      names.push({ node: node.key, name: node.name });
    }
  }
  for (const { name = "", digest } of statement.subject) {
    const artifact = `sha256:${digest.sha256}`;
    if (name.startsWith("run:") || !isDigest(artifact)) continue;
    nodes.push({ key: artifact, type: "version", kind: "Model", name: tidy(name) });
    edges.push({ from: key, to: artifact, relation: "output" });
  }
  return { nodes, edges, names };
}

function nodeOf({ name, uri, sha256, other }: Dependency, role: Role): Node | undefined {
  const kind = KIND[role];
  const artifact = `sha256:${sha256}`;
  if (isDigest(artifact)) return { key: artifact, type: "version", kind, name: tidy(name) };
  const called = tidy(name || uri);
  if (called === "") return undefined;
  // A client's own digest keeps two states of one name apart: `dataset` is what MLflow calls many.
  const version = other === "" ? undefined : tidy(other);
  const key =
    role === "code" ? externalNode("code", tidy(uri || name), version) : externalNode(role, called, version);
  return { key, type: "external", kind, name: called };
}

export function readProvenance(predicate: unknown): ProvenanceRun | undefined {
  const metadata = member(member(predicate, "runDetails"), "metadata");
  const parameters = member(member(predicate, "buildDefinition"), "externalParameters");
  const id = text(member(metadata, "invocationId")) || text(member(parameters, "run"));
  if (id === "") return undefined;
  const [name, experiment] = [text(member(parameters, "name")), text(member(parameters, "experiment"))];
  return { id, name, experiment, dependencies: dependenciesOf(predicate) };
}

export const finishedOn = (predicate: unknown): string =>
  text(member(member(member(predicate, "runDetails"), "metadata"), "finishedOn"));

function dependenciesOf(predicate: unknown): Dependency[] {
  const list = member(member(predicate, "buildDefinition"), "resolvedDependencies");
  if (!Array.isArray(list)) return [];
  return list.filter(isRecord).map((item) => {
    const digest = isRecord(item.digest) ? item.digest : {};
    return {
      role: text(member(item.annotations, "role")),
      name: text(item.name),
      uri: text(item.uri),
      sha256: text(digest.sha256),
      other: text(digest.gitCommit) || text(digest.mlflow),
    };
  });
}

const member = (value: unknown, name: string): unknown => (isRecord(value) ? value[name] : undefined);
const text = (value: unknown): string => (typeof value === "string" ? value : "");
