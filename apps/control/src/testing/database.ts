import { randomBytes } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { type Database, openDatabase } from "../database/open.js";
import { embeddedCluster } from "../postgres/embedded.js";

/** The PostgreSQL servers that this machine can test with. */
export interface Flavour {
  name: string;
  /** A database of its own, empty but for the migrations. */
  open(): Promise<TestDatabase>;
}

export interface TestDatabase extends Database {
  dispose(): Promise<void>;
}

const INSTALLED = "/usr/lib/postgresql";

export function installedBinaries(): string | undefined {
  const versions = existsSync(INSTALLED) ? readdirSync(INSTALLED) : [];
  return versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(INSTALLED, version, "bin"))
    .find((directory) => existsSync(join(directory, "initdb")) && existsSync(join(directory, "postgres")));
}

export function flavours(): Flavour[] {
  const installed = installedBinaries();
  const url = process.env.DATABASE_URL;
  if (!installed) console.warn("no installed PostgreSQL below /usr/lib/postgresql: those tests are skipped");
  if (!url) console.warn("DATABASE_URL is not set: tests on a server of yours are skipped");
  return [
    { name: "embedded", open: () => openCluster("") },
    ...(installed ? [{ name: "installed", open: () => openCluster(installed) }] : []),
    ...(url ? [{ name: "DATABASE_URL", open: () => openOn(url) }] : []),
  ];
}

async function openCluster(binaries: string): Promise<TestDatabase> {
  const directory = await mkdtemp(join(tmpdir(), "countersign-test-"));
  const quiet = () => undefined;
  const cluster = await embeddedCluster({ directory, binaries, info: quiet, warn: quiet });
  const database = await openDatabase(cluster.connection, quiet);
  return {
    ...database,
    dispose: async () => {
      await database.close();
      await cluster.stop();
      await removeCluster(directory, cluster.connection.host);
    },
  };
}

/** As root the cluster may stand outside the directory. */
export async function removeCluster(directory: string, socket: string): Promise<void> {
  await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  if (socket.startsWith("/var/lib/countersign/cluster-")) {
    await rm(socket, { recursive: true, force: true, maxRetries: 5 });
    await rm(`${socket}.home`, { force: true });
  }
}

async function openOn(url: string): Promise<TestDatabase> {
  const name = `countersign_test_${randomBytes(6).toString("hex")}`;
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const target = new URL(url);
  target.pathname = `/${name}`;
  const database = await openDatabase(target.href, () => undefined);
  return {
    ...database,
    dispose: async () => {
      await database.close();
      await admin.query(`drop database ${name} with (force)`);
      await admin.end();
    },
  };
}
