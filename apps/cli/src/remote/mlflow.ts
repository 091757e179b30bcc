import { CountersignError } from "@countersign/evidence";
import type { RemoteFile, Surroundings } from "./remote.js";
import { fetchJson } from "./request.js";

const API = "/api/2.0";
const MAX_FILES = 10_000;
/** Directories of one model, in all and inside one another. */
const MAX_DIRECTORIES = 1_000;
const MAX_DEPTH = 32;

/** Files of `models:/name/version` or `mlflow-artifacts:/path` on the server that `MLFLOW_TRACKING_URI` names. */
export async function listMlflow(address: string, surroundings: Surroundings): Promise<RemoteFile[]> {
  const { env } = surroundings;
  const server = env.MLFLOW_TRACKING_URI?.replace(/\/$/, "");
  if (server === undefined || !/^https?:\/\//.test(server)) {
    throw new CountersignError("usage", "Set MLFLOW_TRACKING_URI to the server's address first.");
  }
  const token = env.MLFLOW_TRACKING_TOKEN;
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  const place = { server, headers, surroundings };
  const root = await rootOf(address, place);
  const files: RemoteFile[] = [];
  await walk(place, root, root, files);
  return files;
}

interface Place {
  server: string;
  headers: Record<string, string>;
  surroundings: Surroundings;
}

async function ask({ server, headers, surroundings }: Place, path: string): Promise<Record<string, unknown>> {
  const { body } = await fetchJson(`${server}${API}${path}`, headers, surroundings);
  return body !== null && typeof body === "object" ? (body as Record<string, unknown>) : {};
}

/** The path below the server's artifact store. */
async function rootOf(address: string, place: Place): Promise<string> {
  const uri = await artifactUri(address, place);
  const path = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.+)$/.exec(uri)?.[1];
  if (path !== undefined) return path.replace(/\/$/, "");
  throw new CountersignError(
    "not-implemented",
    `The model's files are at ${uri.split(":")[0]}:, not behind the MLflow server: scan that address.`,
  );
}

async function artifactUri(address: string, place: Place): Promise<string> {
  if (address.startsWith("mlflow-artifacts:")) return address;
  const [, name = "", version] = /^models:\/([^/]+)(?:\/(\d+))?$/.exec(address) ?? [];
  if (version !== undefined) {
    const query = new URLSearchParams({ name, version });
    const { artifact_uri: uri } = await ask(place, `/mlflow/model-versions/get-download-uri?${query}`);
    const found = typeof uri === "string" ? uri : "";
    return found.startsWith("models:/m-") ? artifactUri(found, place) : found;
  }
  if (!/^m-[\w-]+$/.test(name)) throw new CountersignError("usage", "Write it as models:/name/version.");
  const { model } = await ask(place, `/mlflow/logged-models/${name}`);
  const { artifact_uri: uri } = ((model as { info?: object } | undefined)?.info ?? {}) as {
    artifact_uri?: unknown;
  };
  return typeof uri === "string" ? uri : "";
}

async function walk(place: Place, root: string, path: string, files: RemoteFile[]): Promise<void> {
  const queue = [path];
  for (let asked = 0; queue.length > 0; asked++) {
    const directory = queue.shift() ?? root;
    if (asked === MAX_DIRECTORIES || directory.split("/").length > root.split("/").length + MAX_DEPTH) {
      throw new CountersignError("payload-too-large", "The model's listing does not end.");
    }
    for (const { inner, isDirectory, size } of await listed(place, root, directory)) {
      if (isDirectory) queue.push(inner);
      else files.push(fileOf(place, root, inner, size));
    }
    if (files.length > MAX_FILES)
      throw new CountersignError("payload-too-large", "The model has too many files.");
  }
}

interface Listed {
  inner: string;
  isDirectory: boolean;
  size: number;
}

async function listed(place: Place, root: string, path: string): Promise<Listed[]> {
  const { files } = await ask(place, `/mlflow-artifacts/artifacts?path=${encodeURIComponent(path)}`);
  const items = Array.isArray(files)
    ? (files as { path?: unknown; is_dir?: unknown; file_size?: unknown }[])
    : [];
  return items.flatMap(({ path: name, is_dir, file_size }) => {
    if (typeof name !== "string" || name === "" || name.includes("..")) return [];
    const inner = name.startsWith(`${root}/`) ? name : `${path}/${name}`;
    return [{ inner, isDirectory: is_dir === true, size: Number(file_size) }];
  });
}

function fileOf({ server, headers }: Place, root: string, inner: string, size: number): RemoteFile {
  const url = `${server}${API}/mlflow-artifacts/artifacts/${inner.split("/").map(encodeURIComponent).join("/")}`;
  return {
    path: inner.slice(root.length + 1),
    url,
    headers,
    size: Number.isSafeInteger(size) ? size : 0,
    etag: "",
    ranges: true,
  };
}
