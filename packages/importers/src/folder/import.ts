import { basename, join } from "node:path";
import { documentOf } from "../document.js";
import { type FileTree, openTree, type TreeFile } from "../files.js";
import { dataFormat, frameworkOfFile, isDataFile, isModelFile } from "../formats.js";
import { type Artifact, batch, type Imported } from "../imported.js";
import { allowedName } from "../names.js";
import { optional } from "../value.js";

export interface FolderOptions {
  /** Goes before every name, for folders whose names alone say too little. */
  name?: string;
}

// A directory with one of these is one model, whatever else lies in it.
const WHOLE =
  /^(MLmodel|config\.json|model_index\.json|saved_model\.pb|adapter_config\.json|tokenizer\.json|README\.md)$/;
const PER_BATCH = 200;

/** Models and datasets by what lies in a folder: names from paths, formats from extensions; nothing is loaded. */
export async function* importFolder(
  directory: string,
  options: FolderOptions = {},
): AsyncGenerator<Imported> {
  const tree = await openTree(directory);
  const assets = assetsIn(tree).map((asset) => ({ ...asset, name: nameOf(tree, asset.path, options.name) }));
  const notes = [...tree.notes];
  if (assets.length === 0) notes.push("nothing here has the extension of a model or of data");
  for (let at = 0; at < Math.max(1, assets.length); at += PER_BATCH) {
    const part = assets.slice(at, at + PER_BATCH);
    yield batch({
      documents: part.map(assetDocument),
      artifacts: part.map((asset) => artifactOf(tree, asset)),
      notes: at === 0 ? notes : [],
    });
  }
}

interface Found {
  kind: "Model" | "Dataset";
  /** From the root: a file, or a directory as a whole. */
  path: string;
  files: TreeFile[];
}

function assetsIn(tree: FileTree): Found[] {
  const folders = new Map<string, TreeFile[]>();
  for (const file of tree.files) {
    const at = file.path.slice(0, Math.max(0, file.path.lastIndexOf("/")));
    folders.set(at, [...(folders.get(at) ?? []), file]);
  }
  const whole = [...folders].filter(([, files]) => isWholeModel(files)).map(([at]) => at);
  const outermost = whole.filter((at) => !whole.some((other) => other !== at && isWithin(at, other)));
  const models = outermost.map(
    (path): Found => ({ kind: "Model", path, files: tree.files.filter((file) => isWithin(file.path, path)) }),
  );
  const rest = [...folders].filter(([at]) => !outermost.some((path) => at === path || isWithin(at, path)));
  return [...models, ...rest.flatMap(([at, files]) => looseAssets(at, files))].sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );
}

const isWithin = (path: string, directory: string): boolean =>
  directory === "" || path.startsWith(`${directory}/`);

function isWholeModel(files: readonly TreeFile[]): boolean {
  const names = files.map(({ path }) => path.slice(path.lastIndexOf("/") + 1));
  return (
    names.includes("MLmodel") ||
    names.includes("saved_model.pb") ||
    (names.some(isModelFile) && names.some((name) => WHOLE.test(name)))
  );
}

/** Each model file by itself; data files of one format in one folder are parts of one dataset. */
function looseAssets(folder: string, files: readonly TreeFile[]): Found[] {
  const models = files
    .filter(({ path }) => isModelFile(path))
    .map((file): Found => ({ kind: "Model", path: file.path, files: [file] }));
  const data = files.filter(({ path }) => isDataFile(path));
  const formats = new Set(data.map(({ path }) => dataFormat(path)));
  const parts = folder !== "" && data.length > 1 && formats.size === 1 && data.length === files.length;
  if (parts) return [...models, { kind: "Dataset", path: folder, files: data }];
  return [...models, ...data.map((file): Found => ({ kind: "Dataset", path: file.path, files: [file] }))];
}

function nameOf(tree: FileTree, path: string, prefix: string | undefined): string {
  const own =
    path === ""
      ? basename(tree.root)
      : path.replace(/(\.[A-Za-z0-9]+){1,2}$/, (ending) =>
          isModelFile(ending) || isDataFile(ending) ? "" : ending,
        );
  if (prefix === undefined) return own;
  return path === "" ? prefix : `${prefix}/${own}`;
}

type Named = Found & { name: string };

function assetDocument({ kind, name, files }: Named): Imported["documents"][number] {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const labels = { "folder/files": String(files.length), "folder/bytes": String(size) };
  const first =
    files.find(({ path }) => (kind === "Model" ? isModelFile(path) : isDataFile(path)))?.path ?? "";
  if (kind === "Dataset")
    return documentOf("Dataset", "folder", { name, labels, spec: optional("format", dataFormat(first)) });
  return documentOf("Model", "folder", { name, labels, spec: optional("framework", frameworkOfFile(first)) });
}

function artifactOf(tree: FileTree, { kind, name, path }: Named): Artifact {
  return { kind, name: allowedName(name), path: join(tree.root, path) };
}
