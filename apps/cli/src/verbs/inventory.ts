import type { Command } from "commander";
import { bind, type Shell } from "../session.js";
import { collect, collectTag, wholeNumber, withExamples, withOutput, withServer } from "./shared.js";

const KIND = "model, dataset, run, code, prompt, endpoint, vendor, service, hardware, image or system";

export function addApply(program: Command, shell: Shell): void {
  const verb = program
    .command("apply")
    .summary("put documents of the inventory into force")
    .description(
      "Puts documents of the inventory into force. What is in force already is left alone. Their tags are declared on every version of the asset, where gates read them. Circles and references that lead nowhere are reported.",
    )
    .requiredOption("-f, --file <path>", "YAML or JSON file, directory, or - (may be repeated)", collect)
    .option("--dry-run", "say what would change, and change nothing")
    .option("--prune", "delete what the server has and the files do not");
  withServer(verb);
  withOutput(verb);
  withExamples(
    verb,
    ["countersign apply -f inventory/", "every document below a directory"],
    ["countersign apply -f model.yaml --dry-run", "what would change"],
  );
  bind(shell, verb, async () => (await import("../actions/apply.js")).apply);
}

export function addDiff(program: Command, shell: Shell): void {
  const verb = program
    .command("diff")
    .summary("compare documents with what is in force; exits 1 when they differ")
    .requiredOption("-f, --file <path>", "YAML or JSON file, directory, or - (may be repeated)", collect)
    .option("--prune", "what the server has and the files do not counts as well");
  withServer(verb);
  withOutput(verb);
  withExamples(verb, ["countersign diff -f inventory/ --prune", "in CI: has anybody changed it by hand?"]);
  bind(shell, verb, async () => (await import("../actions/apply.js")).diff);
}

export function addGet(program: Command, shell: Shell): void {
  const verb = program
    .command("get")
    .summary("list, search or show assets; concentration of suppliers; a schema")
    .description(
      "Lists or searches the inventory, or shows one asset. `get concentration` tells how much rests on each supplier and what has no other; `get schema KIND` prints the JSON Schema of a kind's documents and needs no server.",
    )
    .argument("[kind]", `${KIND}; or concentration, or schema`)
    .argument("[name]", "one asset")
    .option(
      "--query <words>",
      "beginnings of words of name, title, owner or labels; or of a version's digest",
    )
    .option("--tag <key=value>", "only with this tag (may be repeated)", oneTag)
    .option("--owner <owner>", "only of this owner")
    .option("--undeclared", "only what has versions and no document")
    .option("--limit <count>", "at most so many", wholeNumber(1, 100_000), 200);
  withServer(verb);
  withOutput(verb, ["table", "json", "yaml"]);
  withExamples(
    verb,
    ["countersign get models --query credit --tag sensitivity=restricted", "search"],
    ["countersign get model credit-risk --output yaml", "one document, as apply reads it"],
    ["countersign get concentration", "single points of supply"],
  );
  bind(shell, verb, async () => (await import("../actions/get.js")).get);
}

const oneTag = (value: string, previous: string[] = []): string[] => {
  collectTag(value);
  return [...previous, value];
};

export function addDelete(program: Command, shell: Shell): void {
  const verb = program
    .command("delete")
    .summary("take documents out of force; versions, history and what was declared stay")
    .argument("[kind]", KIND)
    .argument("[name]", "the asset")
    .option("-f, --file <path>", "the assets that these files describe (may be repeated)", collect);
  withServer(verb);
  withOutput(verb);
  withExamples(verb, ["countersign delete endpoint scoring-eu", "says who still refers to it"]);
  bind(shell, verb, async () => (await import("../actions/delete.js")).remove);
}

export function addExport(program: Command, shell: Shell): void {
  const verb = program
    .command("export")
    .summary("write the documents in force, as apply reads them")
    .argument("[kind]", KIND)
    .option("-o, --out <dir>", "one file each into this directory, with the schemas for editors");
  withServer(verb);
  withOutput(verb, ["table", "json"]);
  withExamples(
    verb,
    ["countersign export --out inventory", "a directory to keep under version control"],
    ["countersign export vendor > vendors.yaml", "one kind, in one file"],
  );
  bind(shell, verb, async () => (await import("../actions/export.js")).exportDocuments);
}
