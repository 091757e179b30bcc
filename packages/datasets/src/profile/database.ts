import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { literal } from "./sql.js";

export interface Walls {
  threads: number;
  memoryMegabytes: number;
  /** The only files that may be opened or written. */
  paths: readonly string[];
}

/**
 * A database in memory that can reach the named files and nothing else: no other file, no network, no extension, no setting.
 * The files that it reads are hostile, so it lives in a process of its own as well.
 */
export async function openDatabase({ threads, memoryMegabytes, paths }: Walls): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(":memory:", {
    threads: String(threads),
    memory_limit: `${memoryMegabytes}MB`,
    temp_directory: "",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    allow_community_extensions: "false",
    allow_unsigned_extensions: "false",
    allow_persistent_secrets: "false",
    preserve_insertion_order: "true",
  });
  const connection = await instance.connect();
  await connection.run("set TimeZone = 'UTC'");
  await connection.run(`set allowed_paths = [${paths.map(literal).join(", ")}]`);
  await connection.run("set enable_external_access = false");
  await connection.run("set lock_configuration = true");
  return connection;
}

export async function ask(connection: DuckDBConnection, sql: string): Promise<Record<string, unknown>[]> {
  const answer = await connection.runAndReadAll(sql);
  return answer.getRowObjectsJS() as Record<string, unknown>[];
}

/** The first line of what DuckDB says, without the names that we gave to links. */
export function whatFailed(error: unknown, directory: string): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text.split("\n").find((part) => part.trim() !== "") ?? "unknown fault";
  return line.replaceAll(`${directory}/`, "").slice(0, 300);
}
