import { type FileRange, hashRanges, type ReadOptions } from "../build.js";
import { CountersignError, type Refusal, refuse } from "../errors.js";
import { byCodePoint } from "../order.js";
import { type FoundFile, type Walk, walk } from "../walk.js";
import { OMS_HASHES, type OmsPredicate, type OmsResource, type OmsSerialization } from "./statement.js";

export interface CompareOptions extends ReadOptions {
  /** More paths to leave out than the signer recorded, relative to the model. */
  ignore?: readonly string[];
  /** Accept files that were not signed. Each signed file must be there all the same. */
  ignoreUnsigned?: boolean;
}

export interface Compared {
  ok: true;
  files: string[];
  /** Files that nobody signed, where they are accepted. */
  unsigned: string[];
}

/** Holds a model's files against the signed list (OMS v1.0 §8.4). */
export async function compareModel(
  path: string,
  predicate: OmsPredicate,
  options: CompareOptions = {},
): Promise<Compared | Refusal> {
  const { serialization } = predicate;
  const found = await walk(path, {
    ignore: [...(serialization.ignore_paths ?? []), ...(options.ignore ?? [])],
    allowSymlinks: serialization.allow_symlinks,
    ...(options.signal ? { signal: options.signal } : {}),
  });
  const present = new Map(serialize(found.files, serialization).map((item) => [item.name, item]));
  const resources = predicate.resources.map((resource) => rename(resource, found));
  const missing = resources.filter(({ name }) => !present.has(name));
  if (missing[0])
    return refuse("model-mismatch", `${missing[0].name} was signed and is not there${more(missing)}`);
  const unsigned = findUnsigned(resources, present);
  if (unsigned[0] && !options.ignoreUnsigned) {
    return refuse("model-mismatch", `${unsigned[0]} is there and was not signed${more(unsigned)}`);
  }
  const ranges = resources.flatMap(({ name }) => present.get(name) ?? []);
  const digests = await hashRanges(ranges, OMS_HASHES[serialization.hash_type], options);
  const changed = resources.filter(({ digest }, i) => digests[i] !== digest);
  if (changed[0])
    return refuse("model-mismatch", `${changed[0].name} is not what was signed${more(changed)}`);
  const files = [...new Set(ranges.map(({ file }) => file.name))].sort(byCodePoint);
  return { ok: true, files, unsigned };
}

const MAX_SHARDS = 1_000_000;

export interface NamedRange extends FileRange {
  name: string;
}

/** The byte ranges that a serialization hashes, each with its resource name (§6.3), sorted by code point. */
export function serialize(
  files: readonly FoundFile[],
  { method, shard_size }: OmsSerialization,
): NamedRange[] {
  if (method === "files") return files.map((file) => ({ name: file.name, file, start: 0, end: file.size }));
  const size = shard_size ?? 1;
  const count = files.reduce((sum, file) => sum + Math.ceil(file.size / size), 0);
  if (count > MAX_SHARDS)
    throw new CountersignError("too-complex", `shards of ${size} bytes would be too many`);
  return files
    .flatMap((file) =>
      Array.from({ length: Math.ceil(file.size / size) }, (_, i) => shard(file, i * size, size)),
    )
    .sort((a, b) => byCodePoint(a.name, b.name));
}

function shard(file: FoundFile, start: number, size: number): NamedRange {
  const end = Math.min(start + size, file.size);
  return { name: `${file.name}:${start}:${end}`, file, start, end };
}

// Signers of v0.3.1 to v1.0.0 called a single file ".".
function rename(resource: OmsResource, found: Walk): OmsResource {
  const [only] = found.files;
  return found.single && only && resource.name === "." ? { ...resource, name: only.name } : resource;
}

/** Files with bytes that no resource covers. An empty file has no shards to sign (§6.3.2). */
function findUnsigned(resources: readonly OmsResource[], present: ReadonlyMap<string, NamedRange>): string[] {
  const signed = new Set(resources.map(({ name }) => name));
  const partly = [...present.values()].filter(({ name }) => !signed.has(name));
  return [...new Set(partly.map(({ file }) => file.name))];
}

function more(list: readonly unknown[]): string {
  return list.length > 1 ? ` (and ${list.length - 1} more)` : "";
}
