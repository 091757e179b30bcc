import { type Command, Option } from "commander";
import { bind, type Shell } from "../session.js";
import { collectTag, withExamples, withLicence, withOutput, withPassphrase, withPlace } from "./shared.js";

const SUBJECT = "a directory or file, sha256:..., or a name (its newest version)";
const GATES = ["ingest", "train", "promote", "deploy", "invoke", "export"];

export function addAdmit(program: Command, shell: Shell): void {
  const verb = program
    .command("admit")
    .summary("hash, scan, sign and record a model, and say whether it may enter")
    .description(
      "Names the bytes, scans them, signs them, writes it all to the log, and asks the ingest gate.",
    )
    .argument("<path>", "the model: a file or a directory")
    .option("--name <name>", "name of the model (default: the last part of PATH)")
    .option("--origin <origin>", "where it comes from, for example https://example.com/model")
    .option("--tag <key=value>", "a tag (repeat for each)", collectTag)
    .option("--key <key>", "author's key: a name in the workspace or a file (default: author)")
    .addOption(
      new Option("--unsigned", "record it without a signature; it may not leave dev").conflicts("key"),
    );
  withLicence(verb);
  withPassphrase(verb);
  withPlace(verb);
  withOutput(verb);
  withExamples(
    verb,
    [
      "countersign admit ./model --name credit-risk --licence Apache-2.0 --origin https://example.com",
      "the usual",
    ],
    [
      "countersign admit ./model --server http://127.0.0.1:8420 --key author.key",
      "sign here, record on a server",
    ],
  );
  bind(shell, verb, async () => (await import("../actions/admit.js")).admit);
}

export function addDeclare(program: Command, shell: Shell): void {
  const verb = program
    .command("declare")
    .summary("state licence, origin or tags of a model")
    .argument("<subject>", SUBJECT)
    .option("--origin <origin>", "where it comes from")
    .option("--tag <key=value>", "a tag (repeat for each)", collectTag);
  withLicence(verb);
  withPlace(verb);
  withOutput(verb);
  withExamples(verb, [
    "countersign declare credit-risk --licence MIT --origin https://example.com",
    "both at once",
  ]);
  bind(shell, verb, async () => (await import("../actions/declare.js")).declare);
}

export function addGate(program: Command, shell: Shell): void {
  const verb = program
    .command("gate")
    .summary("ask whether an action may happen, on the record")
    .description("Exits 0 when allowed, 1 when denied, 3 when approvals are still needed.")
    .argument("<subject>", SUBJECT)
    .addOption(new Option("--gate <gate>", "the action").choices(GATES).default("promote"))
    .requiredOption("--environment <name>", "dev, staging, production or one of your own");
  withPlace(verb);
  withOutput(verb);
  withExamples(verb, [
    "countersign gate credit-risk --gate promote --environment production",
    "with reasons",
  ]);
  bind(shell, verb, async () => (await import("../actions/gate.js")).gate);
}

export function addApprove(program: Command, shell: Shell): void {
  const verb = program
    .command("approve")
    .summary("approve one action on one model, with your own key")
    .description(
      "Your key signs the digest, the action and the environment. Whoever made the model cannot approve it.",
    )
    .argument("<subject>", SUBJECT)
    .requiredOption("--environment <name>", "the environment that you approve it for")
    .addOption(new Option("--gate <gate>", "the action that you approve").choices(GATES).default("promote"))
    .addOption(new Option("--action <gate>", "the same as --gate").choices(GATES).hideHelp())
    .option("--key <key>", "your key: a name in the workspace or a file (default: approver)");
  verb.on("option:action", (value: string) => verb.setOptionValue("gate", value));
  withPassphrase(verb);
  withPlace(verb);
  withOutput(verb);
  withExamples(verb, [
    "countersign approve credit-risk --environment production --key alice",
    "signed by alice",
  ]);
  bind(shell, verb, async () => (await import("../actions/approve.js")).approve);
}

export function addPromote(program: Command, shell: Shell): void {
  const verb = program
    .command("promote")
    .summary("decide on a promotion and, when allowed, record it")
    .description("Exits 0 when promoted, 1 when denied, 3 when approvals are still needed.")
    .argument("<subject>", SUBJECT)
    .option("--to <environment>", "where it should run: staging, production, ...")
    .addOption(new Option("--environment <name>", "the same as --to").conflicts("to"));
  withPlace(verb);
  withOutput(verb);
  withExamples(
    verb,
    ["countersign promote credit-risk --to staging", "by name"],
    ["countersign promote ./model --to production", "by the bytes in a directory"],
  );
  bind(shell, verb, async () => (await import("../actions/promote.js")).promote);
}

export function addRevoke(program: Command, shell: Shell): void {
  const verb = program
    .command("revoke")
    .summary("withdraw a statement, such as an approval")
    .description("From now on the statement no longer counts; it stays on the record, marked as revoked.")
    .argument("<envelope>", "digest of the statement's envelope (countersign log entries lists them)")
    .addOption(
      new Option("--reason <reason>", "why")
        .choices(["mistake", "compromised", "superseded", "withdrawn"])
        .default("withdrawn"),
    )
    .option("--key <key>", "key that made the statement, or a revoker's (default: approver)");
  withPassphrase(verb);
  withPlace(verb);
  withOutput(verb);
  withExamples(verb, [
    "countersign revoke sha256:1f0c... --reason mistake --key approver",
    "an approval, taken back",
  ]);
  bind(shell, verb, async () => (await import("../actions/revoke.js")).revoke);
}
