import type { Command } from "commander";
import { bind, type Shell } from "../session.js";
import { wholeNumber, withExamples, withOutput, withPassphrase, withPlace } from "./shared.js";

const INDEX = wholeNumber(0, Number.MAX_SAFE_INTEGER);

export function addLog(program: Command, shell: Shell): void {
  const log = program.command("log").summary("read, check and witness the transparency log");
  addReading(log, shell);
  addChecking(log, shell);
  addWitness(log, shell);
}

function addReading(log: Command, shell: Shell): void {
  const entries = log
    .command("entries")
    .summary("list entries")
    .option("--from <index>", "first entry", INDEX, 0)
    .option("--to <index>", "entry to stop before (default: the end)", INDEX);
  const checkpoint = log.command("checkpoint").summary("print the newest signed checkpoint");
  const receipt = log
    .command("receipt")
    .summary("print an entry's receipt (.tlog-proof), which proves it without us")
    .argument("<index>", "the entry", INDEX);
  const evidence = log
    .command("evidence")
    .summary("write a decision's evidence file, for the outsider's verifier")
    .argument("<decision>", "the decision's digest")
    .requiredOption("-o, --out <file>", "the file to write");
  for (const verb of [entries, checkpoint, receipt, evidence]) {
    withPlace(verb);
    withOutput(verb);
  }
  withExamples(entries, ["countersign log entries --from 10", "from the eleventh on"]);
  withExamples(checkpoint, [
    "countersign log checkpoint > pinned.checkpoint",
    "keep it: log verify --since reads it",
  ]);
  withExamples(receipt, ["countersign log receipt 12 > 12.tlog-proof", "a proof to hand out"]);
  withExamples(evidence, [
    "countersign log evidence sha256:1f0c... --out decision.json",
    "everything to check it offline",
  ]);
  bind(shell, entries, async () => (await import("../actions/log.js")).listEntries);
  bind(shell, checkpoint, async () => (await import("../actions/log.js")).printCheckpoint);
  bind(shell, receipt, async () => (await import("../actions/log.js")).printReceipt);
  bind(shell, evidence, async () => (await import("../actions/log.js")).writeEvidence);
}

function addChecking(log: Command, shell: Shell): void {
  const audit = log
    .command("audit")
    .summary("check log, objects and database against each other; names what was touched");
  const verify = log
    .command("verify")
    .summary("check the log's signature and every hash, against a key that you pinned")
    .option("--log-vkey <vkey>", "the log's verifier key (default: the one kept in the workspace)")
    .option("--since <file>", "a checkpoint seen earlier: the log must extend it");
  for (const verb of [audit, verify]) {
    withPlace(verb);
    withOutput(verb);
  }
  withExamples(audit, ["countersign log audit", "exits 1 when anything does not agree"]);
  withExamples(verify, [
    "countersign log verify --log-vkey 'example.com/log+...' --since pinned.checkpoint",
    "no fork since",
  ]);
  bind(shell, audit, async () => (await import("../actions/log.js")).auditLog);
  bind(shell, verify, async () => (await import("../actions/verify-log.js")).verifyLog);
}

function addWitness(log: Command, shell: Shell): void {
  const witness = log
    .command("witness")
    .summary("serve a witness that cosigns checkpoints of one log")
    .description(
      "Keep it away from the log's machine: it is what notices that newest entries were taken back.",
    )
    .requiredOption("--key <file>", "the witness's private key (Ed25519)")
    .requiredOption("--log-vkey <vkey>", "verifier key of the log to watch (countersign status prints it)")
    .option("--name <name>", "the witness's name", "witness.local")
    .option("--state <dir>", "where the newest checkpoint is kept", "witness-state")
    .option("--port <port>", "port on 127.0.0.1", wholeNumber(0, 65_535), 8421);
  withPassphrase(witness);
  withExamples(witness, [
    "countersign log witness --key witness.key --log-vkey 'countersign.local/default+...'",
    "prints the line to give to countersign up",
  ]);
  bind(shell, witness, async () => (await import("../actions/witness.js")).witness);
}
