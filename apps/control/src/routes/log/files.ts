import { CountersignError } from "@countersign/evidence";
import { fileStore, staticResource } from "@countersign/log";
import { layoutOf } from "@countersign/workspace";
import type { FastifyInstance } from "fastify";
import type { Services } from "../../services.js";

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
    const resource = staticResource(`tile/${(request.params as { "*": string })["*"]}`);
    const bytes = resource && (await store.get(resource.path));
    if (!resource || !bytes) throw new CountersignError("log-not-found", "the log has no such tile");
    return reply
      .type(resource.contentType)
      .header("cache-control", resource.cacheControl)
      .send(Buffer.from(bytes));
  });
}
