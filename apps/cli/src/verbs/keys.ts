import { type Command, Option } from "commander";
import { bind, type Shell } from "../session.js";
import { wholeNumber, withDirectory, withExamples, withOutput, withPassphrase, withPlace } from "./shared.js";

const ALGORITHMS = ["ecdsa-p256", "ecdsa-p384", "ecdsa-p521", "ed25519"];

export function addKeys(program: Command, shell: Shell): void {
  const keys = program.command("keys").summary("make, show and replace keys");
  addMaking(keys, shell);
  addReading(keys, shell);
  const compromise = keys
    .command("compromise")
    .summary("declare a key compromised from a log index on; entries before it stand")
    .argument("<key-id>", "sha256:... (countersign keys list shows it)")
    .requiredOption(
      "--from <index>",
      "first entry that no longer counts",
      wholeNumber(0, Number.MAX_SAFE_INTEGER),
    )
    .option("--root-key <key>", "the root key: a name in the workspace or a file", "root");
  withPassphrase(compromise);
  withPlace(compromise);
  withOutput(compromise);
  withExamples(compromise, [
    "countersign keys compromise sha256:9ab4... --from 120",
    "what it signed before 120 stays",
  ]);
  bind(shell, compromise, async () => (await import("../actions/trust.js")).compromiseKey);
}

function addMaking(keys: Command, shell: Shell): void {
  const create = keys
    .command("create")
    .summary("make a key pair")
    .argument("<name>", "name of the key")
    .addOption(new Option("--algorithm <algorithm>", "kind of key").choices(ALGORITHMS).default("ecdsa-p256"))
    .option(
      "-o, --out <file>",
      "write the private key here and the public one to FILE.pub (default: in the workspace)",
    )
    .option("--passphrase", "ask for a passphrase and encrypt the private key");
  const rotate = keys
    .command("rotate")
    .summary("replace a key of the workspace; what the old one signed stands")
    .argument("<name>", "name of the key");
  for (const verb of [create, rotate]) {
    withPassphrase(verb);
    withDirectory(verb);
    withOutput(verb);
  }
  withExamples(
    create,
    ["countersign keys create release --out release.key", "release.key (0600) and release.key.pub"],
    ["countersign keys create alice --passphrase", "asks for a passphrase, without echo"],
  );
  withExamples(rotate, ["countersign keys rotate author", "the trust root moves with it"]);
  bind(shell, create, async () => (await import("../actions/keys.js")).createKey);
  bind(shell, rotate, async () => (await import("../actions/keys.js")).rotateKey);
}

function addReading(keys: Command, shell: Shell): void {
  const list = keys.command("list").summary("keys of the workspace, and whether they are encrypted");
  const show = keys
    .command("show")
    .summary("print a key's id and its public half")
    .argument("<key>", "a name in the workspace, or a file with a public or private key");
  for (const verb of [list, show]) {
    withDirectory(verb);
    withOutput(verb);
  }
  withExamples(list, ["countersign keys list", "names, ids and kinds"]);
  withExamples(show, ["countersign keys show approver", "to hand to whoever keeps the trust root"]);
  bind(shell, list, async () => (await import("../actions/keys.js")).listKeys);
  bind(shell, show, async () => (await import("../actions/keys.js")).showKey);
}
