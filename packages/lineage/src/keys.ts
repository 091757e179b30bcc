import type { Digest } from "@countersign/evidence";
import { isDigest, sha256 } from "@countersign/evidence";
import type { AssetKind } from "@countersign/facts";
import { ASSET_KINDS, assetKey, assetName } from "@countersign/facts";
import { tidy } from "./text.js";

/** Traces of the gateway will be one more type here, with a relation from the deployment that answered. */
export const NODE_TYPES = ["asset", "version", "run", "job", "deployment", "external"] as const;
export type NodeType = (typeof NODE_TYPES)[number];

/** What a key alone says about its node. */
export interface KeyParts {
  type: NodeType;
  kind: string;
  name: string;
  environment?: string;
  region?: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Longer keys would not fit an index page of the database. */
const MAX_KEY = 2_100;

export const assetNode = (kind: AssetKind, name: string): string => `asset:${kind}/${tidy(name)}`;
export const deploymentNode = (environment: string, region: string, name: string): string =>
  `deployment:${tidy(environment)}/${tidy(region)}/${tidy(name)}`;
export const jobNode = (namespace: string, name: string): string => `job:${tidy(namespace)}/${tidy(name)}`;

/** MLflow writes a run's id without dashes, OpenLineage with them: it is one run. */
export const runNode = (id: string): string =>
  `run:${UUID.test(id) ? id.replaceAll("-", "").toLowerCase() : tidy(id)}`;

/** A dataset that only others speak of. The version keeps two states of it apart. */
export const externalNode = (namespace: string, name: string, version?: string): string =>
  `external:${tidy(namespace)}/${tidy(name)}${version === undefined ? "" : `@${tidy(version)}`}`;

export function parseKey(key: string): KeyParts | undefined {
  if (isDigest(key)) return { type: "version", kind: "", name: "" };
  const at = key.indexOf(":");
  const type = NODE_TYPES.find((known) => known === key.slice(0, at) && known !== "version");
  const rest = key.slice(at + 1);
  if (type === undefined || rest === "" || key.length > MAX_KEY) return undefined;
  if (type === "asset") return parseAsset(rest);
  if (type === "deployment") return parseDeployment(rest);
  return { type, kind: type === "external" ? "Dataset" : "", name: rest };
}

function parseAsset(rest: string): KeyParts | undefined {
  const slash = rest.indexOf("/");
  const kind = ASSET_KINDS.find((known) => known === rest.slice(0, slash));
  const name = rest.slice(slash + 1);
  return kind === undefined || name === "" ? undefined : { type: "asset", kind, name };
}

function parseDeployment(rest: string): KeyParts | undefined {
  const [environment = "", region = "", ...name] = rest.split("/");
  if (name.length === 0) return undefined;
  return { type: "deployment", kind: "", name: name.join("/"), environment, region };
}

/** What a person may have meant by `text`, likeliest first: a key, a digest, `Kind:name`, or a bare name of any kind. */
export function keysMeant(text: string): string[] {
  if (parseKey(text) !== undefined) return [text.startsWith("run:") ? runNode(text.slice(4)) : text];
  const colon = text.indexOf(":");
  const kind = ASSET_KINDS.find((known) => known === text.slice(0, colon));
  if (kind !== undefined) return [assetNode(kind, text.slice(colon + 1))];
  return [
    assetNode("Model", text),
    ...ASSET_KINDS.filter((one) => one !== "Model").map((one) => assetNode(one, text)),
  ];
}

/** The digest by which a statement names a run, which has no bytes. */
export const runDigest = (workspace: string, id: string): Digest => hashed("run", workspace, id);

/** What a containment names as its cause: the version itself, the asset, or the run; else a hash of the key. */
export function causeOf(workspace: string, key: string): Digest {
  if (isDigest(key)) return key;
  const parts = parseKey(key);
  const kind = ASSET_KINDS.find((known) => known === parts?.kind);
  if (parts?.type === "asset" && kind !== undefined) return assetKey(workspace, assetName(kind, parts.name));
  return parts?.type === "run" ? runDigest(workspace, parts.name) : hashed("node", workspace, key);
}

const hashed = (what: string, workspace: string, id: string): Digest =>
  sha256(new TextEncoder().encode(`${what}\0${workspace}\0${id}`));
