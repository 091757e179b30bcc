import { CountersignError } from "@countersign/evidence";
import type { FastifyInstance, FastifyRequest } from "fastify";

const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Which Host and Origin headers are ours. */
export interface Addresses {
  hosts: ReadonlySet<string>;
  origins: ReadonlySet<string>;
  /** Whether browsers reach us over TLS, so that cookies may demand it. */
  secure: boolean;
  url: string;
}

export function addressesOf(host: string, port: number, publicUrl: string): Addresses {
  const shown = host.includes(":") ? `[${host}]` : host;
  const names = new Set([...LOOPBACK, shown]);
  const hosts = new Set([...names].map((name) => `${name}:${port}`));
  const origins = new Set([...hosts].map((name) => `http://${name}`));
  const anywhere = host === "0.0.0.0" || host === "::";
  const local = `http://${anywhere ? "127.0.0.1" : shown}:${port}`;
  if (!publicUrl) return { hosts, origins, secure: false, url: local };
  const outside = new URL(publicUrl);
  hosts.add(outside.host);
  origins.add(outside.origin);
  return { hosts, origins, secure: outside.protocol === "https:", url: outside.origin };
}

/**
 * The attacker is a web page in the user's own browser. DNS rebinding makes its name point here: the Host header
 * then names the attacker. A cross-site form or fetch carries the user's cookie: the Origin header names the attacker.
 */
export function guardAddresses(app: FastifyInstance, addresses: () => Addresses): void {
  app.addHook("onRequest", async (request) => {
    const known = addresses();
    const host = request.headers.host ?? "";
    if (!known.hosts.has(host.toLowerCase()))
      throw refused(`"${host.slice(0, 200)}" is not a name of this server`);
    const origin = request.headers.origin;
    if (origin !== undefined && !known.origins.has(origin.toLowerCase())) {
      throw refused(`pages of "${origin.slice(0, 200)}" may not call this server`);
    }
  });
}

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** A cookie acts only for a page of ours: SameSite=Strict already says so to browsers that keep to it. */
export function requireSameOrigin(request: FastifyRequest): void {
  if (SAFE.has(request.method)) return;
  const site = request.headers["sec-fetch-site"];
  if (request.headers.origin !== undefined && (site === undefined || site === "same-origin")) return;
  throw refused("a session cookie needs an Origin header of this server's own pages");
}

function refused(message: string): CountersignError {
  return new CountersignError("host-refused", message);
}
