import type { Sighting } from "../finding.js";
import { isOthers, isTestPath } from "../walk/skip.js";
import type { TreeFile } from "../walk/tree.js";
import { formatOfFile, type ModelFormat } from "./formats.js";

/** Model files, directories of them, and Hugging Face caches. Small reads only: the first bytes of what has a telling name. */
export function findFiles(files: readonly TreeFile[]): Sighting[] {
  const found: Sighting[] = [];
  const directories: Directories = new Map();
  const cached = new Map<string, Sighting>();
  for (const file of files) {
    const cache = cacheEntry(file.path);
    if (cache) cached.set(cache.kind + cache.name, cached.get(cache.kind + cache.name) ?? cache);
    else found.push(...modelFile(file, files, directories));
  }
  const whole = [...directories].map(([path, { format, files: inside }]) =>
    sightDirectory(path, format, inside),
  );
  return [...found, ...whole, ...cached.values()];
}

type Directories = Map<string, { format: ModelFormat; files: TreeFile[] }>;

/** A model file by itself; one that is part of a directory is kept for later. */
function modelFile(file: TreeFile, files: readonly TreeFile[], directories: Directories): Sighting[] {
  const format = ours(file) ? formatOfFile(file) : undefined;
  if (!format) return [];
  const parent = modelDirectory(file.path, format, files);
  if (parent === undefined) return [sightFile(file, format)];
  const directory = directories.get(parent) ?? { format, files: [] };
  directory.files.push(file);
  directories.set(parent, directory);
  return [];
}

const ours = ({ path }: TreeFile): boolean => !isTestPath(path) && !path.split("/").some(isOthers);

const REVISION = /(^|\/)(models|datasets)--([^/]+?)--([^/]+)\/(snapshots|refs|blobs)\//;
const PLAIN_REVISION = /(^|\/)(models|datasets)--([^/-][^/]*)\/(snapshots|refs|blobs)\//;

/** `models--org--name/snapshots/<revision>/...` */
function cacheEntry(path: string): Sighting | undefined {
  const owned = REVISION.exec(path);
  const plain = owned ? null : PLAIN_REVISION.exec(path);
  const kind = owned?.[2] ?? plain?.[2];
  const name = owned ? `${owned[3]}/${owned[4]?.replaceAll("--", "/")}` : plain?.[3];
  if (kind === undefined || name === undefined) return undefined;
  const file = path.slice(
    0,
    path.lastIndexOf("/snapshots/") < 0 ? path.length : path.lastIndexOf("/snapshots/"),
  );
  return {
    kind: kind === "models" ? "Model" : "Dataset",
    name,
    provider: "huggingface",
    confidence: "high",
    file,
    detector: "hugging-face-cache",
  };
}

const known = new WeakMap<readonly TreeFile[], ReadonlySet<string>>();

function pathsOf(files: readonly TreeFile[]): ReadonlySet<string> {
  const before = known.get(files);
  if (before) return before;
  const made = new Set(files.map(({ path }) => path));
  known.set(files, made);
  return made;
}

/** The directory that is the model, where a model is more than one file. */
function modelDirectory(path: string, format: ModelFormat, files: readonly TreeFile[]): string | undefined {
  const paths = pathsOf(files);
  const parent = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  const up = parent.slice(0, Math.max(0, parent.lastIndexOf("/")));
  if (parent === "") return undefined;
  if (/(^|\/)\d+$/.test(parent) && (paths.has(`${up}/config.pbtxt`) || format.name === "SavedModel"))
    return up;
  if (format.name === "SavedModel") return parent;
  if (paths.has(`${parent}/model_index.json`)) return parent;
  if (paths.has(`${up}/model_index.json`) && up !== "") return up;
  if (paths.has(`${parent}/config.json`) || paths.has(`${parent}/adapter_config.json`)) return parent;
  if (paths.has(`${parent}/MLmodel`)) return parent;
  if (paths.has(`${up}/MLmodel`) && up !== "") return up;
  return /-\d{5}-of-\d{5}\./.test(path) ? parent : undefined;
}

const sightFile = (file: TreeFile, format: ModelFormat): Sighting => ({
  kind: "Model",
  name: file.path.replace(/\.dvc$/, ""),
  provider: format.provider,
  confidence: "high",
  file: file.path,
  snippet: `${format.name}, ${file.size} bytes`,
  detector: "model-file",
});

const sightDirectory = (path: string, format: ModelFormat, files: readonly TreeFile[]): Sighting => ({
  kind: "Model",
  name: path,
  provider: format.provider,
  confidence: "high",
  file: files[0]?.path ?? path,
  snippet: `${format.name}, ${files.length} ${files.length === 1 ? "file" : "files"}`,
  detector: "model-file",
});
