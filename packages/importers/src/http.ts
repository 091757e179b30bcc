import { CountersignError, parseJson } from "@countersign/evidence";
import type { Remote } from "./imported.js";
import { retryAfter } from "./retry.js";

const MAX_ANSWER = 32 * 1024 * 1024;
const MAX_ATTEMPTS = 7;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 60_000;
const LONGEST_TOLD = 300_000;

export interface Call {
  url: URL;
  method?: "GET" | "POST";
  headers?: Record<string, string>;
  body?: string;
}

/** What a source is, for people, and how its refusals read. */
export interface Source {
  /** Such as `the MLflow server`. */
  label: string;
  /** What to do when it does not know the caller: a flag or a variable. */
  authRemedy: string;
  /** Made for each attempt: a signature is good for minutes only. */
  prepare?: (call: Call) => Promise<Call>;
  /** Reads the source's own error shape. */
  fault: (
    status: number,
    body: unknown,
  ) => { code: string; message: string; throttled?: boolean; auth?: boolean; forbidden?: boolean };
}

/** An answer that is no success, with what the source called it. */
export class SourceRefusal extends CountersignError {
  readonly status: number;
  readonly named: string;

  constructor(status: number, named: string, ...rest: ConstructorParameters<typeof CountersignError>) {
    super(...rest);
    this.status = status;
    this.named = named;
  }
}

/** Asks for JSON: waits as long as the source says when it is busy, and never follows a redirect with a secret in hand. */
export async function ask(remote: Remote, source: Source, call: Call): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await once(remote, source, call);
    if ("value" in outcome) return outcome.value;
    if (!outcome.again || attempt >= MAX_ATTEMPTS) throw outcome.error;
    const wait = outcome.wait ?? Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1));
    remote.onWait?.(outcome.error.message, wait);
    await remote.sleep(wait, remote.signal);
  }
}

type Outcome = { value: unknown } | { error: CountersignError; again: boolean; wait?: number };

async function once(remote: Remote, source: Source, given: Call): Promise<Outcome> {
  const call = source.prepare ? await source.prepare(given) : given;
  const init: RequestInit = { method: call.method ?? "GET", redirect: "manual" };
  if (call.headers) init.headers = call.headers;
  if (call.body !== undefined) init.body = call.body;
  if (remote.signal) init.signal = remote.signal;
  try {
    const answer = await remote.fetch(call.url, init);
    const body = await readBody(answer, source);
    if (answer.ok) return { value: parseJson(body) };
    return refusalOf(remote, source, answer, body);
  } catch (cause) {
    if (remote.signal?.aborted) throw remote.signal.reason;
    if (cause instanceof CountersignError) return { error: named(source, cause), again: false };
    const message = `${source.label} at ${call.url.origin} cannot be reached`;
    const error = new CountersignError("server-unreachable", message, {
      cause,
      detail: { remedy: `check the address and the network: curl -sI ${call.url.origin}` },
    });
    return { error, again: true };
  }
}

function named(source: Source, cause: CountersignError): CountersignError {
  if (cause.code !== "json-malformed") return cause;
  return new CountersignError(
    "json-malformed",
    `${source.label} answered what is not usable: ${cause.message}`,
    {
      cause,
      detail: { remedy: "check the address: it must be the API, not a page for people" },
    },
  );
}

async function readBody(answer: Response, source: Source): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MAX_ANSWER) {
      throw new CountersignError(
        "too-complex",
        `${source.label} sent more than ${MAX_ANSWER} bytes in one answer`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function refusalOf(remote: Remote, source: Source, answer: Response, body: Uint8Array): Outcome {
  const { status } = answer;
  if (status >= 300 && status < 400) return { error: redirected(source, answer), again: false };
  const { code, message, throttled, auth, forbidden } = source.fault(status, tolerant(body));
  const error = (kind: ConstructorParameters<typeof CountersignError>[0], text: string, remedy?: string) =>
    new SourceRefusal(status, code, kind, text, remedy === undefined ? {} : { detail: { remedy } });
  const said = message === "" ? code : `${code}: ${message}`;
  if (throttled === true || status === 429) {
    const wait = retryAfter(answer.headers.get("retry-after"), remote.clock(), LONGEST_TOLD);
    const told = wait === undefined ? {} : { wait };
    return {
      error: error("rate-limited", `${source.label} asks for fewer requests (${said})`),
      again: true,
      ...told,
    };
  }
  if (auth === true || status === 401) {
    return {
      error: error("unauthorised", `${source.label} does not know you (${said})`, source.authRemedy),
      again: false,
    };
  }
  if (forbidden === true || status === 403) {
    return {
      error: error("forbidden", `${source.label} does not let you read this (${said})`, source.authRemedy),
      again: false,
    };
  }
  if (status === 404)
    return { error: error("not-found", `${source.label} has no such thing (${said})`), again: false };
  const again = status >= 500;
  return {
    error: error(
      again ? "server-unreachable" : "bad-request",
      `${source.label} answered ${status} (${said})`,
    ),
    again,
  };
}

function redirected(source: Source, answer: Response): CountersignError {
  const target = answer.headers.get("location") ?? "";
  const shown = URL.canParse(target) ? new URL(target).origin : "another address";
  return new CountersignError(
    "bad-request",
    `${source.label} sends callers on to ${shown}; credentials are not taken along`,
    { detail: { remedy: "give the address that it leads to" } },
  );
}

function tolerant(body: Uint8Array): unknown {
  try {
    return parseJson(body);
  } catch {
    return undefined;
  }
}
