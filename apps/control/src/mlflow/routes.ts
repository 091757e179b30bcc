import type { FastifyInstance } from "fastify";
import type { Services } from "../services.js";
import { mountProtocol, mountUnknown } from "./mount.js";

/** What MLflow clients call, at the server's root. */
export function mountMlflow(app: FastifyInstance, services: Services): void {
  mountProtocol(app, services, []);
  mountUnknown(app);
}
