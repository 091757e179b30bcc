import { ApiError, problemOf, unreachable } from "./error.js";
import { fillPath, type ResponseOf, type Route } from "./route.js";

export interface ClientOptions {
  /** Where the server is; "" in a browser that was served by it. */
  baseUrl?: string;
  token?: string;
  fetch?: typeof fetch;
  /** `default` unless told otherwise. */
  workspace?: string;
}

export interface CallOptions {
  signal?: AbortSignal;
  idempotencyKey?: string;
}

/** Sends requests; every answer that is no success becomes an ApiError. */
export class Transport {
  readonly workspace: string;
  readonly #base: string;
  readonly #token: string | undefined;
  readonly #fetch: typeof fetch;

  constructor(options: ClientOptions = {}) {
    this.workspace = options.workspace ?? "default";
    this.#base = (options.baseUrl ?? "").replace(/\/$/, "");
    this.#token = options.token;
    const given = options.fetch;
    this.#fetch = given ?? ((input, init) => fetch(input, init));
  }

  url(path: string, params: Record<string, unknown> = {}, query?: Record<string, unknown>): string {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query ?? {})) {
      if (value !== undefined) search.set(name, String(value));
    }
    const text = search.toString();
    const filled = fillPath(path, { workspace: this.workspace, ...params });
    return `${this.#base}${filled}${text ? `?${text}` : ""}`;
  }

  headers(options: CallOptions = {}): Record<string, string> {
    const headers: Record<string, string> = {};
    if (this.#token) headers.authorization = `Bearer ${this.#token}`;
    if (options.idempotencyKey) headers["idempotency-key"] = options.idempotencyKey;
    return headers;
  }

  async call<T extends Route>(
    route: T,
    input: { params?: object | undefined; query?: object | undefined; body?: unknown },
    options: CallOptions = {},
  ): Promise<ResponseOf<T>> {
    const url = this.url(route.path, { ...input.params }, { ...input.query });
    const response = await this.send(url, route.method, input.body, options);
    if (response.status === 204) return undefined as ResponseOf<T>;
    return (await response.json()) as ResponseOf<T>;
  }

  async send(
    url: string,
    method: string,
    body: unknown,
    options: CallOptions & { headers?: Record<string, string> },
  ): Promise<Response> {
    const init: RequestInit = { method, credentials: "same-origin" };
    const headers: Record<string, string> = { ...this.headers(options), ...options.headers };
    if (body instanceof FormData) init.body = body;
    else if (body !== undefined) {
      headers["content-type"] = "application/json";
      // A string is JSON already, and its exact bytes may matter.
      init.body = typeof body === "string" ? body : JSON.stringify(body);
    }
    init.headers = headers;
    if (options.signal) init.signal = options.signal;
    const response = await this.#fetch(url, init).catch((cause: unknown) => {
      if (options.signal?.aborted) throw options.signal.reason;
      throw unreachable(url, cause);
    });
    if (!response.ok) throw new ApiError(await problemOf(response));
    return response;
  }
}
