import { createGunzip } from "node:zlib";
import { languageOf } from "../code/language.js";
import { formOf } from "../config/forms.js";
import { isModelName } from "../files/formats.js";
import type { Note } from "../finding.js";
import type { Limits, TreeFile } from "../walk/tree.js";
import { type Member, TarStream } from "./tar-stream.js";

/** Where an image keeps what is not the application's own. */
const SYSTEM =
  /^(usr\/(lib|share|include|src|libexec|local\/(lib|share|include|cuda[^/]*|go))|lib(32|64)?|etc|var\/(lib|cache)|proc|sys|dev|run|boot|opt\/(conda|miniconda\d?|venv|nvidia|java|jdk[^/]*|pypy|intel|hpcx)|root\/\.(cargo|rustup|npm|pyenv|local\/lib)|go\/pkg|nix)\//;
const PACKAGES = /(^|\/)(site-packages|dist-packages|node_modules|vendor|\.venv|venv|gems|__pycache__)\//;
const HEAD = 4_096;

/** What one layer holds that may matter: the start of model files, and the text of the application. */
export async function readLayer(
  label: string,
  chunks: AsyncIterable<Buffer>,
  limits: Limits,
  notes: Note[],
): Promise<TreeFile[]> {
  const tar = new TarStream(label, (path, size) => wanted(path, size, limits), limits, notes);
  try {
    for await (const chunk of unpacked(chunks)) if (!tar.push(chunk)) break;
  } catch (error) {
    notes.push({
      file: label,
      reason: `cannot be unpacked (${error instanceof Error ? error.message : "unknown"})`,
    });
  }
  return tar.members.map(fileOf);
}

const fileOf = ({ path, size, head }: Member): TreeFile => ({
  path,
  size,
  tracked: !SYSTEM.test(path) && !PACKAGES.test(path),
  read: (limit) => head.subarray(0, limit),
});

function wanted(path: string, size: number, limits: Limits): number {
  if (/(^|\/)(models|datasets)--[^/]+\/(snapshots|refs|blobs)\//.test(path)) return 1;
  if (
    isModelName(path) ||
    /(^|\/)(config|adapter_config|model_index)\.json$|(^|\/)MLmodel$|config\.pbtxt$/.test(path)
  )
    return size <= limits.text && /json$|MLmodel|pbtxt/.test(path) ? size : HEAD;
  if (SYSTEM.test(path) || PACKAGES.test(path) || size > limits.text) return 0;
  return languageOf(path) !== undefined || formOf(path) !== undefined ? size : 0;
}

/** Unpacks gzip; other packing is left to the tar reader, which says that it cannot be read. */
async function* unpacked(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true) return;
  const rest = (async function* () {
    yield first.value;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  })();
  if (first.value.subarray(0, 4).equals(Buffer.from([0x28, 0xb5, 0x2f, 0xfd])))
    throw new Error("zstd is not read here");
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) {
    yield* rest;
    return;
  }
  const gunzip = createGunzip();
  const feeding = feed(rest, gunzip);
  try {
    for await (const chunk of gunzip) yield chunk as Buffer;
    await feeding;
  } finally {
    gunzip.destroy();
    await feeding.catch(() => undefined);
  }
}

async function feed(chunks: AsyncIterable<Buffer>, gunzip: ReturnType<typeof createGunzip>): Promise<void> {
  try {
    for await (const chunk of chunks) {
      if (gunzip.destroyed) return;
      if (!gunzip.write(chunk))
        await new Promise<void>((resolve) => void gunzip.once("drain", resolve).once("close", resolve));
    }
    gunzip.end();
  } catch (error) {
    gunzip.destroy(error instanceof Error ? error : undefined);
  }
}
