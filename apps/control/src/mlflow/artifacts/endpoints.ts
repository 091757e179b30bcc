import type { Readable } from "node:stream";
import {
  invalid,
  missing,
  optionalText,
  parseArtifactPath,
  parseArtifactPlace,
  text,
} from "@countersign/tracking";
import type { Endpoint, ProtocolContext } from "../mount.js";
import { runId } from "../runs/endpoints.js";
import { parseRange } from "./range.js";
import type { SealedReads } from "./reads.js";
import type { ListedArtifact, StoredArtifact } from "./store.js";

const PROXY = "/mlflow-artifacts/artifacts";

/** The artifact proxy that MLflow clients use, and the list that belongs to a run. */
export function artifactEndpoints(reads: SealedReads): Endpoint[] {
  return [
    { method: "GET", path: PROXY, scope: "read", act: list },
    { method: "GET", path: `${PROXY}/*`, scope: "read", act: (context) => download(context, reads) },
    { method: "PUT", path: `${PROXY}/*`, scope: "write", stream: true, act: upload },
    { method: "DELETE", path: `${PROXY}/*`, scope: "write", act: remove },
    { method: "GET", path: "/mlflow/artifacts/list", scope: "read", act: listOfRun },
  ];
}

/** What the path of the request names after the proxy's own. */
function placeOf({ params }: ProtocolContext): { root: string; path: string } {
  return parseArtifactPlace(params["*"] ?? "");
}

async function upload(context: ProtocolContext): Promise<object> {
  const { request, services } = context;
  const { root, path } = placeOf(context);
  const { artifacts } = services;
  const length = Number(request.headers["content-length"] ?? 0);
  // Said before the bytes come: over a slow line that is hours.
  if (length > artifacts.limit) throw tooLarge(length, artifacts.limit);
  await requireRoot(context, root);
  await artifacts.put(root, path, request.body as Readable);
  return {};
}

async function download(context: ProtocolContext, reads: SealedReads): Promise<undefined> {
  const { request, reply, services } = context;
  const { root, path } = placeOf(context);
  const file = await services.artifacts.find(root, path);
  if (!file) throw invalidOrMissing(root, path);
  await reads.require(root, file);
  setHeaders(context, file);
  const range = parseRange(request.headers.range, file.size);
  if (range === null) {
    await reply.code(416).header("content-range", `bytes */${file.size}`).send();
    return undefined;
  }
  const { stream } = await services.artifacts.open(root, path, range);
  const length = range ? range.to - range.from + 1 : file.size;
  if (range) reply.code(206).header("content-range", `bytes ${range.from}-${range.to}/${file.size}`);
  await reply.header("content-length", length).send(stream);
  return undefined;
}

/** Whatever it is, a browser stores it: an artifact that is a page must not run as one of ours. */
function setHeaders({ reply }: ProtocolContext, { path, digest }: StoredArtifact): void {
  const name = encodeURIComponent(path.split("/").at(-1) ?? "artifact").replace(/['()*]/g, "_");
  reply
    .type("application/octet-stream")
    .header("accept-ranges", "bytes")
    .header("etag", `"${digest}"`)
    .header("content-disposition", `attachment; filename*=UTF-8''${name}`);
}

async function list({ input, services }: ProtocolContext): Promise<object> {
  const { root, path } = parseArtifactPlace(text(input, "path"));
  const files = await services.artifacts.list(root, path);
  return { files: files.map((file) => viewFile(file, relative(file.path, path))) };
}

/** Here the paths are whole, from the run's root. */
async function listOfRun({ input, services }: ProtocolContext): Promise<object> {
  const run = await services.tracking.runs.info(runId(input));
  const path = parseArtifactPath(optionalText(input, "path") ?? "");
  const files = await services.artifacts.list(run.id, path);
  return { root_uri: run.artifactUri, files: files.map((file) => viewFile(file, file.path)) };
}

async function remove(context: ProtocolContext): Promise<object> {
  const { root, path } = placeOf(context);
  await context.services.artifacts.remove(root, path);
  return {};
}

/** Files of a run that nobody started, or of a model that nobody made, would be nobody's. */
export async function requireRoot({ services }: ProtocolContext, root: string): Promise<void> {
  const { registry, tracking } = services;
  if (root.startsWith("m-")) await registry.logged.get(registry.pool, root);
  else await tracking.runs.info(root);
}

function viewFile({ directory, size }: ListedArtifact, path: string): object {
  return { path, is_dir: directory, ...(directory ? {} : { file_size: size }) };
}

function relative(path: string, directory: string): string {
  return directory === "" ? path : path.slice(directory.length + 1);
}

function invalidOrMissing(root: string, path: string): Error {
  if (path === "") return invalid("Invalid path: an artifact needs a name.");
  return missing(`There is no artifact '${path}' in ${root}.`);
}

function tooLarge(length: number, limit: number): Error {
  return invalid(
    `This artifact has ${length} bytes, and the server takes ${limit} at most. Raise COUNTERSIGN_ARTIFACT_LIMIT, or reference the file where it is.`,
  );
}
