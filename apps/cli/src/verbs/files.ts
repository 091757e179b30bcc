import { type Command, InvalidArgumentError, Option } from "commander";
import { bind, type Shell } from "../session.js";
import { collect, wholeNumber, withExamples, withOutput, withPassphrase, withPlace } from "./shared.js";

export function addScan(program: Command, shell: Shell): void {
  const verb = program
    .command("scan")
    .summary("read model files for danger, without running them")
    .description(
      "Reads every file below each PATH without running any of it, in child processes with limits.\n" +
        "Exits 0 when every file is clean, 1 when one is malicious, suspicious, or could not be read whole (incomplete), 2 when the scan itself failed.",
    )
    .argument(
      "<path...>",
      "files, directories, quoted patterns such as 'models/**/*.pkl', http(s)://, hf://, s3://, models:/ or runs:/ addresses; - is standard input",
    )
    .option("--exclude <pattern>", "leave out what fits: *.md, docs, sub/*.bin (repeat for each)", collect)
    .option("--follow-links", "follow symbolic links that lead out of PATH")
    .option("--workers <n>", "files to scan at once", wholeNumber(1, 64))
    .option("--timeout <seconds>", "for one file, before it is incomplete", wholeNumber(1, 86_400))
    .option(
      "--limit <name=number>",
      "another limit for one file, such as entries=1000000 (repeat for each)",
      collectLimit,
    )
    .addOption(
      new Option(
        "--use <use>",
        "what the model is for; a licence that does not allow it is a finding",
      ).choices(["commercial", "research", "internal"]),
    )
    .option(
      "--known-bad <file>",
      "a list of bad files and members: lines of SHA-256, name and reason, CSV or JSON",
    )
    .addOption(
      new Option(
        "--weights <amount>",
        "how much of the tensors to look at (default: a sample of 8 MiB)",
      ).choices(["sample", "full", "off"]),
    )
    .option("--baseline <file>", "findings that somebody accepted, with owner, reason and expiry (JSON)")
    .option("--write-baseline <file>", "write a baseline to fill in from what is found");
  withOutput(verb, ["table", "json", "sarif", "junit", "cyclonedx"]);
  withExamples(
    verb,
    ["countersign scan ./model", "every file that is not clean, worst first, with what it would have done"],
    ["countersign scan 'models/**/*.pkl' old.pt --exclude drafts", "a pattern (quoted), and one more file"],
    ["countersign scan --output sarif ./model > scan.sarif", "for a code-scanning page"],
    ["countersign scan --output json model.pkl | jq .verdict", "one word for a script"],
    [
      "countersign scan hf://owner/name@main",
      "a repository, reading only what it needs (HF_TOKEN, HF_ENDPOINT)",
    ],
    [
      "countersign scan s3://models/credit-risk/",
      "with the AWS_ variables (AWS_NO_SIGN_REQUEST=YES for a public bucket); models:/name/1 with MLFLOW_TRACKING_URI",
    ],
    ["curl -s https://example.com/model.pkl | countersign scan -", "before it is a file anywhere"],
    ["countersign scan ./model --use commercial --known-bad bad.txt", "with your list, and the licence"],
    [
      "countersign scan ./model --write-baseline accepted.json",
      "a list of what is found, for owners to sign",
    ],
    ["countersign scan ./model --baseline accepted.json", "all but what was accepted, while it is"],
  );
  bind(shell, verb, async () => (await import("../actions/scan.js")).scan);
}

/** Parses `--limit name=number`, which may be repeated; the action knows the names. */
function collectLimit(value: string, previous: Record<string, number> = {}): Record<string, number> {
  const [, name, number] = /^([A-Za-z]+)=(\d{1,15})$/.exec(value) ?? [];
  if (name === undefined) throw new InvalidArgumentError("Write it as name=number, such as entries=1000000.");
  return { ...previous, [name]: Number(number) };
}

