import type { Command } from "commander";
import { bind, type Shell } from "../session.js";
import { withDirectory, withExamples, withOutput } from "./shared.js";

export function addBackup(program: Command, shell: Shell): void {
  const verb = program
    .command("backup")
    .summary("copy a workspace so that it can be restored")
    .description(
      "Copies log, objects, trust root, policies, keys, runs, registered models and artifacts, and checks the copy.\n" +
        "A server may go on working meanwhile. " +
        "Guard the copy as you guard the keys in it.",
    )
    .requiredOption("--to <dir>", "new directory for the copy")
    .option("--data <dir>", "data directory of a server on this machine (default: the local workspace)")
    .option(
      "--database-url <url>",
      "that server's PostgreSQL, if not the embedded one (better: DATABASE_URL)",
    )
    .option("--no-keys", "leave the private keys out");
  withDirectory(verb);
  withOutput(verb);
  withExamples(
    verb,
    ["countersign backup --to ./backup-2026-01-31", "the local workspace"],
    [
      "countersign backup --data ./countersign-data --to ./backup-2026-01-31 --no-keys",
      "a server's, without its keys",
    ],
  );
  bind(shell, verb, async () => (await import("../actions/backup.js")).backup);
}

export function addRestore(program: Command, shell: Shell): void {
  const verb = program
    .command("restore")
    .summary("bring a backup back, after checking it")
    .description("Reads all of the backup first. A directory that holds anything is never overwritten.")
    .requiredOption("--from <dir>", "the backup")
    .requiredOption("--data <dir>", "new data directory")
    .option("--checkpoint <file>", "newest checkpoint that anybody saw: an older backup is refused")
    .option("--new-origin", "take an older backup all the same, and begin a new log with its entries");
  withOutput(verb);
  withExamples(
    verb,
    ["countersign restore --from ./backup-2026-01-31 --data ./countersign-data", "into a new place"],
    [
      "countersign restore --from ./backup-2026-01-31 --data ./new --checkpoint seen.checkpoint --new-origin",
      "when newer entries are lost for good",
    ],
  );
  bind(shell, verb, async () => (await import("../actions/restore.js")).restore);
}
