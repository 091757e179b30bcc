import { basename, join } from "node:path";
import { parseJson } from "@countersign/evidence";
import type { Document } from "@countersign/inventory";
import { basesOf, cut, documentOf, type Labels, references } from "../document.js";
import { type FileTree, openTree } from "../files.js";
import { frameworkOfFile, isDataFile, isModelFile } from "../formats.js";
import { type Artifact, batch, type Imported } from "../imported.js";
import { allowedName } from "../names.js";
import { type Loose, list, optional, record, text, texts } from "../value.js";
import { readCard } from "./card.js";
import { findRepos, type Repo, readText } from "./layout.js";
import { licenceOf } from "./licence.js";
import { pointerOf } from "./pointer.js";

export interface HuggingFaceOptions {
  /** What the repository is called, where the files do not say. */
  name?: string;
}

const HUB = "https://huggingface.co";
const MAX_CARD = 4 * 1024 * 1024;
const MAX_JSON = 16 * 1024 * 1024;

/** Repositories on disk: a clone, a download, or the hub's cache. Nothing is loaded, only names and cards are read. */
export async function* importHuggingFace(
  directory: string,
  options: HuggingFaceOptions = {},
): AsyncGenerator<Imported> {
  const tree = await openTree(directory);
  const repos = await findRepos(tree);
  for (const [at, repo] of repos.entries()) {
    const found = await importRepo(tree, repo, repos.length === 1 ? options.name : undefined);
    yield at === 0 ? { ...found, notes: [...tree.notes, ...found.notes] } : found;
  }
}

async function importRepo(tree: FileTree, repo: Repo, given: string | undefined): Promise<Imported> {
  const found = batch({});
  const metadata = await cardOf(tree, repo, found);
  const type = repo.revision === undefined ? typeOf(metadata, repo) : repo.type;
  const id = given ?? (await idOf(tree, repo));
  const missing = await missingFiles(tree, repo, found, id);
  const seen = { tree, repo, metadata, id };
  found.documents.push(type === "model" ? await modelDocument(seen) : datasetDocument(seen));
  if (repo.others > 0)
    found.notes.push(`${id}: ${repo.others} older revisions lie here too; the newest is imported`);
  if (missing === 0 && repo.files.length > 0) found.artifacts.push(artifactOf(seen, type));
  return found;
}

interface Seen {
  tree: FileTree;
  repo: Repo;
  metadata: Loose;
  id: string;
}

const pathIn = (repo: Repo, name: string): string =>
  repo.directory === "" ? name : `${repo.directory}/${name}`;

async function cardOf(tree: FileTree, repo: Repo, found: Imported): Promise<Loose> {
  const bytes = await tree.read(pathIn(repo, "README.md"), MAX_CARD);
  if (bytes === undefined) return {};
  const card = readCard(bytes);
  if (card.ok) return card.metadata;
  found.notes.push(
    `the card in ${pathIn(repo, "README.md")} cannot be read (${card.reason}); its licence is not known`,
  );
  return {};
}

/** The hub has no mark for it on disk: a dataset's card speaks of tasks and sizes, a model's of libraries and bases. */
function typeOf(metadata: Loose, repo: Repo): Repo["type"] {
  if (repo.files.some(({ path }) => isModelFile(path))) return "model";
  const dataset = ["dataset_info", "size_categories", "task_categories", "configs"].some(
    (key) => key in metadata,
  );
  return dataset || repo.files.some(({ path }) => isDataFile(path)) ? "dataset" : "model";
}

async function idOf(tree: FileTree, repo: Repo): Promise<string> {
  if (repo.revision !== undefined) return repo.id;
  const config = await readText(tree, pathIn(repo, ".git/config"), 65_536);
  const cloned =
    /url\s*=\s*(?:https:\/\/(?:[^@/\s]*@)?|git@|ssh:\/\/git@)hf?(?:uggingface)?\.co[:/](?:datasets\/)?([\w.-]+\/[\w.-]+?)(?:\.git)?\s*$/m.exec(
      config ?? "",
    )?.[1];
  return cloned ?? (repo.id === "" ? basename(tree.root) : repo.id);
}

