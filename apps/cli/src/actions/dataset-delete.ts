import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { DatasetDeletion, DatasetDeletionResult } from "@countersign/api";
import { CountersignError, fileFault } from "@countersign/evidence";
import { clientOf } from "../place/server.js";
import { shellWord } from "../place/subject.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { readPassphrase } from "../terminal/passphrase.js";
import { counted, createProgress } from "../terminal/progress.js";
import { safe } from "../terminal/safe.js";
import { bold, green, yellow } from "../terminal/style.js";
import { writeTable } from "../terminal/table.js";

interface Options {
  referenceFile?: string;
  prove?: boolean;
  list?: boolean;
}

export async function datasetDelete(session: Session, options: Options, name: string): Promise<number> {
  const client = clientOf(session);
  const call = { signal: session.io.signal };
  if (options.list === true) return show(session, (await client.datasets.deletions(name, call)).items);
  const reference = await readReference(session, options.referenceFile);
  if (options.prove === true) {
    const { items } = await client.datasets.proveDeletion(name, reference, call);
    show(session, items);
    return items.length === 0 ? 1 : 0;
  }
  const progress = createProgress(session.io, session.output.live);
  const job = await client.datasets.deleteSubject(name, reference, call);
  const done = await client.jobs
    .wait(job.id, {
      ...call,
      onProgress: ({ progress: at }) =>
        progress.update(`server: ${at.step || "waiting"}`, at.done, at.total, "files"),
    })
    .finally(() => progress.finish());
  const result = done.result as DatasetDeletionResult;
  present(session.output, result, () => draw(session, result));
  return result.notHere.length + result.notSearched.length > 0 ? 1 : 0;
}

export async function datasetExpire(session: Session, _options: object, name: string): Promise<number> {
  const { items } = await clientOf(session).datasets.expire(name, { signal: session.io.signal });
  return show(session, items);
}

async function readReference({ io }: Session, file: string | undefined): Promise<string> {
  const text = await (file === undefined ? asked(io) : Promise.resolve(fromFile(io.cwd, file)));
  const reference = text.replace(/\r?\n$/, "");
  if (reference !== "") return reference;
  throw new CountersignError("usage", "the reference is empty", {
    detail: { remedy: "--reference-file FILE" },
  });
}

function asked(io: Session["io"]): Promise<string> {
  if (io.stdin.isTTY === true && io.stderr.isTTY === true)
    return readPassphrase(io, "Reference to the data subject");
  throw new CountersignError("usage", "nobody is here to ask for the reference", {
    detail: { remedy: "add --reference-file FILE, or --reference-file - for standard input" },
  });
}

function fromFile(cwd: string, file: string): string {
  try {
    return readFileSync(file === "-" ? 0 : resolve(cwd, file), "utf8");
  } catch (cause) {
    throw fileFault(file, cause);
  }
}

function draw({ output }: Session, result: DatasetDeletionResult): void {
  const { name, rows, removed, current, reference } = result;
  if (removed.length === 0)
    output.line(safe`${green("ok")}  no version of ${bold(name)} that is kept here has such rows`);
  else {
    output.line(
      safe`${green("deleted")}  ${counted(rows, "row")} from ${counted(removed.length, "version")} of ${bold(name)}`,
    );
    output.line(safe`  current now   ${current ?? "nothing"}`);
    output.line(safe`  on record as  ${reference} (a keyed hash of the reference)`);
  }
  for (const artifact of result.notHere)
    output.line(safe`  ${yellow("not here:")} ${artifact}: search it where it is`);
  for (const { artifact, reason } of result.notSearched) {
    output.line(safe`  ${yellow("not searched:")} ${artifact}: ${reason}`);
  }
  if (removed.length > 0) {
    output.line(safe`  ${bold("prove it:")} countersign dataset delete-subject ${shellWord(name)} --prove`);
  }
}

function show(session: Session, items: DatasetDeletion[]): number {
  present(session.output, { items }, () => {
    if (items.length === 0) return session.output.line(safe`no such deletion is on record`);
    const rows = items.map(({ at, index, reason, rows: gone, principal, artifact }) => [
      new Date(at).toISOString(),
      index,
      reason === "subject" ? "a person's rows" : "retention",
      gone,
      principal,
      artifact,
    ]);
    writeTable(session.io, ["when", "entry", "why", "rows", "by", "version"], rows);
  });
  return 0;
}
