import { createHash } from "node:crypto";
import type { Part, Scan } from "../../core/scan.js";
import type { Source } from "../../core/source.js";
import { isObject, type JsonObject } from "../repository/json.js";

/** Stores that call a file by its SHA-256: OCI layouts, Ollama, the cache of the Hugging Face hub. */
const BLOB = /(?:^|\/)blobs\/(?:sha256[/-])?([0-9a-f]{64})$/;
const CHUNK = 4 * 1024 * 1024;

/** A blob that is not what its name says was changed after it was stored: whoever asks for the digest gets other bytes. */
export function checkBlobName(scan: Scan, part: Part, path: string): void {
  const stated = BLOB.exec(path.replaceAll("\\", "/"))?.[1];
  if (stated === undefined) return;
  const actual = digest(part.source);
  if (actual === stated) return;
  scan.report("blob-digest", part, `The name says sha256:${stated}, the bytes are sha256:${actual}.`, {
    cause: "digest",
  });
}

function digest(source: Source): string {
  const hash = createHash("sha256");
  for (let at = 0; at < source.size; at += CHUNK) hash.update(source.read(at, CHUNK));
  return hash.digest("hex");
}

const MEDIA = /^application\/vnd\.(oci|docker|cncf|ollama|kitops|jozu)\b/;

/** Documents of OCI and Docker: layouts, indexes, manifests, configurations of images. */
export function isImageDocument(value: JsonObject): boolean {
  if (typeof value.imageLayoutVersion === "string") return true;
  if (isObject(value.rootfs) && Array.isArray(value.rootfs.diff_ids)) return true;
  if (value.schemaVersion !== 2) return false;
  const listed = [value.manifests, value.layers, value.config].flat().filter(isObject);
  return [value, ...listed].some(({ mediaType }) => typeof mediaType === "string" && MEDIA.test(mediaType));
}
