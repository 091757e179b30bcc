import type { Command } from "commander";
import { bind, type Shell } from "../session.js";
import { collect, withExamples, withLicence, withOutput, withServer } from "./shared.js";

const NAME = "name of the dataset";

export function addDataset(program: Command, shell: Shell): void {
  const group = program
    .command("dataset")
    .summary("admit datasets, check them, roll back, and delete a person's rows")
    .description("Versions of datasets: what runs may read, what became of it, and what has to go.");
  addAdmit(group, shell);
  addProfile(group, shell);
  addList(group, shell);
  addShow(group, shell);
  addVerify(group, shell);
  addRollback(group, shell);
  addDeleteSubject(group, shell);
  addExpire(group, shell);
}

function addAdmit(group: Command, shell: Shell): void {
  const verb = group
    .command("admit")
    .summary("hash, scan, profile and record a dataset")
    .description(
      "Sends the files below PATH to the server, which records their digests, scans them, reads schema and statistics, and keeps a copy. With s3://bucket/prefix, or with --in-place, the server reads them where they are and keeps no copy.",
    )
    .argument("<path>", "a file, a directory, or s3://bucket/prefix")
    .option("--name <name>", "name of the dataset (default: the last part of PATH)")
    .option("--origin <origin>", "where it comes from, for example https://example.com/data")
    .option("--mlflow-digest <digest>", "a digest by which MLflow clients name it (repeat for each)", collect)
    .option("--in-place", "PATH is a path on the server, below one of its COUNTERSIGN_DATA_ROOTS")
    .option("--no-keep", "keep no copy on the server: rows can then not be deleted from it there")
    .option("--keep", "keep a copy also of what is read in place");
  withLicence(verb);
  withServer(verb);
  withOutput(verb);
  withExamples(
    verb,
    [
      "countersign dataset admit ./applications --name applications --licence CC-BY-4.0",
      "files or directories",
    ],
    [
      "countersign dataset admit s3://lake/applications/2026-05 --name applications",
      "objects, where they are",
    ],
    ["countersign dataset admit train.csv --name applications --mlflow-digest 5ab1f2c3", "as a run names it"],
  );
  bind(shell, verb, async () => (await import("../actions/dataset-admit.js")).datasetAdmit);
}

function addProfile(group: Command, shell: Shell): void {
  const verb = group
    .command("profile")
    .summary("read schema and statistics of files, here and without a server")
    .argument("<path>", "a file or a directory")
    .option("--personal", "quote no value of any column: all of it may be about people");
  withOutput(verb);
  withExamples(verb, ["countersign dataset profile train.parquet", "columns, nulls, ranges"]);
  bind(shell, verb, async () => (await import("../actions/dataset-profile.js")).datasetProfile);
}

function addList(group: Command, shell: Shell): void {
  const verb = group
    .command("list")
    .summary("datasets of which a version was admitted")
    .argument("[query]", "part of a name");
  withServer(verb);
  withOutput(verb);
  withExamples(verb, ["countersign dataset list credit", "those with credit in the name"]);
  bind(shell, verb, async () => (await import("../actions/dataset-show.js")).datasetList);
}

function addShow(group: Command, shell: Shell): void {
  const verb = group
    .command("show")
    .summary("versions of a dataset, and who read or changed it; with DIGEST its schema and statistics")
    .argument("<name>", NAME)
    .argument("[digest]", "one version, as sha256:...; or current");
  withServer(verb);
  withOutput(verb);
  withExamples(
    verb,
    ["countersign dataset show applications", "its versions, and who read them"],
    ["countersign dataset show applications current", "columns of the current version"],
  );
  bind(shell, verb, async () => (await import("../actions/dataset-show.js")).datasetShow);
}

function addVerify(group: Command, shell: Shell): void {
  const verb = group
    .command("verify")
    .summary("check that files are those of an admitted version")
    .description(
      "Hashes the files at PATH and compares them with the versions on record. Exits 1 when they are no admitted version, or one that is contained or was removed.",
    )
    .argument("<name>", NAME)
    .argument("<path>", "a file or a directory");
  withServer(verb);
  withOutput(verb);
  withExamples(verb, [
    "countersign dataset verify applications ./train.csv && python train.py",
    "before a run",
  ]);
  bind(shell, verb, async () => (await import("../actions/dataset-verify.js")).datasetVerify);
}

function addRollback(group: Command, shell: Shell): void {
  const verb = group
    .command("rollback")
    .summary("make an older, clean version current again, and say who used the one it replaces")
    .argument("<name>", NAME)
    .requiredOption("--to <digest>", "the version, as sha256:...");
  withServer(verb);
  withOutput(verb);
  withExamples(verb, [
    "countersign dataset rollback applications --to sha256:...",
    "what was current stays on record",
  ]);
  bind(shell, verb, async () => (await import("../actions/dataset-rollback.js")).datasetRollback);
}

function addDeleteSubject(group: Command, shell: Shell): void {
  const verb = group
    .command("delete-subject")
    .summary("delete a person's rows from every version that the server keeps")
    .description(
      "Writes the current version again without the rows whose subject column (spec.subjectColumn of the Dataset document) is the reference, and removes every kept version that has them. The log says that it was done, and not whose rows they were. The reference is asked for, or read from a file: never from an argument, which other processes see.",
    )
    .argument("<name>", NAME)
    .option("--reference-file <file>", "file that holds the reference; - reads standard input")
    .option("--prove", "delete nothing: show the deletions on record for this reference")
    .option("--list", "delete nothing and ask for no reference: show all deletions");
  withServer(verb);
  withOutput(verb);
  withExamples(
    verb,
    ["countersign dataset delete-subject applications", "asks for the reference"],
    [
      "countersign dataset delete-subject applications --prove --reference-file ref.txt",
      "was it done, and when",
    ],
  );
  bind(shell, verb, async () => (await import("../actions/dataset-delete.js")).datasetDelete);
}

function addExpire(group: Command, shell: Shell): void {
  const verb = group
    .command("expire")
    .summary("remove the bytes of versions whose retention is over")
    .description(
      "Retention is spec.retentionDays of the Dataset document. Nothing is removed until this is run: put it into cron where it should happen by itself.",
    )
    .argument("<name>", NAME);
  withServer(verb);
  withOutput(verb);
  withExamples(verb, ["countersign dataset expire applications", "what is due goes, and is listed"]);
  bind(shell, verb, async () => (await import("../actions/dataset-delete.js")).datasetExpire);
}
