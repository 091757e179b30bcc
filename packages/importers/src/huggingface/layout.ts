import type { FileTree, TreeFile } from "../files.js";

type RepoType = "model" | "dataset";

/** One repository found on disk. */
export interface Repo {
  /** `organisation/name` where it is known. */
  id: string;
  type: RepoType;
  /** From the tree's root, "" for the root itself. */
  directory: string;
  revision: string | undefined;
  files: TreeFile[];
  /** Other revisions that lie here too. */
  others: number;
}

const CACHED = /^(?:.*\/)?(models|datasets)--([^/]+)\/snapshots\/([^/]+)\/(.+)$/;

/** Repositories below the root: those of a hub cache, else directories that hold a card or weights. */
export async function findRepos(tree: FileTree): Promise<Repo[]> {
  const cached = await cachedRepos(tree);
  return cached.length > 0 ? cached : plainRepos(tree);
}

async function cachedRepos(tree: FileTree): Promise<Repo[]> {
  const snapshots = new Map<string, { type: RepoType; folder: string; revisions: Map<string, TreeFile[]> }>();
  for (const file of tree.files) {
    const [, kind, folder = "", revision = ""] = CACHED.exec(file.path) ?? [];
    if (kind === undefined) continue;
    const base = file.path.slice(0, file.path.indexOf(`/snapshots/${revision}/`));
    const repo = snapshots.get(base) ?? {
      type: kind === "models" ? ("model" as const) : ("dataset" as const),
      folder,
      revisions: new Map<string, TreeFile[]>(),
    };
    snapshots.set(base, repo);
    repo.revisions.set(revision, [...(repo.revisions.get(revision) ?? []), file]);
  }
  const repos: Repo[] = [];
  for (const [base, { type, folder, revisions }] of snapshots) {
    const main = await readText(tree, `${base}/refs/main`);
    const revision =
      main !== undefined && revisions.has(main) ? main : ([...revisions.keys()].sort().at(-1) ?? "");
    repos.push({
      id: cachedId(folder),
      type,
      revision,
      directory: `${base}/snapshots/${revision}`,
      files: revisions.get(revision) ?? [],
      others: revisions.size - 1,
    });
  }
  return repos;
}

/** `org--name` as the cache writes `org/name`; a name may hold `--` itself. */
function cachedId(folder: string): string {
  const [first = "", ...rest] = folder.split("--");
  return rest.length === 0 ? first : `${first}/${rest.join("--")}`;
}

const MARKS = /^(README\.md|config\.json|model_index\.json|adapter_config\.json|dataset_infos\.json)$/;

async function plainRepos(tree: FileTree): Promise<Repo[]> {
  const roots = new Set<string>();
  for (const { path } of tree.files) {
    const parts = path.split("/");
    if (MARKS.test(parts.at(-1) ?? "") && parts.length <= 3) roots.add(parts.slice(0, -1).join("/"));
  }
  // A repository's own folders hold config files too: the outermost one is the repository.
  const outermost = [...roots].filter(
    (at) => ![...roots].some((other) => other !== at && isWithin(at, other)),
  );
  const wanted = outermost.length > 0 ? outermost : [""];
  return wanted.map((directory) => ({
    id: directory,
    type: "model" as const,
    directory,
    revision: undefined,
    files: tree.files.filter(({ path }) => isWithin(path, directory)),
    others: 0,
  }));
}

const isWithin = (path: string, directory: string): boolean =>
  directory === "" || path.startsWith(`${directory}/`);

export async function readText(tree: FileTree, path: string, most = 4_096): Promise<string | undefined> {
  const bytes = await tree.read(path, most);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes).trim();
}
