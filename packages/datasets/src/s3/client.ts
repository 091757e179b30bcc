import { setTimeout as sleep } from "node:timers/promises";
import { CountersignError } from "@countersign/evidence";
import { AwsV4Signer } from "aws4fetch";
import type { PinnedObject } from "../statement.js";
import { readList } from "./xml.js";

export interface S3Options {
  /** Where the storage is. It comes from the configuration, never from a request. */
  endpoint: string;
  region: string;
  /** Without keys, requests are not signed: the bucket is a public one. */
  accessKeyId?: string;
  secretAccessKey?: string;
  sessionToken?: string;
  fetch: typeof fetch;
  /** Milliseconds since the epoch. */
  clock: () => number;
}

const MAX_OBJECTS = 10_000;
const MAX_LIST_BYTES = 16 * 1024 * 1024;
const ATTEMPTS = 3;

/** Lists and reads objects of an S3-compatible storage, path style, signed with AWS Signature Version 4. */
export class S3 {
  readonly #options: S3Options;

  constructor(options: S3Options) {
    this.#options = options;
  }

  /** The object with this key, or else those below it as a directory; by key, each pinned to its ETag. */
  async list(bucket: string, key: string, signal?: AbortSignal): Promise<PinnedObject[]> {
    const found: PinnedObject[] = [];
    const directory = key === "" || key.endsWith("/") ? key : `${key}/`;
    let next: string | undefined;
    do {
      const page = readList(await this.#page(bucket, key, next, signal));
      for (const { key: each, etag, size } of page.objects) {
        if (each === key) return [{ name: each.split("/").at(-1) ?? each, key: each, etag, size }];
        // Storage browsers make empty objects that stand for directories.
        if (!each.startsWith(directory) || each.endsWith("/")) continue;
        found.push({ name: each.slice(directory.length), key: each, etag, size });
      }
      if (found.length > MAX_OBJECTS) throw tooMany(bucket, key);
      next = page.next;
    } while (next !== undefined);
    return found;
  }

  /** The bytes of the object as it was listed: one that was written again meanwhile is refused. */
  async read(
    bucket: string,
    { key, etag, versionId }: PinnedObject,
    signal?: AbortSignal,
  ): Promise<{ bytes: AsyncIterable<Uint8Array>; versionId: string | undefined }> {
    const url = this.#url(bucket, key);
    if (versionId !== undefined) url.searchParams.set("versionId", versionId);
    const answer = await this.#send(url, etag === "" ? {} : { "if-match": etag }, signal);
    const seen = answer.headers.get("etag") ?? "";
    if (etag !== "" && seen !== "" && seen !== etag) throw changed(key);
    if (answer.body === null)
      throw new CountersignError("file-unreadable", `The storage sent nothing for ${JSON.stringify(key)}.`);
    return {
      bytes: answer.body as unknown as AsyncIterable<Uint8Array>,
      versionId: answer.headers.get("x-amz-version-id") ?? undefined,
    };
  }

  /** An address that reads one object for an hour without a key, by ranges if need be. */
  async presign(bucket: string, key: string): Promise<string> {
    const { clock } = this.#options;
    const keys = keysOf(this.#options);
    const url = this.#url(bucket, key);
    if (keys === undefined) return url.href;
    url.searchParams.set("X-Amz-Expires", "3600");
    const signer = new AwsV4Signer({
      ...keys,
      url: url.href,
      service: "s3",
      signQuery: true,
      datetime: datetimeOf(clock()),
    });
    return (await signer.sign()).url.href;
  }

  async #page(
    bucket: string,
    prefix: string,
    next: string | undefined,
    signal?: AbortSignal,
  ): Promise<string> {
    const url = this.#url(bucket, "");
    url.searchParams.set("list-type", "2");
    url.searchParams.set("encoding-type", "url");
    url.searchParams.set("prefix", prefix);
    if (next !== undefined) url.searchParams.set("continuation-token", next);
    const answer = await this.#send(url, {}, signal);
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > MAX_LIST_BYTES)
        throw new CountersignError("payload-too-large", "The storage's list is too long.");
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString("utf8");
  }

  #url(bucket: string, key: string): URL {
    const path = key.split("/").map(encodePart).join("/");
    return new URL(`${this.#options.endpoint.replace(/\/$/, "")}/${bucket}${key === "" ? "" : `/${path}`}`);
  }

  async #send(url: URL, headers: Record<string, string>, signal?: AbortSignal): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#once(url, headers, signal);
      if (answer.ok) return answer;
      await answer.body?.cancel();
      const passing = answer.status >= 500 || answer.status === 429;
      if (!passing || attempt === ATTEMPTS) throw refusal(answer.status, url);
      await sleep(100 * 4 ** attempt, undefined, signal ? { signal } : {});
    }
  }

  async #once(url: URL, headers: Record<string, string>, signal?: AbortSignal): Promise<Response> {
    const { fetch: ask, clock } = this.#options;
    const keys = keysOf(this.#options);
    const request = { url: url.href, headers, service: "s3", datetime: datetimeOf(clock()) };
    const signed = keys === undefined ? request : await new AwsV4Signer({ ...keys, ...request }).sign();
    try {
      // A redirect would send the signature to wherever the storage says.
      return await ask(signed.url, {
        headers: signed.headers,
        redirect: "error",
        ...(signal ? { signal } : {}),
      });
    } catch (cause) {
      signal?.throwIfAborted();
      throw new CountersignError("file-unreadable", `The storage at ${url.host} cannot be reached.`, {
        cause,
      });
    }
  }
}

type Keys = Required<Pick<S3Options, "accessKeyId" | "secretAccessKey">> &
  Pick<S3Options, "region" | "sessionToken">;

function keysOf({ accessKeyId, secretAccessKey, region, sessionToken }: S3Options): Keys | undefined {
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, region, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

const datetimeOf = (now: number): string => new Date(now).toISOString().replace(/[:-]|\.\d{3}/g, "");

/** As S3 wants it signed: every byte but the unreserved ones. A dot alone would be taken for a step in the path. */
function encodePart(part: string): string {
  if (part === "." || part === "..")
    throw new CountersignError("path-outside", "A key has a part that is only dots.");
  return encodeURIComponent(part).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function refusal(status: number, url: URL): CountersignError {
  const what = decodeURIComponent(url.pathname);
  if (status === 404) return new CountersignError("not-found", `The storage has no ${JSON.stringify(what)}.`);
  if (status === 412) return changed(what);
  if (status === 401 || status === 403) {
    return new CountersignError(
      "forbidden",
      `The storage does not let this server read ${JSON.stringify(what)}.`,
    );
  }
  return new CountersignError(
    "file-unreadable",
    `The storage answered ${status} for ${JSON.stringify(what)}.`,
  );
}

const changed = (key: string): CountersignError =>
  new CountersignError(
    "file-changed",
    `The object ${JSON.stringify(key)} was written again while it was read. Admit it again.`,
  );

const tooMany = (bucket: string, key: string): CountersignError =>
  new CountersignError(
    "payload-too-large",
    `s3://${bucket}/${key} has more than ${MAX_OBJECTS} objects: name a part of it.`,
  );
