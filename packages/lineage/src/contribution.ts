import type { Statement } from "@countersign/evidence";
import { CountersignError, isDigest } from "@countersign/evidence";
import type { AssetKind, AssetPredicate, DeploymentPredicate, LineagePredicate } from "@countersign/facts";
import { ASSET_KINDS, parseAssetName, predicateOf } from "@countersign/facts";
import type { Contribution, Edge, Node, Relation } from "./graph.js";
import { assetNode, deploymentNode, runNode } from "./keys.js";
import { contributionOfEvent } from "./openlineage/contribute.js";
import { parseLineageEvent } from "./openlineage/parse.js";
import { contributionOfProvenance } from "./provenance.js";

/** What a document refers to, and as what; the inventory reads it out of the document. */
export interface Reference {
  kind: AssetKind;
  name: string;
  relation: string;
}

export interface Reading {
  workspace: string;
  referencesOf(document: object): Reference[];
}

const NOTHING: Contribution = { nodes: [], edges: [] };

/** Nodes and edges of a statement that held when it was logged. Statements that say nothing of lineage add nothing. */
export function edgesOf(statement: Statement, reading: Reading): Contribution {
  switch (predicateOf(statement.predicateType)) {
    case "manifest":
      return contributionOfManifest(statement);
    case "provenance":
      return contributionOfProvenance(statement);
    case "deployment":
      return contributionOfDeployment(statement);
    case "asset":
      return contributionOfAsset(statement.predicate as AssetPredicate, reading);
    case "lineage":
      return contributionOfLineage(statement.predicate as LineagePredicate, reading);
    case "profile":
      return contributionOfProfile(statement);
    default:
      return NOTHING;
  }
}

/** A dataset's version that was made from another one, such as by deleting a person's rows. */
function contributionOfProfile({ subject, predicate }: Statement): Contribution {
  const { derivedFrom } = (predicate ?? {}) as { derivedFrom?: unknown };
  const artifact = `sha256:${subject[0]?.digest.sha256}`;
  if (typeof derivedFrom !== "string" || !isDigest(derivedFrom) || !isDigest(artifact)) return NOTHING;
  const nodes = [derivedFrom, artifact].map((key): Node => ({ key, type: "version", kind: "", name: "" }));
  return { nodes, edges: [{ from: derivedFrom, to: artifact, relation: "derived" }] };
}

function contributionOfManifest({ subject }: Statement): Contribution {
  const nodes: Node[] = [];
  const edges: Edge[] = [];
  for (const { name = "", digest } of subject) {
    const artifact = `sha256:${digest.sha256}`;
    if (!isDigest(artifact) || name === "") continue;
    const asset = parseAssetName(name);
    const key = assetNode(asset.kind, asset.name);
    nodes.push({ key: artifact, type: "version", ...asset }, { key, type: "asset", ...asset });
    edges.push({ from: key, to: artifact, relation: "version" }, { from: artifact, to: key, relation: "of" });
  }
  return { nodes, edges };
}

function contributionOfDeployment({ subject, predicate }: Statement): Contribution {
  const { name, environment, region, state } = predicate as DeploymentPredicate;
  const artifact = `sha256:${subject[0]?.digest.sha256}`;
  if (!isDigest(artifact)) return NOTHING;
  const key = deploymentNode(environment, region, name);
  const nodes: Node[] = [
    { key: artifact, type: "version", kind: "", name: "" },
    { key, type: "deployment", kind: "", name, environment, region },
  ];
  if (state === "stopped") return { nodes, edges: [], ends: { from: artifact, to: key } };
  return { nodes, edges: [{ from: artifact, to: key, relation: "deployed" }] };
}

/** Words of a reference that say that one rests on the other; `alternative` and `covers` do not. */
const RESTS: readonly Relation[] = [
  "base",
  "derived",
  "input",
  "output",
  "owned",
  "part",
  "serves",
  "supplied",
  "uses",
];

function contributionOfAsset(predicate: AssetPredicate, { referencesOf }: Reading): Contribution {
  const kind = ASSET_KINDS.find((known) => known === predicate.kind);
  if (kind === undefined) return NOTHING;
  const { name, document } = predicate;
  const key = assetNode(kind, name);
  const ends = { node: key, ties: kind === "Dataset" || document === null };
  const owner = ownerOf(document);
  const self: Node = { key, type: "asset", kind, name, declared: document !== null, owner };
  if (document === null) return { nodes: [self], edges: [], ends };
  const nodes: Node[] = [self];
  const edges: Edge[] = [];
  for (const reference of referencesOf(document)) {
    const relation = RESTS.find((known) => known === reference.relation);
    if (relation === undefined) continue;
    const other = assetNode(reference.kind, reference.name);
    nodes.push({ key: other, type: "asset", kind: reference.kind, name: reference.name });
    const [from, to] = relation === "output" ? [key, other] : [other, key];
    if (from !== to) edges.push({ from, to, relation, declared: true });
  }
  if (kind === "Run") {
    const run = runNode(name);
    nodes.push({ key: run, type: "run", kind, name });
    edges.push({ from: key, to: run, relation: "same", declared: true });
    edges.push({ from: run, to: key, relation: "same", declared: true });
  }
  const answers = kind === "Dataset" ? namesOf(name, document).map((one) => ({ node: key, name: one })) : [];
  return { nodes, edges, ends, answers };
}

/** Its name, and where its files are: events may speak of it by either. */
function namesOf(name: string, document: object): string[] {
  const { spec } = document as { spec?: { source?: unknown } };
  return typeof spec?.source === "string" ? [name, spec.source] : [name];
}

function ownerOf(document: object | null): string {
  const { metadata } = (document ?? {}) as { metadata?: { owner?: unknown } };
  return typeof metadata?.owner === "string" ? metadata.owner : "";
}

// What was checked when it came is checked again: the limits may have changed, and the record is read by others too.
function contributionOfLineage({ event }: LineagePredicate, { workspace }: Reading): Contribution {
  try {
    return contributionOfEvent(parseLineageEvent(event), workspace);
  } catch (error) {
    if (error instanceof CountersignError) return NOTHING;
    throw error;
  }
}
