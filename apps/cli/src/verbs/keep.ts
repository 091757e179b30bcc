import type { Command } from "commander";
import { bind, type Shell } from "../session.js";
import { withDirectory, withExamples, withOutput } from "./shared.js";

export function addBackup(program: Command, shell: Shell): void {
  const verb = program
    .command("backup")
    .summary("copy a workspace so that it can be restored")
    .description(
      "Copies log, objects, trust root, policies and keys. Guard the copy as you guard the keys in it.",
    )
    .requiredOption("--to <path>", "new directory for the copy")
    .option("--data <dir>", "data directory of a stopped server (default: the local workspace)");
  withDirectory(verb);
  withOutput(verb);
  withExamples(verb, ["countersign backup --to ./backup-2026-01-31", "then: countersign restore --from ..."]);
  bind(shell, verb, async () => (await import("../actions/backup.js")).backup);
}

export function addRestore(program: Command, shell: Shell): void {
  const verb = program
    .command("restore")
    .summary("bring a backup back, after checking it")
    .description(
      "The backup's log is checked entry by entry first. A directory that holds anything is never overwritten.",
    )
    .requiredOption("--from <path>", "the backup")
    .requiredOption("--data <dir>", "new data directory")
    .option("--checkpoint <file>", "newest checkpoint that you know of: an older backup is refused");
  withOutput(verb);
  withExamples(verb, [
    "countersign restore --from ./backup-2026-01-31 --data ./countersign-data",
    "into a new place",
  ]);
  bind(shell, verb, async () => (await import("../actions/restore.js")).restore);
}
