import { routes, streams } from "@countersign/api";
import type { FastifyInstance } from "fastify";
import type { Services } from "../../services.js";

type Check = { name: string; ok: boolean; detail: string };

/** For supervisors: alive, usable, and how it goes. None of them says anything about what is on record. */
export function mountHealth(app: FastifyInstance, services: Services, version: string): void {
  app.get(streams.health.path, { schema: { hide: true } }, async () => ({ ok: true }));
  app.get(routes.readiness.path, { schema: { hide: true } }, async (_request, reply) => {
    const checks = [await databaseCheck(services), logCheck(services), acceptingCheck(services)];
    const ready = checks.every(({ ok }) => ok);
    return reply.code(ready ? 200 : 503).send({ ready, version, checks });
  });
  app.get(streams.metrics.path, { schema: { hide: true } }, async (_request, reply) => {
    const { registry } = services.metrics;
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

async function databaseCheck({ database }: Services): Promise<Check> {
  const detail = await database.ping().then(
    () => "",
    () => "the database does not answer",
  );
  return { name: "database", ok: detail === "", detail };
}

function logCheck({ workspace }: Services): Check {
  return { name: "log", ok: true, detail: `${workspace.size} entries` };
}

function acceptingCheck({ accepting }: Services): Check {
  const ok = accepting();
  return { name: "server", ok, detail: ok ? "" : "stopping" };
}
