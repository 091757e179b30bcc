import { createHash, randomBytes } from "node:crypto";
import { chown, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Account, canReach, unprivilegedAccount } from "./account.js";
import { type Binaries, copyBinaries, makeExecutable } from "./binaries.js";
import { stopOrphan } from "./orphan.js";

/** Where one cluster lives and who runs it. */
export interface Place {
  binaries: Binaries;
  /** `postgres` in the data directory: password, instance, and normally the cluster. */
  home: string;
  /** PGDATA. */
  data: string;
  account: Account | undefined;
  /** Why it is not inside the data directory; "" when it is. */
  note: string;
}

const OUTSIDE = "/var/lib/countersign";

/**
 * Normally inside the data directory. Root has to hand the cluster to another account, and where that account
 * cannot pass (a clone in a private home, a directory made by mktemp), binaries and cluster stand under /var/lib: what
 * the cluster holds can be rebuilt from the log, except sessions, tokens and jobs.
 */
export async function findPlace(directory: string, packaged: Binaries): Promise<Place> {
  const home = join(resolve(directory), "postgres");
  await mkdir(home, { recursive: true, mode: 0o755 });
  const account = await unprivilegedAccount();
  if (!account) {
    await makeExecutable(packaged);
    return { binaries: packaged, home, data: join(home, "data"), account, note: "" };
  }
  const binaries = await reachableBinaries(packaged, account);
  const inside = join(home, "data");
  if (await canReach(account, inside)) {
    await ownDirectory(inside, account);
    return {
      binaries,
      home,
      data: inside,
      account,
      note: `PostgreSQL runs as ${account.name}, because it refuses root`,
    };
  }
  await mkdir(OUTSIDE, { recursive: true, mode: 0o755 });
  await sweepOutside();
  const outside = join(OUTSIDE, `cluster-${await instanceId(home)}`);
  await writeFile(`${outside}.home`, home);
  await ownDirectory(outside, account);
  const note = `PostgreSQL runs as ${account.name}, who cannot reach ${directory}; its cluster is ${outside}`;
  return { binaries, home, data: outside, account, note };
}

async function reachableBinaries(packaged: Binaries, account: Account): Promise<Binaries> {
  if (await canReach(account, join(packaged.directory, "postgres"))) {
    await makeExecutable(packaged);
    return packaged;
  }
  // By content, so that several installations share one copy and a newer version gets its own.
  const program = await readFile(join(packaged.directory, "postgres"));
  const key = createHash("sha256").update(program).digest("hex").slice(0, 12);
  const copied = await copyBinaries(packaged, join(OUTSIDE, `postgresql-${key}`));
  await makeExecutable(copied);
  return copied;
}

async function ownDirectory(path: string, account: Account): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await chown(path, account.uid, account.gid);
}

/** Removes clusters whose data directory was deleted or became another one. */
async function sweepOutside(): Promise<void> {
  for (const name of await readdir(OUTSIDE)) {
    const id = /^cluster-([0-9a-f]{16})\.home$/.exec(name)?.[1];
    if (id === undefined) continue;
    const home = await readFile(join(OUTSIDE, name), "utf8").catch(() => undefined);
    // Another server is sweeping as well.
    if (home === undefined) continue;
    const known = await readFile(join(home, "instance"), "utf8").catch(() => "");
    if (known.trim() === id) continue;
    const cluster = join(OUTSIDE, `cluster-${id}`);
    await stopOrphan(cluster, () => undefined);
    await rm(cluster, { recursive: true, force: true, maxRetries: 5 });
    await rm(join(OUTSIDE, name), { force: true });
  }
}

/** Names the data directory even when another one later stands at the same path. */
async function instanceId(home: string): Promise<string> {
  const file = join(home, "instance");
  await writeFile(file, randomBytes(8).toString("hex"), { flag: "wx", mode: 0o600 }).catch(() => undefined);
  return (await readFile(file, "utf8")).trim();
}
