import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Names this data directory for as long as it lives. A restored one gets another name, and its rows are rebuilt. */
export async function instanceOf(directory: string): Promise<string> {
  const file = join(directory, "instance");
  await writeFile(file, `${randomBytes(16).toString("hex")}\n`, {
    flag: "wx",
    mode: 0o600,
    flush: true,
  }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "EEXIST") throw cause;
  });
  return (await readFile(file, "utf8")).trim();
}

/** Root keeps the directory passable, because PostgreSQL runs below it as another account; keys are 0600 anyway. */
export async function makeDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
}
