import { realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileFault } from "@countersign/evidence";
import { type ImageTree, isLayout, namesOf, readArchive, readLayout } from "./container/image.js";
import { type DiscoverOptions, discoverTree } from "./discover.js";
import type { Finding, Report } from "./finding.js";
import { gather } from "./gather.js";
import { walkDirectory } from "./walk/directory.js";
import { LIMITS, type Limits, type Tree } from "./walk/tree.js";

export interface PathOptions extends DiscoverOptions {
  readonly signal?: AbortSignal;
}

/** Looks at a directory, a file, an image's layout or an image's archive. */
export async function discoverPath(path: string, options: PathOptions = {}): Promise<Report> {
  const limits: Limits = { ...LIMITS, ...options.limits };
  const { root, only } = start(path);
  if (only === undefined && isLayout(await namesOf(root)))
    return ofImage(await readLayout(root, basename(root), limits), options);
  if (only !== undefined && /\.tar$/i.test(only)) {
    const image = await readArchive(join(root, only), only, limits);
    if (image) return ofImage(image, options);
  }
  const tree = only === undefined ? walkDirectory(root, options) : oneFile(root, only, options);
  const own = discoverTree(tree, options);
  const images = await imagesBelow(root, tree, limits);
  return merge([own, ...images.map((image) => ofImage(image, options))]);
}

function start(path: string): { root: string; only?: string } {
  try {
    const root = realpathSync(path);
    return statSync(root).isDirectory() ? { root } : { root: dirname(root), only: basename(root) };
  } catch (error) {
    throw fileFault(path, error);
  }
}

function oneFile(root: string, name: string, options: PathOptions): Tree {
  const tree = walkDirectory(root, { ...options, only: name });
  return { files: tree.files.map((file) => ({ ...file, tracked: true })), notes: tree.notes };
}

async function imagesBelow(root: string, tree: Tree, limits: Limits): Promise<ImageTree[]> {
  const found: ImageTree[] = [];
  for (const { path, size } of tree.files) {
    if (found.length >= 32) break;
    if (path.endsWith("/oci-layout")) {
      const directory = path.slice(0, -"/oci-layout".length);
      found.push(await readLayout(join(root, directory), directory, limits));
    } else if (/\.tar$/i.test(path) && size > 1_024) {
      const image = await readArchive(join(root, path), path, limits);
      if (image) found.push(image);
    }
  }
  return found;
}

function ofImage(image: ImageTree, options: DiscoverOptions): Report {
  const { findings, notes, files } = discoverTree(image, options);
  const inside = findings.map((finding) => ({
    ...finding,
    evidence: finding.evidence.map((one) => ({ ...one, file: `${image.label}!/${one.file}` })),
  }));
  return merge([
    { findings: inside, notes, files },
    { findings: gather(image.sightings, []), notes: [], files: 0 },
  ]);
}

/** One report of several. The same thing found twice is one finding with all its evidence. */
export function merge(reports: readonly Report[]): Report {
  const [first] = reports;
  if (reports.length === 1 && first) return first;
  const found = new Map<string, Finding>();
  for (const finding of reports.flatMap(({ findings }) => findings)) {
    const key = `${finding.kind}\0${finding.name.toLowerCase()}`;
    const known = found.get(key);
    if (known) known.evidence = [...known.evidence, ...finding.evidence].slice(0, 50);
    else found.set(key, { ...finding });
  }
  return {
    findings: [...found.values()],
    notes: reports.flatMap(({ notes }) => notes),
    files: reports.reduce((sum, { files }) => sum + files, 0),
  };
}
