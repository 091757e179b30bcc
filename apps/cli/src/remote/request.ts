import { CountersignError } from "@countersign/evidence";
import { PATIENCE_MS, type RemoteFile, type Surroundings } from "./remote.js";

type Wanted = Pick<RemoteFile, "url" | "headers" | "path" | "advice">;

/** Asks for the first byte: that tells the size, and whether the server sends ranges. */
export async function probe(wanted: Wanted, surroundings: Surroundings): Promise<RemoteFile> {
  const { url, headers, advice } = wanted;
  const answer = await send(url, { ...headers, range: "bytes=0-0" }, surroundings);
  await answer.body?.cancel();
  const file = { ...wanted, etag: validatorOf(answer) };
  const total = /^bytes 0-0\/(\d{1,15})$/.exec(answer.headers.get("content-range") ?? "")?.[1];
  if (answer.status === 206 && total !== undefined) return { ...file, size: Number(total), ranges: true };
  // An empty file has no first byte.
  if (answer.status === 416) return { ...file, size: 0, ranges: false };
  if (answer.ok) return { ...file, size: Number(answer.headers.get("content-length") ?? 0), ranges: false };
  throw refusal(answer, url, advice);
}

/** What changes when the file does; the network thread asks for the same. */
const validatorOf = ({ headers }: Response): string =>
  headers.get("etag") ?? headers.get("last-modified") ?? "";

/**
 * Sends a request and waits for its answer, not for ever. `fetch` takes the token off where a redirect leads to another host; a redirect
 * from https to http is refused, because then anybody on the way could be the one who answers.
 */
export async function send(
  url: string,
  headers: Record<string, string>,
  { fetch: ask, signal, patienceMs = PATIENCE_MS }: Surroundings,
): Promise<Response> {
  const timer = new AbortController();
  const timeout = setTimeout(() => timer.abort(), patienceMs);
  try {
    const answer = await ask(url, { headers, signal: AbortSignal.any([signal, timer.signal]) });
    if (url.startsWith("https:") && answer.url.startsWith("http:")) {
      await answer.body?.cancel();
      throw new CountersignError("server-unreachable", `${hostOf(url)} leads from https to http.`);
    }
    return answer;
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof CountersignError) throw cause;
    const why = timer.signal.aborted ? "does not answer" : "cannot be reached";
    throw new CountersignError("server-unreachable", `${hostOf(url)} ${why}.`, { cause });
  } finally {
    clearTimeout(timeout);
  }
}

const hostOf = (url: string): string => new URL(url).host;

export function refusal({ status, headers }: Response, url: string, advice: string): CountersignError {
  const { host, pathname } = new URL(url);
  const what = `${host} answered ${status} for ${JSON.stringify(pathname)}.`;
  // A hub says so, where it would hide what is there behind a 401.
  if (headers.get("x-error-code") === "GatedRepo") {
    const remedy = "accept the conditions on the repository's page, then set HF_TOKEN";
    return new CountersignError("unauthorised", `${what} The repository is gated.`, { detail: { remedy } });
  }
  if (status === 404) return new CountersignError("not-found", what);
  if (status === 401 || status === 403)
    return new CountersignError("unauthorised", what, { detail: { remedy: advice } });
  return new CountersignError("server-unreachable", what);
}

/** JSON of a listing, at most 16 MB of it. */
export async function fetchJson(
  url: string,
  headers: Record<string, string>,
  surroundings: Surroundings,
  advice: string,
): Promise<{ body: unknown; headers: Headers }> {
  const answer = await send(url, headers, surroundings);
  if (!answer.ok) {
    await answer.body?.cancel();
    throw refusal(answer, url, advice);
  }
  const text = await readText(answer, surroundings);
  try {
    return { body: JSON.parse(text), headers: answer.headers };
  } catch (cause) {
    throw new CountersignError("json-malformed", `${hostOf(url)} sent no JSON.`, { cause });
  }
}

const MAX_LISTING = 16 * 1024 * 1024;

async function readText(answer: Response, surroundings: Surroundings): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bodyOf(answer, surroundings, MAX_LISTING, "The listing is too long."))
    chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** The bytes of an answer. A server may send for ever, or stop in the middle without a word. */
export async function* bodyOf(
  answer: Response,
  { signal, patienceMs = PATIENCE_MS }: Surroundings,
  most: number,
  tooLong: string,
): AsyncGenerator<Uint8Array> {
  const reader = answer.body?.getReader();
  let size = 0;
  try {
    while (reader !== undefined) {
      signal.throwIfAborted();
      const { done, value } = await patient(reader.read(), patienceMs, answer.url);
      if (done || value === undefined) return;
      size += value.length;
      if (size > most) throw new CountersignError("payload-too-large", tooLong);
      yield value;
    }
  } finally {
    await reader?.cancel().catch(() => undefined);
  }
}

async function patient<T>(work: Promise<T>, milliseconds: number, url: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new CountersignError("server-unreachable", `${hostOf(url)} stopped sending.`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([work, late]);
  } catch (cause) {
    if (cause instanceof CountersignError) throw cause;
    throw new CountersignError("server-unreachable", `${hostOf(url)} broke off.`, { cause });
  } finally {
    clearTimeout(timer);
  }
}

/** A path as a listing names it. One that leads out would make a request to somewhere else on the server, with the token. */
export function safePath(path: string): string {
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..") || path.includes("\\")) {
    throw new CountersignError(
      "path-outside",
      `The server lists a file at ${JSON.stringify(path.slice(0, 200))}.`,
    );
  }
  return parts.map(encodeURIComponent).join("/");
}
