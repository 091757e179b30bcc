import type { Problem } from "@countersign/api";
import type { Workspace } from "@countersign/workspace";
import type { Access } from "./auth/access.js";
import type { LoginCodes } from "./auth/login.js";
import type { Config } from "./config/config.js";
import type { Database } from "./database/open.js";
import type { EventHub } from "./events/hub.js";
import type { Addresses } from "./http/guard.js";
import type { Idempotency } from "./http/idempotency.js";
import type { JobStore } from "./jobs/store.js";
import type { Worker } from "./jobs/worker.js";
import type { Metrics } from "./telemetry/metrics.js";

/** What handlers work with; made once at start. */
export interface Services {
  config: Config;
  clock: () => number;
  database: Database;
  workspace: Workspace;
  access: Access;
  logins: LoginCodes;
  jobs: JobStore;
  worker: Worker;
  events: EventHub;
  idempotency: Idempotency;
  metrics: Metrics;
  addresses: () => Addresses;
  toProblem: (error: unknown) => Problem;
  /** Turns false when the server begins to stop. */
  accepting: () => boolean;
}
