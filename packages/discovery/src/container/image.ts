import { createReadStream, existsSync } from "node:fs";
import { open, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { readServerArguments, readServerVariable, type Said } from "../config/command.js";
import { serverOfImage } from "../config/images.js";
import type { Note, Sighting } from "../finding.js";
import { tidyName } from "../rules/names.js";
import type { Limits, Tree, TreeFile } from "../walk/tree.js";
import { readLayer } from "./layer.js";
import { isHeader } from "./tar-stream.js";

/** An image as files: what its layers hold, and what its configuration starts. */
export interface ImageTree extends Tree {
  readonly sightings: readonly Sighting[];
  /** What the image is called in evidence. */
  readonly label: string;
}

/** Gives the bytes of a part of an image by its path in the layout or the archive. */
interface Parts {
  read(path: string): Promise<Buffer | undefined>;
  stream(path: string): AsyncIterable<Buffer> | undefined;
}

interface Manifest {
  config?: string;
  layers: string[];
  names: string[];
}

const MAX_JSON = 8 * 2 ** 20;
const MAX_MANIFESTS = 64;

export const isLayout = (names: readonly string[]): boolean =>
  names.includes("oci-layout") && names.includes("index.json");

export async function readLayout(directory: string, label: string, limits: Limits): Promise<ImageTree> {
  return readImage(directoryParts(directory), label, limits);
}

/** Reads an archive that `docker save` wrote; undefined for any other tar. */
export async function readArchive(
  file: string,
  label: string,
  limits: Limits,
): Promise<ImageTree | undefined> {
  const parts = await archiveParts(file, limits);
  if (!parts || !((await parts.read("manifest.json")) ?? (await parts.read("index.json")))) return undefined;
  return readImage(parts, label, limits);
}

async function readImage(parts: Parts, label: string, limits: Limits): Promise<ImageTree> {
  const notes: Note[] = [];
  const files = new Map<string, TreeFile>();
  const sightings: Sighting[] = [];
  const manifests = await manifestsOf(parts, label, notes);
  for (const manifest of manifests)
    sightings.push(...configured(await parts.read(manifest.config ?? ""), manifest, label));
  for (const layer of new Set(manifests.flatMap(({ layers }) => layers))) {
    const stream = parts.stream(layer);
    if (!stream) notes.push({ file: label, reason: `a layer is missing (${layer.slice(0, 80)})` });
    const inside = stream ? await readLayer(`${label}!${layer.slice(-16)}`, stream, limits, notes) : [];
    for (const file of inside) files.set(file.path, file);
  }
  if (manifests.length === 0) notes.push({ file: label, reason: "names no image that can be read" });
  return { files: [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1)), notes, sightings, label };
}

async function manifestsOf(parts: Parts, label: string, notes: Note[]): Promise<Manifest[]> {
  const saved = parse(await parts.read("manifest.json"));
  if (Array.isArray(saved)) return saved.slice(0, MAX_MANIFESTS).flatMap(savedManifest);
  const found: Manifest[] = [];
  const open: { node: Json; names: string[] }[] = [
    { node: parse(await parts.read("index.json")) as Json, names: [] },
  ];
  for (let steps = 0; steps < MAX_MANIFESTS; steps++) {
    const at = open.shift();
    if (!at) break;
    const { layers, config } = (at.node ?? {}) as { layers?: Json[]; config?: Json };
    if (Array.isArray(layers))
      found.push({ layers: layers.flatMap((one) => blob(one) ?? []), names: at.names, ...configOf(config) });
    for (const one of manifestsIn(at.node)) {
      const bytes = await parts.read(blob(one) ?? "");
      if (bytes) open.push({ node: parse(bytes) as Json, names: [...at.names, ...namesIn(one)] });
      else notes.push({ file: label, reason: "a manifest is missing" });
    }
  }
  return found;
}

const manifestsIn = (node: Json): Json[] =>
  Array.isArray(node?.manifests) ? (node.manifests as Json[]).slice(0, MAX_MANIFESTS) : [];

type Json = Record<string, unknown> | undefined;

const configOf = (config: Json): { config?: string } => {
  const path = blob(config);
  return path === undefined ? {} : { config: path };
};

function savedManifest(value: unknown): Manifest[] {
  const { Config, Layers, RepoTags } = (value ?? {}) as Record<string, unknown>;
  const texts = (list: unknown): string[] =>
    Array.isArray(list) ? list.filter((one): one is string => typeof one === "string") : [];
  return [
    {
      layers: texts(Layers),
      names: texts(RepoTags),
      ...(typeof Config === "string" ? { config: Config } : {}),
    },
  ];
}

function blob(node: Json): string | undefined {
  const found = /^(sha256|sha512):([0-9a-f]{64,128})$/.exec(String(node?.digest ?? ""));
  return found ? `blobs/${found[1]}/${found[2]}` : undefined;
}

