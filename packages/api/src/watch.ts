import { ApiError } from "./error.js";
import type { WorkspaceEvent } from "./event.js";
import type { Job } from "./job.js";
import { routes, streams } from "./routes.js";
import { readSse, type SseMessage } from "./sse.js";
import type { Transport } from "./transport.js";

export interface WaitOptions {
  onProgress?: (job: Job) => void;
  signal?: AbortSignal;
  /** Pause between two looks, in milliseconds. */
  every?: number;
}

export interface WatchOptions {
  signal: AbortSignal;
  /** Continue after this event id. */
  after?: string;
}

export async function waitForJob(http: Transport, id: string, options: WaitOptions): Promise<Job> {
  for (;;) {
    const job = await http.call(
      routes.job,
      { params: { id } },
      options.signal ? { signal: options.signal } : {},
    );
    options.onProgress?.(job);
    if (job.state === "succeeded") return job;
    if (job.state === "failed" || job.state === "cancelled") throw jobError(job);
    await pause(options.every ?? 250, options.signal);
  }
}

function jobError(job: Job): ApiError {
  if (job.error) return new ApiError(job.error);
  return new ApiError({
    type: "about:blank",
    title: "The work was cancelled",
    status: 409,
    code: "cancelled",
    detail: `job ${job.id} (${job.title}) was cancelled`,
    requestId: "",
  });
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}

/** Reconnects where it was; a refusal stays a refusal, only a lost connection is worth another try. */
export async function* watchEvents(http: Transport, options: WatchOptions): AsyncGenerator<WorkspaceEvent> {
  let last = options.after;
  while (!options.signal.aborted) {
    for await (const message of messagesAfter(http, last, options.signal)) {
      last = message.id || last;
      yield JSON.parse(message.data) as WorkspaceEvent;
    }
    await pause(1000, options.signal).catch(() => undefined);
  }
}

/** The messages of one connection, until it ends or breaks. */
async function* messagesAfter(
  http: Transport,
  last: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<SseMessage> {
  const stream = await connect(http, last, signal);
  if (!stream) return;
  const messages = readSse(stream);
  try {
    for (;;) {
      const next = await messages.next().catch(() => undefined);
      if (!next || next.done || signal.aborted) return;
      yield next.value;
    }
  } finally {
    await messages.return(undefined).catch(() => undefined);
  }
}

async function connect(
  http: Transport,
  last: string | undefined,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array> | null> {
  const headers: Record<string, string> = { accept: "text/event-stream" };
  if (last !== undefined) headers["last-event-id"] = last;
  try {
    const response = await http.send(http.url(streams.events.path), "GET", undefined, { headers, signal });
    return response.body as ReadableStream<Uint8Array> | null;
  } catch (error) {
    if (signal.aborted || !(error instanceof ApiError) || error.status >= 500) return null;
    throw error;
  }
}
