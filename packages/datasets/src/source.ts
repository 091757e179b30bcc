import { isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";

/** Where a run says that it read a dataset from. */
export type Source =
  | { kind: "path"; path: string }
  | { kind: "s3"; bucket: string; key: string }
  | { kind: "other" };

const MAX_SOURCE = 65_535;

/** Reads what an MLflow client logs as the source of a dataset: JSON, whose members depend on the source's type. */
export function parseSource(text: string): Source {
  if (text.length > MAX_SOURCE) return { kind: "other" };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return parseLocation(text);
  }
  if (typeof value !== "object" || value === null) return { kind: "other" };
  const { uri, url } = value as { uri?: unknown; url?: unknown };
  const location = typeof uri === "string" ? uri : url;
  return typeof location === "string" ? parseLocation(location) : { kind: "other" };
}

/** `s3://bucket/key`, `file:///path` or `/path`. A relative path says nothing to another process. */
export function parseLocation(text: string): Source {
  if (text.includes("\0")) return { kind: "other" };
  if (text.startsWith("s3://")) return parseS3(text) ?? { kind: "other" };
  if (text.startsWith("file:")) return fromFileUrl(text);
  return isAbsolute(text) ? { kind: "path", path: text } : { kind: "other" };
}

function fromFileUrl(text: string): Source {
  try {
    return { kind: "path", path: fileURLToPath(text) };
  } catch {
    return { kind: "other" };
  }
}

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const MAX_KEY = 1_024;

/** Buckets as S3 names them; a key may be any text of at most 1,024 bytes, and "" is the whole bucket. */
export function parseS3(text: string): { kind: "s3"; bucket: string; key: string } | undefined {
  const [, bucket = "", key = ""] = /^s3:\/\/([^/?#]*)(?:\/(.*))?$/s.exec(text) ?? [];
  if (!BUCKET.test(bucket) || bucket.includes("..") || Buffer.byteLength(key) > MAX_KEY) return undefined;
  return { kind: "s3", bucket, key };
}
