import { type Digest, isDigest, isRecord } from "@countersign/evidence";
import type { StoredArtifact } from "../../mlflow/artifacts/store.js";
import type { InputRow } from "../../mlflow/runs/data.js";
import type { Run } from "../../mlflow/runs/store.js";

/** A ResourceDescriptor of SLSA provenance. */
export interface Dependency {
  uri: string;
  name: string;
  digest: Record<string, string>;
  annotations: Record<string, string>;
}

const MAX_URI = 2_048;
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const ENVIRONMENT_FILES = new Set(["requirements.txt", "conda.yaml", "python_env.yaml"]);

/** What MLflow's client says of the code by itself. Of a path on somebody's machine only the last part is kept. */
export function codeOf({ tags }: Pick<Run, "tags">): Dependency[] {
  const tag = (key: string) => tags.find((each) => each.key === key)?.value ?? "";
  const commit = tag("mlflow.source.git.commit").toLowerCase();
  if (!COMMIT.test(commit)) return [];
  const repository = withoutSecrets(tag("mlflow.source.git.repoURL"));
  const name = tag("mlflow.source.name").split(/[/\\]/).at(-1) ?? "";
  const uri = repository === "" ? `git:${commit}` : `git+${repository}@${commit}`;
  return [{ uri, name, digest: { gitCommit: commit }, annotations: { role: "code" } }];
}

export function datasetOf({ name, digest, source, artifact, tags }: InputRow): Dependency {
  const context = tags.find(({ key }) => key === "mlflow.data.context")?.value;
  return {
    uri: sourceUri(source) || `mlflow-dataset:${name}`,
    name,
    digest: {
      ...(artifact !== null && isDigest(artifact) ? { sha256: artifact.slice(7) } : {}),
      mlflow: digest,
    },
    annotations: { role: "dataset", ...(context === undefined ? {} : { context }) },
  };
}

export function baseModelOf(name: string, uri: string, artifact: Digest | null): Dependency {
  return {
    uri: withoutSecrets(uri),
    name,
    digest: artifact === null ? {} : { sha256: artifact.slice(7) },
    annotations: { role: "base-model" },
  };
}

/** The files by which MLflow says what a model needs to run. */
export function environmentOf(root: string, files: readonly StoredArtifact[]): Dependency[] {
  return files
    .filter(({ path }) => ENVIRONMENT_FILES.has(path))
    .map(({ path, digest }) => ({
      uri: `mlflow-artifacts:/models/${root}/artifacts/${path}`,
      name: path,
      digest: { sha256: digest.slice(7) },
      annotations: { role: "environment" },
    }));
}

/** Names and versions only: an option such as an index's address may hold a password. */
export function requirementsIn(text: string): string[] {
  const lines = text.split("\n").map((line) => line.trim());
  return lines
    .filter((line) => /^[A-Za-z0-9][\w.-]*(\[[\w.,-]+\])?\s*([=<>!~][^:@/]{0,100})?$/.test(line))
    .slice(0, 1_000);
}

/** A source is JSON whose members depend on where the dataset came from. */
function sourceUri(source: string): string {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    return withoutSecrets(source);
  }
  if (!isRecord(value)) return "";
  const place = [value.uri, value.url, value.path].find((each) => typeof each === "string" && each !== "");
  return typeof place === "string" ? withoutSecrets(place) : "";
}

/** Addresses carry passwords and signed queries; what goes on the record stays there. */
function withoutSecrets(address: string): string {
  const text = address.slice(0, MAX_URI);
  if (!URL.canParse(text)) return text.replace(/\/\/[^/@\s]*@/, "//");
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) return text.replace(/\/\/[^/@\s]*@/, "//");
  url.username = "";
  url.password = "";
  url.search = "";
  url.hash = "";
  return url.href;
}
