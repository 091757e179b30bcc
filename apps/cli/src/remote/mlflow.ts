import { CountersignError } from "@countersign/evidence";
import type { RemoteFile, Surroundings } from "./remote.js";
import { fetchJson, safePath } from "./request.js";

const API = "/api/2.0";
const ADVICE = "set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD";
const MAX_FILES = 10_000;
/** Directories of one model, in all and inside one another. */
const MAX_DIRECTORIES = 1_000;
const MAX_DEPTH = 32;

/** Files of `models:/name/version`, `models:/name@alias`, `runs:/id/path` or `mlflow-artifacts:/path` on the server that `MLFLOW_TRACKING_URI` names. */
export async function listMlflow(address: string, surroundings: Surroundings): Promise<RemoteFile[]> {
  const { env } = surroundings;
  const server = env.MLFLOW_TRACKING_URI?.replace(/\/$/, "");
  if (server === undefined || !/^https?:\/\//.test(server)) {
    throw new CountersignError("usage", "Set MLFLOW_TRACKING_URI to the server's address first.");
  }
  const place = { server, headers: headersOf(env), surroundings };
  const root = await rootOf(address, place);
  const files: RemoteFile[] = [];
  await walk(place, root, root, files);
  return files;
}

function headersOf(env: Surroundings["env"]): Record<string, string> {
  const {
    MLFLOW_TRACKING_TOKEN: token,
    MLFLOW_TRACKING_USERNAME: user,
    MLFLOW_TRACKING_PASSWORD: password,
  } = env;
  if (user !== undefined && password !== undefined) {
    return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
  }
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

interface Place {
  server: string;
  headers: Record<string, string>;
  surroundings: Surroundings;
}

async function ask({ server, headers, surroundings }: Place, path: string): Promise<Record<string, unknown>> {
  const { body } = await fetchJson(`${server}${API}${path}`, headers, surroundings, ADVICE);
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
  if (address.startsWith("runs:")) return runUri(address, place);
  const [, name = "", version, alias] = /^models:\/([^/@]+)(?:\/(\d+)|@([\w.-]+))?$/.exec(address) ?? [];
  if (alias !== undefined) {
    const query = new URLSearchParams({ name, alias });
    const { model_version: found } = await ask(place, `/mlflow/registered-models/alias?${query}`);
    return versionUri(place, name, textOf(found, "version"));
  }
  if (version !== undefined) return versionUri(place, name, version);
  if (!/^m-[\w-]+$/.test(name))
    throw new CountersignError("usage", "Write it as models:/name/version or models:/name@alias.");
  return modelUri(place, name);
}

async function versionUri(place: Place, name: string, version: string): Promise<string> {
  const query = new URLSearchParams({ name, version });
  const uri = textOf(await ask(place, `/mlflow/model-versions/get-download-uri?${query}`), "artifact_uri");
  const model = /^models:\/(m-[\w-]+)$/.exec(uri)?.[1];
  return model === undefined ? uri : modelUri(place, model);
}

async function modelUri(place: Place, id: string): Promise<string> {
  const { model } = await ask(place, `/mlflow/logged-models/${id}`);
  return textOf((model as { info?: unknown } | undefined)?.info, "artifact_uri");
}

/** `runs:/id/path` names what a run kept. */
async function runUri(address: string, place: Place): Promise<string> {
  const [, id, path = ""] = /^runs:\/(\w{1,64})(?:\/(.*))?$/.exec(address) ?? [];
  if (id === undefined) throw new CountersignError("usage", "Write it as runs:/run-id/path.");
  const { run } = await ask(place, `/mlflow/runs/get?run_id=${id}`);
  const uri = textOf((run as { info?: unknown } | undefined)?.info, "artifact_uri").replace(/\/$/, "");
  return path === "" ? uri : `${uri}/${path.replace(/\/$/, "")}`;
}

function textOf(value: unknown, key: string): string {
  const found =
    value !== null && typeof value === "object" ? (value as Record<string, unknown>)[key] : undefined;
  return typeof found === "string" ? found : "";
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
    if (typeof name !== "string" || name === "") return [];
    safePath(name);
    const inner = name.startsWith(`${root}/`) ? name : `${path}/${name}`;
    return [{ inner, isDirectory: is_dir === true, size: Number(file_size) }];
  });
}

function fileOf({ server, headers }: Place, root: string, inner: string, size: number): RemoteFile {
  const url = `${server}${API}/mlflow-artifacts/artifacts/${safePath(inner)}`;
  return {
    path: inner.slice(root.length + 1),
    url,
    headers,
    size: Number.isSafeInteger(size) ? size : 0,
    etag: "",
    ranges: true,
    advice: ADVICE,
  };
}
