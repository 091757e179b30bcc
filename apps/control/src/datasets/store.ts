import { access, copyFile, link, mkdir, open, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  buildManifest,
  CountersignError,
  type Digest,
  digestHex,
  fileFault,
  type Manifest,
} from "@countersign/evidence";

/** Kept bytes of datasets: `<data>/datasets/sha256/ab/abcd...`, one file for each digest, however many versions have it. */
export class DatasetFiles {
  readonly #root: string;

  constructor(directory: string) {
    this.#root = join(directory, "datasets", "sha256");
  }

  path(digest: Digest): string {
    const hex = digestHex(digest);
    return join(this.#root, hex.slice(0, 2), hex);
  }

  /**
   * Takes the files of a directory: as links where nobody else can write to them (`own`), else as copies, because a link to
   * somebody's file would change with it.
   */
  async keep(directory: string, { files }: Manifest, own: boolean): Promise<void> {
    const touched = new Set<string>();
    for (const { name, digest } of files) {
      const target = this.path(digest);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      const from = join(directory, ...name.split("/"));
      if (own) await adopt(from, target);
      else await copyWhole(from, target, digest);
      touched.add(dirname(target));
    }
    for (const place of touched) await syncDirectory(place);
  }

  /** Lays a version out below a directory, as links. Undefined when a file is not here. */
  async layOut({ files }: Manifest): Promise<{ name: string; path: string }[] | undefined> {
    const found = files.map(({ name, digest }) => ({ name, path: this.path(digest) }));
    const missing = await Promise.all(found.map(({ path }) => isMissing(path)));
    return missing.some(Boolean) ? undefined : found;
  }

  async has(digest: Digest): Promise<boolean> {
    return !(await isMissing(this.path(digest)));
  }

  async remove(digest: Digest): Promise<void> {
    await rm(this.path(digest), { force: true });
  }
}

async function adopt(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    if (code !== "EXDEV" && code !== "EPERM" && code !== "EMLINK") throw fileFault(from, cause);
    await copyWhole(from, to);
  }
}

async function requireDigest(path: string, digest: Digest): Promise<void> {
  const { manifest } = await buildManifest(path, { workers: 1 });
  if (manifest.files[0]?.digest === digest) return;
  throw new CountersignError(
    "file-changed",
    "A file changed while it was kept. Admit the dataset again once it is still.",
  );
}

/** A copy gets its name only once it is whole. */
async function copyWhole(from: string, to: string, digest?: Digest): Promise<void> {
  if (!(await isMissing(to))) return;
  const draft = `${to}.draft`;
  await copyFile(from, draft);
  if (digest !== undefined) await requireDigest(draft, digest);
  const handle = await open(draft, "r+");
  await handle.sync().finally(() => handle.close());
  await link(draft, to).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "EEXIST") throw fileFault(to, cause);
  });
  await rm(draft, { force: true });
}

async function isMissing(path: string): Promise<boolean> {
  return access(path).then(
    () => false,
    () => true,
  );
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, "r");
  await handle.sync().finally(() => handle.close());
}