const namesIn = (node: Json): string[] => {
  const notes = (node?.annotations ?? {}) as Record<string, unknown>;
  return [notes["io.containerd.image.name"], notes["org.opencontainers.image.ref.name"]].filter(
    (name): name is string => typeof name === "string" && /[/:]/.test(name),
  );
};

function parse(bytes: Buffer | undefined): unknown {
  try {
    return bytes === undefined ? undefined : JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** What an image's configuration says: its name, its variables and what it starts. */
function configured(bytes: Buffer | undefined, { names }: Manifest, label: string): Sighting[] {
  const { Env, Cmd, Entrypoint } = ((parse(bytes) as { config?: Record<string, unknown> } | undefined)
    ?.config ?? {}) as Record<string, unknown>;
  const texts = (list: unknown): string[] =>
    Array.isArray(list) ? list.filter((one): one is string => typeof one === "string") : [];
  const named = names.find((name) => serverOfImage(name) !== undefined);
  const provider = named === undefined ? undefined : serverOfImage(named);
  const said: Said[] =
    named === undefined
      ? []
      : [{ kind: "Image", name: tidyName(named), provider: provider ?? "", confidence: "high" }];
  for (const pair of texts(Env)) {
    const at = pair.indexOf("=");
    if (at > 0 && (provider !== undefined || /^(HF_)?MODEL_ID/.test(pair)))
      said.push(...readServerVariable(pair.slice(0, at), pair.slice(at + 1), provider ?? ""));
  }
  said.push(
    ...readServerArguments([...texts(Entrypoint), ...texts(Cmd)], provider ?? "").filter(
      ({ provider: who }) => who !== "" || provider !== undefined,
    ),
  );
  return said.map((one) => ({ ...one, file: label, detector: "image-config" }));
}

function directoryParts(directory: string): Parts {
  const safe = (path: string): string | undefined =>
    /^(blobs\/sha(256|512)\/[0-9a-f]+|index\.json|manifest\.json)$/.test(path)
      ? join(directory, path)
      : undefined;
  return {
    read: async (path) => {
      const file = safe(path);
      try {
        return file !== undefined && (await stat(file)).size <= MAX_JSON ? await readFile(file) : undefined;
      } catch {
        return undefined;
      }
    },
    stream: (path) => {
      const file = safe(path);
      return file === undefined || !existsSync(file)
        ? undefined
        : (createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>);
    },
  };
}

interface Place {
  from: number;
  size: number;
}

/** The members of a plain tar on disk, by their headers alone. */
async function archiveParts(file: string, limits: Limits): Promise<Parts | undefined> {
  const places = await placesIn(file, limits);
  if (!places) return undefined;
  const at = (path: string): Place | undefined => places.get(path);
  return {
    read: async (path) => {
      const place = at(path);
      if (!place || place.size > MAX_JSON) return undefined;
      const handle = await open(file, "r");
      try {
        const buffer = Buffer.alloc(place.size);
        const { bytesRead } = await handle.read(buffer, 0, place.size, place.from);
        return buffer.subarray(0, bytesRead);
      } finally {
        await handle.close();
      }
    },
    stream: (path) => {
      const place = at(path);
      if (!place || place.size === 0) return undefined;
      return createReadStream(file, {
        start: place.from,
        end: place.from + place.size - 1,
        highWaterMark: 1 << 20,
      }) as AsyncIterable<Buffer>;
    },
  };
}

async function placesIn(file: string, limits: Limits): Promise<Map<string, Place> | undefined> {
  const handle = await open(file, "r");
  try {
    const { size } = await handle.stat();
    const header = Buffer.alloc(512);
    const places = new Map<string, Place>();
    for (let at = 0; at + 512 <= size && places.size < limits.members; ) {
      await handle.read(header, 0, 512, at);
      if (!isHeader(header)) return at === 0 ? undefined : places;
      const length = memberSize(header);
      const name = header.toString("utf8", 0, 100).split("\0", 1)[0] ?? "";
      places.set(name.replace(/^\.\//, ""), { from: at + 512, size: Math.min(length, size - at - 512) });
      at += 512 + Math.ceil(length / 512) * 512;
    }
    return places;
  } finally {
    await handle.close();
  }
}

function memberSize(header: Buffer): number {
  if (((header[124] ?? 0) & 0x80) !== 0) return Number(header.readBigUInt64BE(128) & 0x1f_ffff_ffff_ffffn);
  return Number.parseInt(header.toString("latin1", 124, 136).replaceAll("\0", " ").trim() || "0", 8) || 0;
}

/** Directories below a tree that are image layouts themselves. */
export async function namesOf(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch {
    return [];
  }
}
