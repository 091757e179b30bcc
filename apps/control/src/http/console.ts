import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CountersignError } from "@countersign/evidence";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

const BUILT = fileURLToPath(new URL("../../../console/dist", import.meta.url));
const SERVER_PATHS = /^\/(api|log|healthz|readyz|metrics)(\/|$|\?)/;
const NOT_BUILT = `<!doctype html><title>Countersign</title><p>The console is not built: run <code>npm run build</code>.
The API is at <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>.</p>`;

/** The console's built files; every address of its own router answers with its page. */
export async function serveConsole(app: FastifyInstance, configured: string): Promise<void> {
  const root = configured || BUILT;
  const page = join(root, "index.html");
  if (existsSync(page)) {
    await app.register(fastifyStatic, {
      root,
      wildcard: true,
      index: "index.html",
      cacheControl: false,
      setHeaders: (reply, path) => {
        // Names of assets hold their digest; the page itself has to be asked for again.
        const fixed = path.includes("/assets/");
        reply.setHeader("cache-control", fixed ? "public, max-age=31536000, immutable" : "no-cache");
      },
    });
  }
  app.setNotFoundHandler((request, reply) => {
    if (!isPage(request))
      throw new CountersignError("not-found", `there is nothing at ${request.method} ${pathOf(request)}`);
    return existsSync(page)
      ? sendPage(reply)
      : reply.code(200).type("text/html; charset=utf-8").send(NOT_BUILT);
  });
}

function sendPage(reply: FastifyReply): FastifyReply {
  return reply.code(200).sendFile("index.html");
}

function isPage(request: FastifyRequest): boolean {
  if (request.method !== "GET" || SERVER_PATHS.test(request.url)) return false;
  return (request.headers.accept ?? "").includes("text/html");
}

function pathOf(request: FastifyRequest): string {
  return (request.url.split("?")[0] ?? "").slice(0, 200);
}
