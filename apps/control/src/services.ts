import { randomUUID } from "node:crypto";
import type { Job } from "@countersign/api";
import type { Workspace } from "@countersign/workspace";
import { Access } from "./auth/access.js";
import { LoginCodes } from "./auth/login.js";
import type { Seals } from "./auth/seals.js";
import type { Config } from "./config/config.js";
import type { Database } from "./database/open.js";
import type { Datasets } from "./datasets/service.js";
import { EventHub } from "./events/hub.js";
import type { Addresses } from "./http/guard.js";
import { Idempotency } from "./http/idempotency.js";
import { toProblem } from "./http/problem.js";
import { Filters } from "./inventory/filters.js";
import { Inventory } from "./inventory/service.js";
import { jobHandlers } from "./jobs/handlers.js";
import { JobStore } from "./jobs/store.js";
import { Worker } from "./jobs/worker.js";
import { Lineage } from "./lineage/service.js";
import type { PartedUploads } from "./mlflow/artifacts/multipart.js";
import type { ArtifactStore } from "./mlflow/artifacts/store.js";
import type { Tracking } from "./mlflow/tracking.js";
import { pointersTo } from "./registry/pointing.js";
import { register } from "./registry/register.js";
import { type RegisterInput, Registry } from "./registry/registry.js";
import { dropStaged } from "./routes/uploads/staging.js";
import { createMetrics, type Metrics } from "./telemetry/metrics.js";

/** The person at the keyboard of a local installation, until people and roles come. */
export const OPERATOR = "operator";

/** What the caller of `makeServices` has opened. */
export interface Ground {
  config: Config;
  clock: () => number;
  database: Database;
  workspace: Workspace;
  /** Names the data directory. */
  instance: string;
  seals: Seals;
  /** Files of runs and logged models. */
  artifacts: ArtifactStore;
  /** Artifacts that come in parts. */
  uploads: PartedUploads;
  tracking: Tracking;
  datasets: Datasets;
  addresses: () => Addresses;
  /** Turns false when the server begins to stop. */
  accepting: () => boolean;
  /** Told of what fails where no caller waits. */
  onFault: (error: unknown) => void;
}

/** What handlers work with; made once at start. */
export interface Services extends Ground {
  access: Access;
  logins: LoginCodes;
  jobs: JobStore;
  worker: Worker;
  events: EventHub;
  idempotency: Idempotency;
  metrics: Metrics;
  inventory: Inventory;
  filters: Filters;
  lineage: Lineage;
  registry: Registry;
}

const SLOTS = 2;

export function makeServices(ground: Ground): Services {
  const { config, clock, database, workspace, seals, onFault } = ground;
  const events = new EventHub(database.db, workspace.id, clock, onFault);
  const inventory = new Inventory({ ...ground, pool: database.pool });
  const jobs = new JobStore(database.db, workspace.id, clock, seals);
  const metrics = createMetrics({
    logSize: () => workspace.size,
    activeJobs: () => worker.active,
    listeners: () => events.listeners,
  });
  const worker: Worker = new Worker({
    store: jobs,
    handlers: {
      ...jobHandlers(workspace, config.directory, inventory),
      dataset: (input, context) => ground.datasets.work(input, context),
      register: (input, context) =>
        register(registry, workspace, config.directory, input as RegisterInput, context),
    },
    leaseMs: config.jobLeaseMs,
    slots: SLOTS,
    toProblem: (error) => toProblem(error, ""),
    onChange: (job: Job) => events.publish("job", job),
    onEnd: async (job) => {
      metrics.job(job.kind, job.state);
      await registry.ended(job);
      await dropStaged(config.directory, job.id);
    },
    onFault,
  });
  const registry = new Registry({
    ...ground,
    pool: database.pool,
    jobs,
    wake: () => worker.wake(),
    server: () => ground.addresses().url,
    run: (id) => ground.tracking.runs.get(id),
  });
  return {
    ...ground,
    inventory,
    filters: new Filters(database.pool, workspace.id, clock),
    lineage: new Lineage({
      ...ground,
      pool: database.pool,
      aliasesOf: (artifacts) =>
        pointersTo({ pool: database.pool, workspace: workspace.id, gate: registry.gate }, artifacts),
    }),
    registry,
    access: new Access(database.db, clock, seals),
    logins: new LoginCodes(clock),
    jobs,
    worker,
    events,
    idempotency: new Idempotency(database.db, clock, randomUUID(), seals),
    metrics,
  };
}
