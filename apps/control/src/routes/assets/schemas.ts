import { streams } from "@countersign/api";
import { CountersignError } from "@countersign/evidence";
import { schemaFiles } from "@countersign/inventory";
import type { FastifyInstance } from "fastify";

/** JSON Schemas for editors, open to anyone: they say nothing of this server. */
export function mountSchemas(app: FastifyInstance): void {
  const files = schemaFiles();
  app.get<{ Params: { file: string } }>(
    streams.schemas.path.replace("{file}", ":file"),
    { schema: { hide: true } },
    async (request, reply) => {
      const schema = files.get(request.params.file);
      if (schema === undefined) {
        throw new CountersignError("not-found", `the schemas are ${[...files.keys()].join(", ")}`);
      }
      return reply.type("application/schema+json").send(JSON.stringify(schema, null, 2));
    },
  );
}
