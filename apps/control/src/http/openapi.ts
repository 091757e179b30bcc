import { Problem } from "@countersign/api";
import type { FastifyDynamicSwaggerOptions } from "@fastify/swagger";

type Transform = NonNullable<FastifyDynamicSwaggerOptions["transform"]>;

/** What describes the routes: their own schemas, and beside them what holds for all. */
export function openapiOptions(version: string): FastifyDynamicSwaggerOptions {
  return { openapi: head(version), transform, transformObject: portable };
}

function head(version: string): NonNullable<FastifyDynamicSwaggerOptions["openapi"]> {
  return {
    openapi: "3.1.0",
    info: {
      title: "Countersign",
      version,
      description:
        "Facts in, decisions out, both on the record. Errors are application/problem+json (RFC 9457).",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer" },
        session: { type: "apiKey", in: "cookie", name: "countersign" },
      },
    },
    security: [{ token: [] }, { session: [] }],
  } as NonNullable<FastifyDynamicSwaggerOptions["openapi"]>;
}

const REFUSAL = {
  description: "What was refused or went wrong: docs/errors.md has every code",
  content: { "application/problem+json": { schema: Problem } },
};

/** Only the events have no schema of their answer. */
const STREAM = {
  200: { description: "Events", content: { "text/event-stream": { schema: { type: "string" } } } },
};

const REPEATING = {
  type: "object",
  properties: {
    "idempotency-key": {
      type: "string",
      pattern: "^[!-~]{1,128}$",
      description: "The same key with the same request gives the same answer, for 24 hours",
    },
  },
};

const transform: Transform = ({ schema, url, route }) => {
  if (!schema?.operationId) return { schema, url };
  const repeats = route.method === "POST" && schema.security?.length !== 0;
  const response = { ...((schema.response ?? STREAM) as object), default: REFUSAL };
  return { schema: { ...schema, response, ...(repeats ? { headers: REPEATING } : {}) }, url };
};

/**
 * Clients are generated in languages whose regular expressions know no classes of Unicode: for them, letters and
 * digits are those of ASCII and everything beyond. The server keeps to the narrower rule.
 */
const portable: NonNullable<FastifyDynamicSwaggerOptions["transformObject"]> = (described) => {
  const document = "openapiObject" in described ? described.openapiObject : described.swaggerObject;
  return JSON.parse(JSON.stringify(document), (name, value) =>
    name === "pattern" && typeof value === "string"
      ? value.replaceAll("\\p{L}\\p{N}", "0-9A-Za-z\u00a1-\u{10fffd}")
      : value,
  );
};
