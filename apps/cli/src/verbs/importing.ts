import type { Command } from "commander";
import { bind, type Shell } from "../session.js";
import { withExamples, withOutput, withPassphrase, withServer } from "./shared.js";

export function addImport(program: Command, shell: Shell): void {
  const verb = program
    .command("import")
    .summary("take over what other registries, repositories and BOMs know")
    .description(
      "Makes documents and lineage of what it finds and applies them to a server. Doing it again changes nothing; what people declared stays. Secrets come from the environment and are sent to their own server only.",
    );
  addMlflow(verb, shell);
  addSageMaker(verb, shell);
  addAzure(verb, shell);
  addHuggingFace(verb, shell);
  addCycloneDx(verb, shell);
  addFolder(verb, shell);
}

function addMlflow(parent: Command, shell: Shell): void {
  const verb = parent
    .command("mlflow")
    .summary("registered models, versions, aliases, runs and datasets of an MLflow server")
    .argument("<url>", "the tracking server, such as http://mlflow.example:5000")
    .option("--all-runs", "every run of every experiment, not only those that made a version");
  finish(verb, "one registered model only", true);
  withExamples(
    verb,
    ["countersign import mlflow http://127.0.0.1:5000 --dry-run", "what would be made"],
    ["MLFLOW_TRACKING_TOKEN=... countersign import mlflow https://mlflow.example", "with a token"],
  );
  bind(shell, verb, async () => (await import("../actions/import-remote.js")).importFromMlflow);
}

function addSageMaker(parent: Command, shell: Shell): void {
  const verb = parent
    .command("sagemaker")
    .summary("model package groups, training jobs and endpoints of a SageMaker region")
    .argument("<region>", "such as eu-central-1")
    .option("--endpoint <url>", "another address than the region's, such as a VPC endpoint");
  finish(verb, "one model package group only", true);
  withExamples(verb, [
    "countersign import sagemaker eu-central-1 --dry-run",
    "with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN from the environment",
  ]);
  bind(shell, verb, async () => (await import("../actions/import-remote.js")).importFromSageMaker);
}

function addAzure(parent: Command, shell: Shell): void {
  const verb = parent
    .command("azureml")
    .summary("models, data, jobs and endpoints of an Azure ML registry or workspace")
    .argument("<resource>", "its resource id: /subscriptions/.../registries/NAME or .../workspaces/NAME")
    .option("--endpoint <url>", "another cloud than https://management.azure.com")
    .option("--api-version <version>", "version of the REST API (default: 2024-10-01)");
  finish(verb, "one model only", true);
  withExamples(verb, [
    "countersign import azureml $(az ml registry show --name REGISTRY --query id -o tsv)",
    "with AZURE_ACCESS_TOKEN from the environment",
  ]);
  bind(shell, verb, async () => (await import("../actions/import-remote.js")).importFromAzure);
}

function addHuggingFace(parent: Command, shell: Shell): void {
  const verb = parent
    .command("huggingface")
    .summary("repositories on disk: clones, downloads, or the hub's cache")
    .argument("<directory>", "such as ~/.cache/huggingface/hub");
  withAdmit(verb);
  finish(verb, "what a single repository is called, such as org/name", false);
  withExamples(verb, [
    "countersign import huggingface ~/.cache/huggingface/hub --admit",
    "and scan every model",
  ]);
  bind(shell, verb, async () => (await import("../actions/import-local.js")).importFromHuggingFace);
}

function addCycloneDx(parent: Command, shell: Shell): void {
  const verb = parent
    .command("cyclonedx")
    .summary("models, data, images, devices, services and suppliers of a CycloneDX BOM")
    .argument("<file>", "the BOM in JSON, version 1.4 to 1.7")
    .option("--all", "libraries, frameworks and applications too, as Code");
  finish(verb, "what the BOM's subject is called", false);
  withExamples(verb, ["countersign import cyclonedx bom.json --dry-run", "what would be made"]);
  bind(shell, verb, async () => (await import("../actions/import-local.js")).importFromCycloneDx);
}

function addFolder(parent: Command, shell: Shell): void {
  const verb = parent
    .command("folder")
    .summary("models and datasets by what lies in a directory")
    .argument("<directory>", "where to look");
  withAdmit(verb);
  finish(verb, "goes before every name", false);
  withExamples(verb, ["countersign import folder ./models --name team-risk --admit", "named team-risk/..."]);
  bind(shell, verb, async () => (await import("../actions/import-local.js")).importFromFolder);
}

function withAdmit(verb: Command): void {
  verb
    .option("--admit", "hash, scan and record every model and dataset that is here whole")
    .option("--key <key>", "with --admit: the author's key, as a file");
  withPassphrase(verb);
}

function finish(verb: Command, name: string, paged: boolean): void {
  verb.option("--name <name>", name);
  if (paged) verb.option("--cursor <cursor>", "go on where an import stopped, which then names it");
  verb
    .option("--dry-run", "say what would change, and change nothing")
    .option("--write <file>", "write the documents to FILE as YAML and apply nothing");
  withServer(verb);
  withOutput(verb);
}
