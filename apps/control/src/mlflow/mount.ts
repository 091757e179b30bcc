import { isRecord } from "@countersign/evidence";
import { type Fields, invalid, ProtocolError } from "@countersign/tracking";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Caller } from "../auth/access.js";
import type { Services } from "../services.js";
import { authenticateClient } from "./access.js";
import { answerError } from "./errors.js";

export interface ProtocolContext {
  /** The members of the JSON body, or of the query where there is no body. */
  input: Fields;
  /** What `{name}` in the path stood for, decoded once. */
  params: Readonly<Record<string, string>>;
  caller: Caller;
  services: Services;
  request: FastifyRequest;
  reply: FastifyReply;
}

/** One call of MLflow's REST protocol. */
export interface Endpoint {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below `/api/2.0`, as `/mlflow/runs/create`; `{name}` is one segment, a last `*` the rest. */
  path: string;
  /** null: the call proves itself in another way. */
  scope: "read" | "write" | null;
  /** Answers the JSON body. `undefined` when it has written the reply itself. */
  act(context: ProtocolContext): Promise<object | undefined>;
  /** The body is handed on as it streams, whatever its type. */
  stream?: boolean;
}

/** Clients differ in the version that they name, and MLflow's own pages ask below `ajax-api`. */
const ROOTS = ["/api/2.0", "/api/3.0", "/ajax-api/2.0", "/ajax-api/3.0", "/api/2.0/preview"];

const NOBODY: Caller = { principal: "", scope: "read", workspace: "", via: "token", expiresAt: 0 };

/** Mounts calls of MLflow's protocol: under each of its roots, with its errors, for its clients' credentials. */
export function mountProtocol(
  app: FastifyInstance,
  services: Services,
  endpoints: readonly Endpoint[],
): void {
  const streams = endpoints.filter(({ stream }) => stream === true);
  const calls = endpoints.filter(({ stream }) => stream !== true);
  app.register(async (scope) => {
    prepare(scope);
    acceptJson(scope);
    for (const endpoint of calls) mountEndpoint(scope, services, endpoint);
  });
  app.register(async (scope) => {
    prepare(scope);
    scope.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
    for (const endpoint of streams) mountEndpoint(scope, services, endpoint);
  });
}

/** Says "no such endpoint" in MLflow's words: clients then do without the feature that they asked for. */
export function mountUnknown(app: FastifyInstance): void {
  app.register(async (scope) => {
    prepare(scope);
    scope.addContentTypeParser("*", (_request, payload, done) => {
      payload.resume();
      done(null);
    });
    for (const root of ROOTS) {
      for (const path of [`${root}/mlflow/*`, `${root}/mlflow-artifacts/*`]) {
        scope.all(path, { schema: { hide: true } }, async (request) => {
          const { pathname } = new URL(request.url, "http://localhost");
          throw new ProtocolError(
            "ENDPOINT_NOT_FOUND",
            `This server does not answer ${request.method} ${pathname.slice(0, 200)}.`,
          );
        });
      }
    }
  });
}

function prepare(scope: FastifyInstance): void {
  scope.setErrorHandler(answerError);
  scope.removeAllContentTypeParsers();
}

function acceptJson(scope: FastifyInstance): void {
  scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body: Buffer, done) => {
    try {
      done(null, body.length === 0 ? {} : JSON.parse(body.toString("utf8")));
    } catch {
      done(invalid("The request body is not JSON."));
    }
  });
}

function mountEndpoint(scope: FastifyInstance, services: Services, endpoint: Endpoint): void {
  for (const root of ROOTS) {
    scope.route({
      method: endpoint.method,
      url: `${root}${endpoint.path.replace(/\{(\w+)\}/g, ":$1")}`,
      schema: { hide: true },
      exposeHeadRoute: false,
      // Before the body is read: a stranger cannot make the server parse anything.
      onRequest: async (request) => {
        request.caller =
          endpoint.scope === null ? NOBODY : await authenticateClient(services, request, endpoint.scope);
      },
      handler: async (request, reply) => {
        const answer = await endpoint.act(contextOf(services, endpoint, request, reply));
        return answer === undefined ? reply : reply.type("application/json; charset=utf-8").send(answer);
      },
    });
  }
}

function contextOf(
  services: Services,
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
): ProtocolContext {
  const { caller } = request;
  const params = request.params as Record<string, string>;
  return { input: inputOf(endpoint, request), params, caller, services, request, reply };
}

/** Query and body are one set of fields to MLflow; what the body says wins. */
function inputOf(endpoint: Endpoint, request: FastifyRequest): Fields {
  const query = request.query as Fields;
  if (endpoint.stream === true || request.body === undefined || request.body === null) return query;
  if (!isRecord(request.body)) throw invalid("The request body must be a JSON object.");
  return { ...query, ...request.body };
}
