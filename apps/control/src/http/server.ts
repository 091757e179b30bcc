import { randomUUID } from "node:crypto";
import { CountersignError, parseJson } from "@countersign/evidence";
import cookie from "@fastify/cookie";
import multipart from "@fastify/multipart";
import rateLimit from "@fastify/rate-limit";
import swagger from "@fastify/swagger";
import { TypeBoxValidatorCompiler } from "@fastify/type-provider-typebox";
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify";
import type { Caller } from "../auth/access.js";
import type { Config } from "../config/config.js";
import { type Addresses, guardAddresses } from "./guard.js";
import { openapiOptions } from "./openapi.js";
import { toProblem } from "./problem.js";
import { addHeaders, setHeaders } from "./security.js";
import { refuseUnreadable } from "./unreadable.js";

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller;
    /** The body exactly as it came: digests are made of it. */
    bytes: Uint8Array | null;
  }
}

export interface ServerOptions {
  config: Config;
  version: string;
  addresses: () => Addresses;
  accepting: () => boolean;
  /** Where log lines go; the standard output when absent. */
  destination?: { write(line: string): void };
}

const SAFE_ID = /^[\w.-]{1,64}$/;

/** The HTTP server with everything that holds for every route; routes are mounted by the caller. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { config, destination } = options;
  const app = Fastify({
    logger: {
      level: config.logLevel,
      redact: REDACTED,
      serializers: { err: plainError },
      ...(destination ? { stream: destination } : {}),
    },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: config.bodyLimit,
    requestTimeout: 0,
    connectionTimeout: 0,
    keepAliveTimeout: 10_000,
    genReqId: (request) => {
      const given = request.headers["x-request-id"];
      return typeof given === "string" && SAFE_ID.test(given) ? given : randomUUID();
    },
    routerOptions: { maxParamLength: 2_048 },
    forceCloseConnections: "idle",
    // A request without one is refused by the guard, as a problem.
    http: { requireHostHeader: false },
    clientErrorHandler: refuseUnreadable,
    frameworkErrors: (error, request: FastifyRequest, reply: FastifyReply) => {
      setHeaders(request, reply);
      sendProblem(error, request.id, reply);
    },
  });
  // Slow headers hold a socket; a slow upload is legitimate.
  app.server.headersTimeout = 20_000;
  app.decorateRequest("caller");
  app.decorateRequest("bytes", null);
  app.setValidatorCompiler(TypeBoxValidatorCompiler as never);
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  addParsers(app, config);
  addErrors(app);
  addHeaders(app);
  guardAddresses(app, options.addresses);
  app.addHook("onRequest", async (_request, reply) => {
    if (options.accepting()) return;
    reply.header("connection", "close");
    throw new CountersignError("shutting-down", "the server is stopping");
  });
  addAccessLog(app);
  await app.register(cookie);
  await app.register(multipart);
  await app.register(rateLimit, { global: false });
  await app.register(swagger, openapiOptions(options.version));
  return app;
}

const PROBLEM = "application/problem+json; charset=utf-8";

/** What an error says. Drivers hang whole connections on theirs, with keys in them, and quote the values of queries. */
function plainError(error: unknown): { type: string; message: string; stack: string; cause?: string } {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error), stack: "" };
  const { name, message, stack = "", cause } = error;
  const because = cause instanceof Error ? { cause: `${cause.name}: ${cause.message}` } : {};
  return { type: name, message: withoutValues(message), stack: withoutValues(stack), ...because };
}

function withoutValues(text: string): string {
  return text.replace(/\nparams: .*/g, "");
}

const REDACTED = [
  "req.headers.authorization",
  "req.headers.cookie",
  "*.password",
  "*.token",
  "*.code",
  "*.databaseUrl",
];

/** JSON is read strictly: a member that stands there twice would mean one thing here and another elsewhere. */
function addParsers(app: FastifyInstance, config: Config): void {
  app.removeAllContentTypeParsers();
  const parse = (
    request: FastifyRequest,
    body: Buffer,
    done: (error: Error | null, value?: unknown) => void,
  ) => {
    request.bytes = body;
    try {
      requirePlain(request.headers["content-encoding"]);
      done(null, parseJson(body, { maxBytes: config.bodyLimit }));
    } catch (error) {
      done(error as Error);
    }
  };
  app.addContentTypeParser(["application/json", "application/problem+json"], { parseAs: "buffer" }, parse);
  app.addContentTypeParser(/^application\/[\w.+-]+\+json$/, { parseAs: "buffer" }, parse);
}

// OpenLineage's clients compress where they are told to; unpacked here, a small body could be an endless one.
function requirePlain(encoding: string | undefined): void {
  if (encoding === undefined || encoding === "identity") return;
  throw new CountersignError(
    "unsupported-media-type",
    "the body is compressed, and this server reads it only as it is: send it without a content-encoding",
  );
}

function addErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = toProblem(validationText(error), request.id);
    if (problem.code === "internal") request.log.error({ err: error }, "fault");
    if (problem.status === 401) reply.header("www-authenticate", 'Bearer realm="countersign"');
    return reply.code(problem.status).type(PROBLEM).send(problem);
  });
}

/** What the router refuses before any route is found, as a malformed percent-encoding. */
function sendProblem(error: unknown, requestId: string, reply: FastifyReply): void {
  const problem = toProblem(error, requestId);
  void reply.code(problem.status).type(PROBLEM).send(problem);
}

interface ValidationFault {
  validation?: { instancePath?: string; message?: string }[];
  validationContext?: string;
}

function validationText(error: unknown): unknown {
  const { validation, validationContext } = error as ValidationFault;
  if (!validation) return error;
  const said = validation.filter(({ message }) => message !== "schema is false");
  const parts = said
    .slice(0, 5)
    .map(
      ({ instancePath, message }) =>
        `${validationContext ?? "body"}${instancePath ?? ""} ${message ?? "is wrong"}`,
    );
  return new CountersignError("bad-request", parts.join("; "));
}

/** One line per request: no query, no header, no body. */
function addAccessLog(app: FastifyInstance): void {
  app.addHook("onResponse", async (request, reply) => {
    const line = {
      method: request.method,
      route: request.routeOptions.url ?? "-",
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      principal: request.caller?.principal ?? "",
    };
    if (reply.statusCode >= 500) request.log.error(line, "request");
    else request.log.debug(line, "request");
  });
}
