import { streams, type WorkspaceEvent } from "@countersign/api";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { authenticate, checkWorkspace } from "../../http/mount.js";
import type { Services } from "../../services.js";

const BEAT_MS = 15_000;
const PAGE = 500;
/** A reader that cannot keep up is let go: it comes back with its Last-Event-ID. */
const MOST_BUFFERED = 1024 * 1024;

export interface Streams {
  close(): void;
}

/** Server-sent events. A reader that names the last event it saw gets everything since, each once and in order. */
export function mountEvents(app: FastifyInstance, services: Services): Streams {
  const open = new Set<FastifyReply>();
  app.route({
    method: "GET",
    url: streams.events.path.replace("{workspace}", ":workspace"),
    schema: { operationId: "events", summary: "Events as they happen (text/event-stream)" },
    onRequest: async (request) => {
      request.caller = await authenticate(services, request, "read");
      checkWorkspace(services, request);
    },
    handler: async (request, reply) => {
      const after = await startOf(services, request);
      reply.hijack();
      open.add(reply);
      reply.raw.on("close", () => open.delete(reply));
      reply.raw.writeHead(200, {
        ...reply.getHeaders(),
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      } as Record<string, string>);
      await send(services, request, reply, after);
    },
  });
  return {
    close: () => {
      for (const reply of open) reply.raw.end();
    },
  };
}

async function startOf(services: Services, request: FastifyRequest): Promise<number> {
  const given = request.headers["last-event-id"];
  const id = typeof given === "string" && /^\d{1,15}$/.test(given) ? Number(given) : undefined;
  return id ?? services.events.newest();
}

async function send(
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  after: number,
): Promise<void> {
  const { events } = services;
  const waiting: WorkspaceEvent[] = [];
  let sent = after;
  let caughtUp = false;
  const write = (event: WorkspaceEvent) => {
    if (Number(event.id) <= sent) return;
    sent = Number(event.id);
    reply.raw.write(`id: ${event.id}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`);
    if (reply.raw.writableLength > MOST_BUFFERED) reply.raw.destroy();
  };
  // Listening begins before the past is read: what happens in between waits, and is not lost or sent twice.
  const stop = events.listen((event) => (caughtUp ? write(event) : waiting.push(event)));
  const beat = setInterval(() => reply.raw.write(": still here\n\n"), BEAT_MS);
  reply.raw.on("close", () => {
    clearInterval(beat);
    stop();
  });
  try {
    reply.raw.write("retry: 1000\n\n");
    for (let page = await events.after(sent, PAGE); page.length > 0; page = await events.after(sent, PAGE)) {
      page.forEach(write);
    }
    waiting.forEach(write);
    caughtUp = true;
  } catch (error) {
    request.log.error({ err: error }, "event stream");
    reply.raw.destroy();
  }
}
