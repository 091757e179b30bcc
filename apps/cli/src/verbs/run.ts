import type { Command } from "commander";
import { bind, type Shell } from "../session.js";
import { wholeNumber, withExamples, withOutput, withPlace } from "./shared.js";

export function addUp(program: Command, shell: Shell): void {
  const verb = program
    .command("up")
    .summary("start the control plane and the console")
    .description(
      "Starts on this machine alone (127.0.0.1), with its own database unless one is given. Ctrl-C stops it.",
    )
    .option("--port <port>", "port to listen on; 0 takes a free one (default: 8420)", wholeNumber(0, 65_535))
    .option("--data <dir>", "data directory (default: countersign-data)")
    .option("--database-url <url>", "a PostgreSQL server instead of the embedded one (better: DATABASE_URL)")
    .option("--witness <url>", "witness that cosigns the log's checkpoints")
    .option("--witness-key <vkey>", "that witness's verifier key")
    .option("--no-example", "do not load the example workspace on the first run")
    .option("-q, --quiet", "print the address and nothing else");
  withExamples(
    verb,
    ["countersign up", "then open the login link that it prints"],
    ["countersign up --port 9000 --data /srv/countersign --no-example", "for real use"],
  );
  bind(shell, verb, async () => (await import("../actions/up.js")).up);
}

export function addStatus(program: Command, shell: Shell): void {
  const verb = program
    .command("status")
    .summary("what was admitted, refused and waits, and how the log stands");
  withPlace(verb);
  withOutput(verb);
  withExamples(
    verb,
    ["countersign status", "the local workspace"],
    ["countersign status --server http://127.0.0.1:8420 --output json", "a server's, for a script"],
  );
  bind(shell, verb, async () => (await import("../actions/status.js")).status);
}