/** How many files are only promised: pointers whose bytes were not fetched, and shards that an index names. */
async function missingFiles(tree: FileTree, repo: Repo, found: Imported, id: string): Promise<number> {
  let pointers = 0;
  for (const file of repo.files) if ((await pointerOf(tree, file)) !== undefined) pointers++;
  if (pointers > 0)
    found.notes.push(`${id}: ${pointers} files are Git LFS pointers without their bytes (git lfs pull)`);
  const here = new Set(repo.files.map(({ path }) => path));
  let shards = 0;
  for (const { path } of repo.files.filter(({ path: at }) => at.endsWith(".index.json"))) {
    const weights = Object.values(record(record(await json(tree, path)).weight_map));
    const directory = path.slice(0, path.lastIndexOf("/") + 1);
    shards += new Set(texts(weights).filter((name) => !here.has(directory + name))).size;
  }
  if (shards > 0) found.notes.push(`${id}: ${shards} files that its index names are not here`);
  return pointers + shards;
}

async function json(tree: FileTree, path: string): Promise<unknown> {
  const bytes = await tree.read(path, MAX_JSON);
  try {
    return bytes === undefined ? undefined : parseJson(bytes);
  } catch {
    return undefined;
  }
}

async function modelDocument(seen: Seen): Promise<Document> {
  const { metadata, repo, id } = seen;
  const config = record(await json(seen.tree, pathIn(repo, "config.json")));
  const adapter = record(await json(seen.tree, pathIn(repo, "adapter_config.json")));
  const bases = texts(metadata.base_model ?? adapter.base_model_name_or_path).filter(
    (name) => !name.startsWith("/"),
  );
  const weights = repo.files.find(({ path }) => isModelFile(path));
  const framework = text(metadata.library_name) ?? frameworkOfFile(weights?.path ?? "");
  const datasets = references(texts(metadata.datasets));
  return documentOf("Model", source(seen), {
    name: id,
    labels: {
      ...shared(seen),
      "huggingface/architecture": text(list(config.architectures)[0]),
      "huggingface/model-type": text(config.model_type),
      "huggingface/relation":
        text(metadata.base_model_relation) ?? (adapter.peft_type === undefined ? undefined : "adapter"),
    },
    tags: optional("licence", licenceOf(metadata)),
    spec: {
      ...optional("task", shorter(text(metadata.pipeline_tag))),
      ...optional("framework", shorter(framework)),
      ...optional("origin", originOf(seen, "")),
      ...optional("baseModel", basesOf(bases)),
      ...(datasets.length === 0 ? {} : { datasets }),
    },
  });
}

function datasetDocument(seen: Seen): Document {
  const { metadata, id } = seen;
  const derived = references(texts(metadata.source_datasets).filter((name) => name.includes("/")));
  return documentOf("Dataset", source(seen), {
    name: id,
    title: text(metadata.pretty_name),
    labels: { ...shared(seen), "huggingface/size": texts(metadata.size_categories).join(", ") || undefined },
    tags: optional("licence", licenceOf(metadata)),
    spec: {
      ...optional("origin", originOf(seen, "datasets/")),
      ...(derived.length === 0 ? {} : { derivedFrom: derived }),
    },
  });
}

const shorter = (value: string | undefined): string | undefined =>
  value === undefined ? undefined : cut(value, 128);
// Where it lies on this machine is nobody's business: only that it was on a disk.
const source = ({ repo }: Seen): string =>
  repo.revision === undefined ? "huggingface:directory" : "huggingface:cache";

function shared({ metadata, repo }: Seen): Labels {
  return {
    "huggingface/revision": repo.revision,
    "huggingface/language": texts(metadata.language).slice(0, 32).join(", ") || undefined,
    "huggingface/tags": texts(metadata.tags).slice(0, 32).join(", ") || undefined,
    "huggingface/licence-link": text(metadata.license_link),
  };
}

function originOf({ id }: Seen, prefix: string): string | undefined {
  return /^[\w.-]+\/[\w.-]+$/.test(id) ? `${HUB}/${prefix}${id}` : undefined;
}

function artifactOf(seen: Seen, type: Repo["type"]): Artifact {
  const { tree, repo, metadata, id } = seen;
  return {
    kind: type === "model" ? "Model" : "Dataset",
    name: allowedName(id),
    path: join(tree.root, repo.directory),
    ...optional("linked", linkedFiles(tree, repo)),
    ...optional("licence", licenceOf(metadata)),
    ...optional("origin", originOf(seen, type === "model" ? "" : "datasets/")),
  };
}

function linkedFiles(tree: FileTree, repo: Repo): Artifact["linked"] {
  if (!repo.files.some(({ linked }) => linked)) return undefined;
  const start = repo.directory === "" ? 0 : repo.directory.length + 1;
  return repo.files.map(({ path }) => ({ name: path.slice(start), target: join(tree.root, path) }));
}
