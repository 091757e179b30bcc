import { type Command, InvalidArgumentError, Option } from "commander";
import type { Format } from "../terminal/output.js";

const CONNECTION = "Where:";
const RESULT = "Result:";

export interface Example {
  command: string;
  says: string;
}

const examplesOf = new WeakMap<Command, readonly Example[]>();

/** Adds examples to a verb's help, and keeps them for the reference page. */
export function withExamples(verb: Command, ...examples: [command: string, says: string][]): Command {
  const kept = examples.map(([command, says]) => ({ command, says }));
  examplesOf.set(verb, kept);
  const lines = kept.map(({ command, says }) => `  $ ${command}\n      ${says}`);
  return verb.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
}

export function examples(verb: Command): readonly Example[] {
  return examplesOf.get(verb) ?? [];
}

/** For a verb that works on a local workspace directory or through a server. */
export function withPlace(verb: Command): Command {
  return verb
    .optionsGroup(CONNECTION)
    .addOption(new Option("--server <url>", "work through this control plane").env("COUNTERSIGN_SERVER"))
    .addOption(
      new Option("--token <token>", "API token for the server (better: the variable)").env(
        "COUNTERSIGN_TOKEN",
      ),
    )
    .addOption(
      new Option(
        "--workspace-dir <dir>",
        "without a server: the local workspace (default: .countersign)",
      ).env("COUNTERSIGN_HOME"),
    );
}

/** For a verb that works through a server only. */
export function withServer(verb: Command): Command {
  return verb
    .optionsGroup(CONNECTION)
    .addOption(new Option("--server <url>", "the control plane").env("COUNTERSIGN_SERVER"))
    .addOption(
      new Option("--token <token>", "API token for the server (better: the variable)").env(
        "COUNTERSIGN_TOKEN",
      ),
    );
}

/** For a verb that works on a local workspace directory only. */
export function withDirectory(verb: Command): Command {
  return verb
    .optionsGroup(CONNECTION)
    .addOption(
      new Option("--workspace-dir <dir>", "the local workspace (default: .countersign)").env(
        "COUNTERSIGN_HOME",
      ),
    );
}

export function withOutput(verb: Command, formats: readonly Format[] = ["table", "json"]): Command {
  return verb
    .optionsGroup(RESULT)
    .addOption(new Option("--output <format>", "how to print the result").choices(formats).default("table"))
    .option("-q, --quiet", "no progress and no remarks");
}

export function withPassphrase(verb: Command): Command {
  return verb.option(
    "--passphrase-file <file>",
    "file that holds the key's passphrase (otherwise it is asked for)",
  );
}

/** `--licence`, and the other spelling without a line of help. */
export function withLicence(verb: Command): Command {
  return verb
    .option("--licence <spdx>", "licence of the model, as an SPDX identifier")
    .addOption(new Option("--license <spdx>").hideHelp())
    .on("option:license", (value: string) => verb.setOptionValue("licence", value));
}

/** Parses `--tag key=value`, which may be repeated. */
export function collectTag(value: string, previous: Record<string, string> = {}): Record<string, string> {
  const at = value.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("Write it as key=value.");
  return { ...previous, [value.slice(0, at)]: value.slice(at + 1) };
}

export function wholeNumber(minimum: number, maximum: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= minimum && number <= maximum) return number;
    throw new InvalidArgumentError(`Give a whole number from ${minimum} to ${maximum}.`);
  };
}

export function collect(value: string, previous: string[] = []): string[] {
  return [...previous, value];
}
