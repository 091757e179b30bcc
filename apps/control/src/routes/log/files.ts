import { CountersignError } from "@countersign/evidence";
import { fileStore } from "@countersign/log";
import { layoutOf } from "@countersign/workspace";
import type { FastifyInstance } from "fastify";
import type { Services } from "../../services.js";

/** Paths of C2SP tlog-tiles, and nothing else below the log's directory. */
const TILE = /^tile\/(?:\d{1,2}|entries)\/(?:x\d{3}\/){0,5}\d{3}(?:\.p\/[1-9]\d{0,2})?$/;

/** Static reading (C2SP tlog-tiles): anyone may check the log, with no token and any client. */
export function mountLogFiles(app: FastifyInstance, services: Services): void {
  const store = fileStore(layoutOf(services.config.directory).log);
  app.get("/log/checkpoint", { schema: { hide: true } }, async (_request, reply) => {
    const note = await services.workspace.log.checkpoint();
    return reply
      .type("text/plain; charset=utf-8")
      .header("cache-control", "no-cache")
      .send(Buffer.from(note));
  });
  app.get("/log/tile/*", { schema: { hide: true } }, async (request, reply) => {
    const path = `tile/${(request.params as { "*": string })["*"]}`;
    const bytes = TILE.test(path) ? await store.get(path) : undefined;
    if (!bytes) throw new CountersignError("log-not-found", "the log has no such tile");
    const forever = "public, max-age=31536000, immutable";
    return reply.type("application/octet-stream").header("cache-control", forever).send(Buffer.from(bytes));
  });
}
