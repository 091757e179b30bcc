import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Experiment } from "@countersign/api";
import { CountersignError, type Digest } from "@countersign/evidence";
import { layoutOf, type Projection, type VersionDetail } from "@countersign/workspace";

/** A copy of the data directory, closed, and the database rows that stand beside it. */
interface Bench {
  directory: string;
  workspace: string;
  version: VersionDetail;
  /** In memory: what `chain` answers are the rows themselves. */
  rows: Projection;
}

export interface Trick {
  title: string;
  /** Does it, and says in sentences what was done. */
  apply(bench: Bench): Promise<string[]>;
}

export const TRICKS: Record<Experiment, Trick> = {
  "flip-byte": { title: "Flip one byte of the evidence", apply: flipByte },
  "swap-verdict": { title: "Swap the scan verdict", apply: swapVerdict },
  "delete-object": { title: "Delete the evidence file", apply: deleteObject },
  "delete-row": { title: "Delete a database row", apply: deleteRow },
  "flip-tile": { title: "Edit the log on disk", apply: flipTile },
  "truncate-log": { title: "Cut the newest entries off", apply: truncateLog },
};

/** The entry that an attacker would most like to be gone: the newest scan, else the newest of all. */
function target({ version }: Bench): { index: number; envelope: Digest; predicate: string } {
  const found = version.entries.findLast(({ predicate }) => predicate === "scan") ?? version.entries.at(-1);
  if (found) return found;
  throw new CountersignError("not-found", "there is nothing on record to cheat with");
}

function objectPath({ directory }: Bench, digest: Digest): string {
  return join(layoutOf(directory).objects, "sha256", digest.slice(7, 9), digest.slice(9));
}

async function flipByte(bench: Bench): Promise<string[]> {
  const { envelope, predicate, index } = target(bench);
  const path = objectPath(bench, envelope);
  const bytes = await readFile(path);
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(path, bytes);
  return [
    `Took the ${predicate} of entry ${index}, stored as ${envelope}.`,
    `Flipped the lowest bit of byte ${at} of ${bytes.length}.`,
  ];
}

async function swapVerdict(bench: Bench): Promise<string[]> {
  const { envelope, index } = target(bench);
  const path = objectPath(bench, envelope);
  const parsed = JSON.parse(await readFile(path, "utf8")) as { payload: string };
  const statement = Buffer.from(parsed.payload, "base64").toString("utf8");
  const softened = statement.replaceAll(
    /"verdict":"(malicious|suspicious|incomplete)"/g,
    '"verdict":"clean"',
  );
  const changed =
    softened === statement ? statement.replaceAll('"verdict":"clean"', '"verdict":"malicious"') : softened;
  await writeFile(path, JSON.stringify({ ...parsed, payload: Buffer.from(changed).toString("base64") }));
  return [
    `Opened the scan of entry ${index}.`,
    `Changed its verdict to ${softened === statement ? "malicious" : "clean"} and left the old signature in place.`,
    `Stored it under the same name, ${envelope}.`,
  ];
}

async function deleteObject(bench: Bench): Promise<string[]> {
  const { envelope, predicate, index } = target(bench);
  await rm(objectPath(bench, envelope));
  return [`Deleted ${envelope}, the ${predicate} of entry ${index}, and wrote no tombstone.`];
}

async function deleteRow(bench: Bench): Promise<string[]> {
  const { index, predicate } = target(bench);
  const chain = await bench.rows.chain(bench.workspace, bench.version.artifact);
  const at = chain.findIndex((row) => row.index === index);
  chain.splice(at, 1);
  return [
    `DELETE FROM entries WHERE subject = '${bench.version.artifact}' AND index = ${index}`,
    `The ${predicate} is gone from the database; ${chain.length} rows about this artifact remain.`,
  ];
}

async function flipTile(bench: Bench): Promise<string[]> {
  const { path, bytes } = await newestTile(bench);
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(join(layoutOf(bench.directory).log, path), bytes);
  return [`Flipped the lowest bit of byte ${at} of the log's ${path}.`];
}

async function truncateLog(bench: Bench): Promise<string[]> {
  const { path, bytes } = await newestTile(bench);
  await rm(join(layoutOf(bench.directory).log, path));
  return [`Deleted the log's newest bundle of entries, ${path} (${bytes.length} bytes).`];
}

async function newestTile({ directory }: Bench): Promise<{ path: string; bytes: Buffer }> {
  const root = layoutOf(directory).log;
  const names = await readdir(join(root, "tile", "entries"), { recursive: true });
  const newest = names
    .filter((name) => /\d$/.test(name) && !/x\d{3}$/.test(name))
    .sort((a, b) => lastEntry(b) - lastEntry(a))[0];
  if (newest === undefined) throw new CountersignError("log-unavailable", "the log has no tile yet");
  const path = join("tile", "entries", newest);
  return { path, bytes: await readFile(join(root, path)) };
}

/** How many entries the log had when it wrote this bundle: `x001/067` holds 256 of them, `x001/067.p/8` eight. */
function lastEntry(name: string): number {
  const [index = "", width] = name.split(/\.p(?:[\\/]|$)/);
  const place = Number(index.replace(/[^\d]/g, ""));
  return place * 256 + (width === undefined ? 256 : Number(width));
}
