import type { NewToken, Scope } from "@countersign/api";
import { CountersignError } from "@countersign/evidence";
import { openWorkspace, type WitnessConfig, type Workspace } from "@countersign/workspace";
import type { FastifyInstance } from "fastify";
import { openSeals } from "./auth/seals.js";
import { loadRows } from "./backup/load.js";
import type { Config } from "./config/config.js";
import { type Database, openDatabase } from "./database/open.js";
import { openDatasets } from "./datasets/open.js";
import { publishEntries } from "./events/record.js";
import { serveConsole } from "./http/console.js";
import { type Addresses, addressesOf } from "./http/guard.js";
import { createServer } from "./http/server.js";
import { buildVersion } from "./http/version.js";
import { instanceOf, makeDirectory } from "./instance.js";
import { queueExample, resumeJobs } from "./jobs/begin.js";
import { lockDirectory } from "./lock.js";
import { openArtifacts } from "./mlflow/artifacts/open.js";
import { openTracking } from "./mlflow/tracking.js";
import { embeddedCluster } from "./postgres/embedded.js";
import { postgresProjection } from "./projection/projection.js";
import { mountRoutes } from "./routes/table.js";
import { makeServices, OPERATOR, type Services } from "./services.js";
import { Teardown } from "./teardown.js";

export interface Control {
  url: string;
  /** Opens a session once, within ten minutes. */
  loginUrl: string;
  newLoginUrl(): string;
  newToken(input: { label: string; scope: Scope; principal?: string; days?: number }): Promise<NewToken>;
  readonly workspace: Workspace;
  readonly database: Database;
  /** Answers what has begun, gives unfinished jobs back, and stops the database. */
  close(): Promise<void>;
}

export interface StartOptions {
  /** Milliseconds since the epoch. */
  clock?: () => number;
  /** Where log lines go; the standard output when absent. */
  destination?: { write(line: string): void };
}

/** Starts the control plane on a data directory; resolves once it is usable. */
export async function startControl(config: Config, options: StartOptions = {}): Promise<Control> {
  const teardown = new Teardown();
  try {
    return await start(config, options, teardown);
  } catch (error) {
    await teardown.run().catch(() => undefined);
    throw error;
  }
}

async function start(config: Config, options: StartOptions, teardown: Teardown): Promise<Control> {
  const { clock = Date.now, destination } = options;
  let addresses: Addresses = addressesOf(config.host, config.port, config.publicUrl);
  let accepting = true;
  await makeDirectory(config.directory);
  const lock = await lockDirectory(config.directory);
  teardown.add(() => lock.release());
  const version = buildVersion();
  const app = await createServer({
    config,
    version,
    addresses: () => addresses,
    accepting: () => accepting,
    ...(destination ? { destination } : {}),
  });
  const database = await openStore(config, app, teardown);
  await loadRows(database.pool, config.workspace, config.directory, (line) => app.log.warn(line));
  const workspace = await openRecord(config, clock, database, app, teardown);
  const onFault = (error: unknown): void => app.log.error({ err: error }, "fault");
  const instance = await instanceOf(config.directory);
  const { pool } = database;
  const datasets = await openDatasets({ config, workspace, pool, instance, clock, onFault });
  teardown.add(() => datasets.close());
  const services = makeServices({
    config,
    clock,
    database,
    workspace,
    instance,
    seals: await openSeals(config.directory),
    ...(await openArtifacts(config, database.pool, clock)),
    datasets,
    tracking: await openTracking({ workspace: config.workspace, pool: database.pool, clock }),
    addresses: () => addresses,
    accepting: () => accepting,
    onFault,
  });
  teardown.add(publishEntries(workspace, services.events, services.metrics));
  teardown.add(() => services.inventory.close());
  teardown.add(() => services.lineage.close());
  teardown.add(() => services.worker.stop(config.drainMs));
  const streams = mountRoutes(app, services, version);
  await serveConsole(app, config.console);
  teardown.add(() => closeServer(app, config.drainMs));
  teardown.add(() => {
    accepting = false;
    streams.close();
  });
  await listen(app, config);
  addresses = addressesOf(config.host, portOf(app), config.publicUrl);
  services.inventory.start();
  services.lineage.start();
  await services.registry.resume();
  teardown.add(() => services.registry.close());
  teardown.add(await resumeJobs(services));
  if (config.example) await queueExample(services);
  return controlOf(services, teardown);
}

async function openStore(config: Config, app: FastifyInstance, teardown: Teardown): Promise<Database> {
  let target: Parameters<typeof openDatabase>[0] = config.databaseUrl;
  if (!config.databaseUrl) {
    const cluster = await embeddedCluster({
      directory: config.directory,
      binaries: config.postgresBinaries,
      info: (line) => app.log.info(line),
      warn: (line) => app.log.warn(line),
    });
    teardown.add(() => cluster.stop());
    target = cluster.connection;
  }
  const database = await openDatabase(target, (error) =>
    app.log.error({ err: error }, "database connection"),
  );
  teardown.add(() => database.close());
  return database;
}

async function openRecord(
  config: Config,
  clock: () => number,
  database: Database,
  app: FastifyInstance,
  teardown: Teardown,
): Promise<Workspace> {
  const instance = await instanceOf(config.directory);
  const workspace = await openWorkspace({
    directory: config.directory,
    workspace: config.workspace,
    clock,
    projection: postgresProjection(database.pool, config.workspace, instance),
    warn: (line) => app.log.warn(line),
    ...(config.policies ? { policies: config.policies } : {}),
    ...(config.witness ? { witnesses: [witnessOf(config.witness)] } : {}),
  });
  teardown.add(() => workspace.close());
  return workspace;
}

function witnessOf(setting: string): WitnessConfig {
  const [url = "", ...vkey] = setting.split(" ");
  return { url, vkey: vkey.join(" ") };
}

async function listen(app: FastifyInstance, { host, port }: Config): Promise<void> {
  await app.listen({ host, port }).catch((cause: NodeJS.ErrnoException) => {
    const why = PORT_FAULTS[cause.code ?? ""];
    if (why === undefined) throw cause;
    throw new CountersignError(
      "config-invalid",
      `Nothing can listen on ${host}:${port}: ${why}. Choose another with --port, or COUNTERSIGN_HOST.`,
      { cause },
    );
  });
}

const PORT_FAULTS: Record<string, string> = {
  EADDRINUSE: "another program uses that port",
  EACCES: "this user may not use that port",
  EADDRNOTAVAIL: "this machine does not have that address",
};

function closeServer(app: FastifyInstance, patienceMs: number): Promise<void> {
  // Who still uploads by then is cut off: the client sees a broken connection and may try again.
  const timer = setTimeout(() => app.server.closeAllConnections(), patienceMs);
  return app.close().finally(() => clearTimeout(timer));
}

function portOf(app: FastifyInstance): number {
  const address = app.server.address();
  return typeof address === "object" && address ? address.port : 0;
}

function controlOf(services: Services, teardown: Teardown): Control {
  const { access, addresses, logins, workspace } = services;
  const { url } = addresses();
  const newLoginUrl = () => `${url}/#code=${logins.create()}`;
  return {
    url,
    loginUrl: newLoginUrl(),
    newLoginUrl,
    newToken: ({ principal = OPERATOR, days = 30, ...input }) =>
      access.createToken({ ...input, principal, days, workspace: workspace.id }),
    workspace,
    database: services.database,
    close: () => teardown.run(),
  };
}