export function addRules(program: Command, shell: Shell): void {
  const verb = program
    .command("rules")
    .summary("explain what a scan can find")
    .description(
      "Lists the scanner's rules; with RULE, says what happens if such a file is loaded, what to do, and where to read more.",
    )
    .argument("[rule]", "a rule's name, as in a finding");
  withOutput(verb);
  withExamples(
    verb,
    ["countersign rules", "all rules with their severity"],
    ["countersign rules pickle-dangerous-call", "the page of one rule"],
  );
  bind(shell, verb, async () => (await import("../actions/rules.js")).rules);
}

export function addSign(program: Command, shell: Shell): void {
  const verb = program
    .command("sign")
    .summary("sign a model (OpenSSF Model Signing v1.0)")
    .description(
      "Hashes every file below PATH and signs the list. The result is a Sigstore bundle that any OMS tool reads.",
    )
    .argument("<path>", "the model: a file or a directory; with --record also sha256:... of one on record")
    .requiredOption("--key <file>", "private key in PEM; with --record also a name in the workspace")
    .addOption(
      new Option("--method <method>", "how the signer is named")
        .choices(["key", "certificate"])
        .default("key"),
    )
    .option("--signing-cert <file>", "with --method certificate: the signer's certificate")
    .option(
      "--cert-chain <file>",
      "with --method certificate: an issuing certificate (repeat for each)",
      collect,
    )
    .option("-o, --out <file>", "where the signature goes (default: PATH.sig beside the model)")
    .option("--ignore-paths <path>", "leave this path inside the model out (repeat for each)", collect)
    .option("--record", "put the signature on the record too, where the model is admitted")
    .option("--no-cache", "hash every file again, even when it looks unchanged");
  withPassphrase(verb);
  withPlace(verb);
  withOutput(verb);
  withExamples(
    verb,
    ["countersign sign ./model --key release.key", "writes ./model.sig"],
    [
      "countersign sign ./model --key leaf.key --method certificate --signing-cert leaf.pem --cert-chain ca.pem",
      "names the signer by a certificate",
    ],
    [
      "countersign sign sha256:1f0c... --record --key author.key",
      "what an MLflow client registered, without its files",
    ],
  );
  bind(shell, verb, async () => (await import("../actions/sign.js")).sign);
}

export function addVerify(program: Command, shell: Shell): void {
  const verb = program
    .command("verify")
    .summary("check a model's signature, offline")
    .description(
      "Checks that PATH holds exactly the files that were signed, and who signed them. With --bundle: checks a plain\n" +
        "Sigstore bundle over the file PATH. Exits 1 when it does not hold.",
    )
    .argument("<path>", "the model, or the file that the bundle is about")
    .option("--signature <file>", "the OMS signature (default: PATH.sig)")
    .option("--bundle <file>", "a plain Sigstore bundle over one file")
    .optionsGroup("Signer (one of):")
    .option("--key <file>", "public key in PEM")
    .option("--cert-chain <file>", "trusted certificate (repeat for each)", collect)
    .option("--identity <name>", "identity in a Sigstore certificate, with --identity-provider")
    .option("--identity-provider <url>", "issuer of that identity")
    .optionsGroup("Options:")
    .option("--trust-root <file>", "Sigstore trusted root (default: the one that is pinned here)")
    .option("--ignore-paths <path>", "leave this path inside the model out (repeat for each)", collect)
    .option("--ignore-unsigned-files", "accept files that the signature does not name");
  withOutput(verb);
  withExamples(
    verb,
    ["countersign verify ./model --key release.pub", "against ./model.sig"],
    [
      "countersign verify ./model --signature m.sig --identity ci@example.com --identity-provider https://accounts.example.com",
      "a keyless signature",
    ],
    ["countersign verify artifact.txt --bundle artifact.sigstore.json --key release.pub", "a plain bundle"],
  );
  bind(shell, verb, async () => (await import("../actions/verify.js")).verify);
}
