import { CountersignError } from "@countersign/evidence";
import type { FastifyRequest } from "fastify";
import type { Caller } from "../auth/access.js";
import { authenticate } from "../http/mount.js";
import type { Services } from "../services.js";

/** MLflow clients send the API token as a Bearer token (MLFLOW_TRACKING_TOKEN) or as the password of Basic. */
export async function authenticateClient(
  services: Services,
  request: FastifyRequest,
  scope: "read" | "write",
): Promise<Caller> {
  const password = passwordOf(request.headers.authorization);
  if (password !== undefined) request.headers.authorization = `Bearer ${password}`;
  const caller = await authenticate(services, request, scope);
  if (caller.workspace === services.workspace.id) return caller;
  throw new CountersignError("forbidden", "this token belongs to another workspace");
}

function passwordOf(header: string | undefined): string | undefined {
  const encoded = /^Basic ([\w+/=-]{1,1024})$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const decoded = Buffer.from(encoded, "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  return colon < 0 ? "" : decoded.slice(colon + 1);
}
