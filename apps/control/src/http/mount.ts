import type { BodyOf, ParamsOf, QueryOf, ResponseOf, Route, Scope } from "@countersign/api";
import { CountersignError } from "@countersign/evidence";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Caller } from "../auth/access.js";
import type { Services } from "../services.js";
import { sessionCookie } from "./cookie.js";
import { requireSameOrigin } from "./guard.js";
import { checkKey, requestDigest } from "./idempotency.js";

export interface Context<T extends Route> {
  params: ParamsOf<T>;
  query: QueryOf<T>;
  body: BodyOf<T>;
  caller: Caller;
  services: Services;
  request: FastifyRequest;
  reply: FastifyReply;
}

export type Handler<T extends Route> = (context: Context<T>) => Promise<ResponseOf<T>>;

export interface MountOptions {
  /** The handler keeps to the Idempotency-Key itself, because the body is no JSON. */
  ownIdempotency?: boolean;
  rateLimit?: { max: number; timeWindow: string };
}

const ORDER: Record<Scope, number> = { read: 0, write: 1, admin: 2 };

const NOBODY: Caller = { principal: "", scope: "read", workspace: "", via: "session", expiresAt: 0 };

/** Mounts one route: authenticate, authorise, check the workspace, validate, then act; all routes the same way. */
export function mount<T extends Route>(
  app: FastifyInstance,
  services: Services,
  route: T,
  handler: Handler<T>,
  options: MountOptions = {},
): void {
  app.route({
    method: route.method,
    url: route.path.replace(/\{(\w+)\}/g, ":$1"),
    schema: schemaOf(route),
    ...(options.rateLimit ? { config: { rateLimit: options.rateLimit } } : {}),
    // Before the body is read: a stranger cannot make the server parse anything.
    onRequest: async (request) => {
      request.caller = route.scope === null ? NOBODY : await authenticate(services, request, route.scope);
      checkWorkspace(services, request);
    },
    handler: async (request, reply) => {
      const context = contextOf<T>(services, request, reply);
      const act = async () => ({ status: route.status as number, body: await handler(context) });
      const answer = await once(services, route, request, options, act);
      if (answer.repeated) reply.header("idempotent-replay", "true");
      return reply.code(answer.status).send(answer.body);
    },
  });
}

function schemaOf(route: Route): Record<string, unknown> {
  return {
    operationId: route.id,
    summary: route.summary,
    ...(route.scope === null ? { security: [] } : { description: `Needs the scope \`${route.scope}\`.` }),
    ...(route.params ? { params: route.params } : {}),
    ...(route.query ? { querystring: route.query } : {}),
    ...(route.body ? { body: route.body } : {}),
    response: { [route.status]: route.response ?? { type: "null", description: "done" } },
  };
}

function contextOf<T extends Route>(
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
): Context<T> {
  return {
    params: request.params as ParamsOf<T>,
    query: request.query as QueryOf<T>,
    body: request.body as BodyOf<T>,
    caller: request.caller,
    services,
    request,
    reply,
  };
}

export async function authenticate(
  services: Services,
  request: FastifyRequest,
  needed: Scope,
): Promise<Caller> {
  const caller = await findCaller(services, request);
  if (!caller)
    throw new CountersignError("unauthorised", "there is no valid token or session with this request");
  if (ORDER[caller.scope] < ORDER[needed]) {
    throw new CountersignError(
      "forbidden",
      `this needs the scope ${needed}; ${caller.principal} has ${caller.scope}`,
    );
  }
  return caller;
}

async function findCaller(services: Services, request: FastifyRequest): Promise<Caller | undefined> {
  const header = request.headers.authorization;
  if (header !== undefined) return services.access.byToken(/^Bearer (\S+)$/i.exec(header)?.[1] ?? "");
  const cookie = request.cookies[sessionCookie(services)];
  if (cookie === undefined) return undefined;
  requireSameOrigin(request);
  return services.access.bySession(cookie);
}

/** The same answer for a workspace that is not there and for one that the caller may not see. */
export function checkWorkspace(services: Services, request: FastifyRequest): void {
  const { workspace } = request.params as { workspace?: string };
  if (workspace === undefined) return;
  if (workspace === services.workspace.id && workspace === request.caller.workspace) return;
  throw new CountersignError("not-found", `there is no workspace "${workspace.slice(0, 64)}" for you here`);
}

async function once(
  services: Services,
  route: Route,
  request: FastifyRequest,
  options: MountOptions,
  act: () => Promise<{ status: number; body: unknown }>,
): Promise<{ status: number; body: unknown; repeated: boolean }> {
  const key = request.headers["idempotency-key"];
  if (route.method !== "POST" || typeof key !== "string" || options.ownIdempotency || route.scope === null) {
    return { ...(await act()), repeated: false };
  }
  const { workspace, principal } = request.caller;
  const digest = requestDigest(route.method, request.url, request.bytes ?? "");
  return services.idempotency.run({ workspace, principal, key: checkKey(key), request: digest }, act);
}
