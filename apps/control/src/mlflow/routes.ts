import type { FastifyInstance } from "fastify";
import { registryEndpoints } from "../registry/endpoints.js";
import type { Services } from "../services.js";
import { artifactEndpoints } from "./artifacts/endpoints.js";
import { partEndpoints } from "./artifacts/parts.js";
import { SealedReads } from "./artifacts/reads.js";
import { experimentEndpoints } from "./experiments/endpoints.js";
import { type Endpoint, mountProtocol, mountUnknown } from "./mount.js";
import { runEndpoints } from "./runs/endpoints.js";
import { loggingEndpoints } from "./runs/logging.js";

/** Newer clients ask first what this server is. */
const serverInfo: Endpoint = {
  method: "GET",
  path: "/mlflow/server-info",
  scope: "read",
  act: async () => ({ store_type: "SqlStore", workspaces_enabled: false, multipart_uploads_enabled: true }),
};

/** What MLflow clients call, at the server's root. */
export function mountMlflow(app: FastifyInstance, services: Services): void {
  mountProtocol(app, services, [
    serverInfo,
    ...experimentEndpoints,
    ...runEndpoints,
    ...loggingEndpoints,
    ...artifactEndpoints(new SealedReads(services.artifacts, services.workspace)),
    ...partEndpoints,
    ...registryEndpoints,
  ]);
  mountUnknown(app);
}
