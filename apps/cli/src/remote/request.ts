import { CountersignError } from "@countersign/evidence";
import type { RemoteFile, Surroundings } from "./remote.js";

/** Asks for the first byte: that tells the size, and whether the server sends ranges. */
export async function probe(
  url: string,
  headers: Record<string, string>,
  path: string,
  { fetch: send, signal }: Surroundings,
): Promise<RemoteFile> {
  const answer = await send(url, { headers: { ...headers, range: "bytes=0-0" }, signal }).catch(
    (cause: Error) => {
      signal.throwIfAborted();
      throw new CountersignError("server-unreachable", `${new URL(url).host} cannot be reached.`, { cause });
    },
  );
  await answer.body?.cancel();
  const etag = answer.headers.get("etag") ?? "";
  const file = { path, url, headers, etag };
  const total = /^bytes 0-0\/(\d{1,15})$/.exec(answer.headers.get("content-range") ?? "")?.[1];
  if (answer.status === 206 && total !== undefined) return { ...file, size: Number(total), ranges: true };
  // An empty file has no first byte.
  if (answer.status === 416) return { ...file, size: 0, ranges: false };
  if (answer.ok) return { ...file, size: Number(answer.headers.get("content-length") ?? 0), ranges: false };
  throw refusal(answer.status, url);
}

export function refusal(status: number, url: string): CountersignError {
  const { host, pathname } = new URL(url);
  const what = `${host} answered ${status} for ${JSON.stringify(pathname)}.`;
  if (status === 404) return new CountersignError("not-found", what);
  if (status === 401 || status === 403) {
    return new CountersignError(
      "forbidden",
      `${what} Give a token: HF_TOKEN, AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY, or MLFLOW_TRACKING_TOKEN.`,
    );
  }
  return new CountersignError("server-unreachable", what);
}

/** JSON of a listing, at most 16 MB of it. */
export async function fetchJson(
  url: string,
  headers: Record<string, string>,
  { fetch: send, signal }: Surroundings,
): Promise<{ body: unknown; headers: Headers }> {
  const answer = await send(url, { headers, signal }).catch((cause: Error) => {
    signal.throwIfAborted();
    throw new CountersignError("server-unreachable", `${new URL(url).host} cannot be reached.`, { cause });
  });
  if (!answer.ok) throw refusal(answer.status, url);
  const text = await readText(answer);
  try {
    return { body: JSON.parse(text), headers: answer.headers };
  } catch (cause) {
    throw new CountersignError("json-malformed", `${new URL(url).host} sent no JSON.`, { cause });
  }
}

const MAX_LISTING = 16 * 1024 * 1024;

/** Counts while it reads: a server may send for ever. */
async function readText(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MAX_LISTING) throw new CountersignError("payload-too-large", "The listing is too long.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
