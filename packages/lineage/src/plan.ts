import { byCodePoint } from "@countersign/evidence";

/** A reached node with what the tables know of it. */
export interface PlanNode {
  key: string;
  type: string;
  kind: string;
  name: string;
  owner?: string;
  depth: number;
  status?: string;
}

export interface PlanInput {
  nodes: readonly PlanNode[];
  /** Running deployments of reached versions. */
  deployments: readonly PlanDeployment[];
  aliases: readonly PlanAlias[];
}

export interface PlanDeployment {
  key: string;
  name: string;
  environment: string;
  region: string;
  artifact: string;
}

export interface PlanAlias {
  name: string;
  alias: string;
  environment: string;
  artifact: string;
}

export interface Plan {
  versions: {
    artifact: string;
    kind: string;
    name: string;
    owner: string;
    depth: number;
    contained: boolean;
  }[];
  deployments: PlanDeployment[];
  aliases: PlanAlias[];
  systems: { key: string; kind: string; name: string; owner: string }[];
  runs: string[];
  owners: string[];
}

/** Kinds that people use: who answers for one wants to know. */
const USED: readonly string[] = ["Endpoint", "Service", "System"];

/** What to do about everything that was reached, nearest first, and who answers for it. */
export function containmentPlan({ nodes, deployments, aliases }: PlanInput): Plan {
  const assets = nodes.filter(({ type }) => type === "asset");
  const ownerOf = new Map(assets.map(({ kind, name, owner = "" }) => [`${kind}/${name}`, owner]));
  const versions = nodes
    .filter(({ type }) => type === "version")
    .map(({ key, kind, name, depth, status }) => {
      const owner = ownerOf.get(`${kind}/${name}`) ?? "";
      return { artifact: key, kind, name, owner, depth, contained: status === "contained" };
    });
  const systems = assets
    .filter(({ kind }) => USED.includes(kind))
    .map(({ key, kind, name, owner = "" }) => ({ key, kind, name, owner }));
  return {
    versions,
    deployments: [...deployments],
    aliases: [...aliases],
    systems,
    runs: nodes.filter(({ type }) => type === "run").map(({ key }) => key),
    owners: [...new Set(ownerOf.values())].filter((owner) => owner !== "").sort(byCodePoint),
  };
}
