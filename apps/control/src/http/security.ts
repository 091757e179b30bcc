import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

/** Inline styles are what the component library sets for geometry; scripts come from our own files alone. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join("; ");

const HEADERS = {
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
};

/** Before anything else, so that refusals carry them too. */
export function addHeaders(app: FastifyInstance): void {
  app.addHook("onRequest", async (request, reply) => setHeaders(request, reply));
}

export function setHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(HEADERS).header("x-request-id", request.id);
  // Answers of the API are about one caller at one moment.
  if (request.url.startsWith("/api/")) reply.header("cache-control", "no-store");
}
