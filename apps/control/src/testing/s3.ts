import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface Stored {
  bytes: Buffer;
  etag: string;
  versionId: string;
}

/** A storage that speaks the part of S3 that datasets need, checks every signature by itself, and can be made to misbehave. */
export class TestStorage {
  readonly accessKeyId = "test-access";
  readonly secretAccessKey = "test-secret";
  readonly objects = new Map<string, Stored>();
  /** Called before each answer; returns a status to answer with instead. */
  trouble: (request: IncomingMessage) => number | undefined = () => undefined;
  pageSize = 1_000;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(): Promise<TestStorage> {
    const storage = new TestStorage();
    await new Promise<void>((resolve) => storage.#server.listen(0, "127.0.0.1", resolve));
    return storage;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  put(key: string, data: string | Uint8Array): Stored {
    const bytes = Buffer.from(data as Uint8Array);
    const etag = `"${createHash("md5").update(bytes).digest("hex")}"`;
    const stored = { bytes, etag, versionId: `v${this.objects.size}-${etag.slice(1, 7)}` };
    this.objects.set(key, stored);
    return stored;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", this.endpoint);
    const key = decodeURIComponent(url.pathname.split("/").slice(2).join("/"));
    const stored = this.objects.get(key);
    const status = this.trouble(request) ?? this.#statusOf(request, url, stored);
    if (status !== 200) response.writeHead(status).end();
    else if (url.searchParams.get("list-type") === "2") this.#list(url, response);
    else if (stored) {
      response.writeHead(200, { etag: stored.etag, "x-amz-version-id": stored.versionId }).end(stored.bytes);
    }
  }

  #statusOf(request: IncomingMessage, url: URL, stored: Stored | undefined): number {
    if (!this.#isSigned(request, url)) return 403;
    if (url.searchParams.has("list-type")) return 200;
    if (stored === undefined) return 404;
    const expected = request.headers["if-match"];
    return expected !== undefined && expected !== stored.etag ? 412 : 200;
  }

  #list(url: URL, response: ServerResponse): void {
    const prefix = url.searchParams.get("prefix") ?? "";
    const after = url.searchParams.get("continuation-token") ?? "";
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const page = keys.slice(0, this.pageSize);
    const contents = page.map((key) => {
      const { bytes, etag } = this.objects.get(key) as Stored;
      const tag = etag.replaceAll('"', "&quot;");
      return `<Contents><Key>${encodeURIComponent(key)}</Key><ETag>${tag}</ETag><Size>${bytes.length}</Size></Contents>`;
    });
    const more = keys.length > page.length;
    const next = more ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : "";
    response
      .writeHead(200, { "content-type": "application/xml" })
      .end(
        `<?xml version="1.0"?><ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${contents.join("")}</ListBucketResult>`,
      );
  }

  /** AWS Signature Version 4, written from its specification and not from the client's library. */
  #isSigned(request: IncomingMessage, url: URL): boolean {
    const [, scope = "", names = "", given = ""] =
      /^AWS4-HMAC-SHA256 Credential=[^/]+\/(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]{64})$/.exec(
        request.headers.authorization ?? "",
      ) ?? [];
    const date = String(request.headers["x-amz-date"] ?? "");
    const query = [...url.searchParams]
      .map(([name, value]) => `${encode(name)}=${encode(value)}`)
      .sort()
      .join("&");
    const headers = names.split(";").map((name) => `${name}:${String(request.headers[name] ?? "").trim()}\n`);
    const canonical = [
      request.method,
      url.pathname,
      query,
      headers.join(""),
      names,
      String(request.headers["x-amz-content-sha256"] ?? ""),
    ].join("\n");
    const digest = createHash("sha256").update(canonical).digest("hex");
    const key = scope
      .split("/")
      .reduce<Buffer | string>(
        (parent, part) => createHmac("sha256", parent).update(part).digest(),
        `AWS4${this.secretAccessKey}`,
      );
    const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${digest}`;
    return createHmac("sha256", key).update(text).digest("hex") === given;
  }
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
