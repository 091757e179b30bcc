import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CountersignError, fileFault } from "@countersign/evidence";
import { linesOf } from "./lines.js";
import { ROWS } from "./rows.js";

/** Copies every file that the copied rows name, and reads each copy through. Answers how many there are. */
export async function copyArtifacts(from: string, to: string): Promise<number> {
  const digests = await named(join(to, ROWS, "artifacts.jsonl"));
  for (const digest of digests) {
    const hex = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
    if (hex === undefined) throw broken("an artifact has no digest");
    const path = join("artifacts", "sha256", hex.slice(0, 2), hex.slice(2));
    await mkdir(dirname(join(to, path)), { recursive: true, mode: 0o700 });
    await copyFile(join(from, path), join(to, path), constants.COPYFILE_EXCL).catch((cause: unknown) => {
      throw (cause as NodeJS.ErrnoException).code === "ENOENT"
        ? broken(`the artifact ${digest} is missing`)
        : fileFault(join(from, path), cause);
    });
    if ((await digestOf(join(to, path))) !== hex) throw broken(`the artifact ${digest} was changed`);
  }
  return digests.size;
}

async function named(file: string): Promise<Set<string>> {
  const digests = new Set<string>();
  try {
    for await (const line of linesOf(file))
      digests.add(String((JSON.parse(line) as { digest?: unknown }).digest));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
  }
  return digests;
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

function broken(what: string): CountersignError {
  return new CountersignError("verification-failed", `the copy is not whole: ${what}`);
}
