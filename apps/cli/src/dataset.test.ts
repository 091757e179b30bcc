import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Outcome, run, scratch } from "./testing/child.js";
import { type Served, serveControl } from "./testing/serve.js";

const ROWS = Array.from({ length: 30 }, (_, at) => `p${at % 5},${at},${at % 2 === 0 ? "red" : "blue"}`);
const csv = (rows: string[]): string => `person,amount,colour\n${rows.join("\n")}\n`;

describe("dataset", { timeout: 180_000 }, () => {
  const cwd = scratch();
  let server: Served;
  const say = (args: string[], input?: string): Promise<Outcome> =>
    run(args, { cwd, env: server.env, ...(input === undefined ? {} : { input }) });
  const dataset = (...args: string[]): Promise<Outcome> => say(["dataset", ...args]);

  beforeAll(async () => {
    mkdirSync(join(cwd, "data-in"));
    writeFileSync(join(cwd, "data-in", "train.csv"), csv(ROWS));
    server = await serveControl(cwd);
  }, 120_000);
  afterAll(() => server.stop());

  it("admits a directory, shows it, and notices when the files change", async () => {
    const admitted = await dataset(
      "admit",
      "data-in",
      "--name",
      "applications",
      "--mlflow-digest",
      "5ab1f2c3",
    );
    expect(admitted).toMatchObject({ code: 0, stdout: expect.stringContaining("30 rows, 3 columns") });
    expect(admitted.stdout).toContain("not quoted: may be about a person");
    expect(admitted.stdout).toContain("a copy is kept on the server");
    expect((await dataset("list")).stdout).toMatch(/applications +30 +1 /);
    const shown = await dataset("show", "applications", "current");
    expect(shown.stdout).toContain("MLflow calls it 5ab1f2c3");
    expect(await dataset("verify", "applications", "data-in")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("are the current version of applications"),
    });
    appendFileSync(join(cwd, "data-in", "train.csv"), "p9,1,red\n");
    expect(await dataset("verify", "applications", "data-in")).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("fix: countersign dataset admit data-in --name applications"),
    });
  });

  it("answers the train gate by name, as any other gate", async () => {
    const args = ["gate", "Dataset:applications", "--gate", "train", "--environment", "dev"];
    expect(await say(args)).toMatchObject({ code: 0, stdout: expect.stringContaining("allowed") });
  });

  it("rolls back and says what was replaced", async () => {
    const first = JSON.parse((await dataset("show", "applications", "--output", "json")).stdout);
    await dataset("admit", "data-in", "--name", "applications");
    const back = await dataset("rollback", "applications", "--to", first.current);
    expect(back).toMatchObject({ code: 0, stdout: expect.stringContaining(`is at ${first.current} again`) });
    expect(await dataset("rollback", "applications", "--to", "yesterday")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("countersign dataset show applications"),
    });
  });

  it("deletes a person's rows, and proves it to who has the reference", async () => {
    const document = {
      apiVersion: "countersign.dev/v1",
      kind: "Dataset",
      metadata: { name: "applications" },
      spec: { subjectColumn: "person", retentionDays: 30, train: { versions: "current" } },
    };
    writeFileSync(join(cwd, "applications.json"), JSON.stringify(document));
    expect(await say(["apply", "-f", "applications.json"])).toMatchObject({ code: 0 });
    const nobody = await say(
      ["dataset", "delete-subject", "applications", "--reference-file", "-"],
      "nobody\n",
    );
    expect(nobody).toMatchObject({ code: 0, stdout: expect.stringContaining("no version of applications") });
    const gone = await say(["dataset", "delete-subject", "applications", "--reference-file", "-"], "p3\n");
    expect(gone).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/deleted {2}12 rows from 2 versions/),
    });
    writeFileSync(join(cwd, "reference.txt"), "p3\n");
    const proof = await dataset(
      "delete-subject",
      "applications",
      "--prove",
      "--reference-file",
      "reference.txt",
    );
    expect(proof).toMatchObject({ code: 0, stdout: expect.stringContaining("a person's rows") });
    expect(proof.stdout).not.toContain("p3");
    const other = await say(
      ["dataset", "delete-subject", "applications", "--prove", "--reference-file", "-"],
      "p4\n",
    );
    expect(other).toMatchObject({ code: 1, stdout: expect.stringContaining("no such deletion") });
    expect((await dataset("delete-subject", "applications", "--list")).stdout.split("\n")).toHaveLength(4);
    expect(await dataset("expire", "applications")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("no such"),
    });
    expect((await dataset("delete-subject", "applications")).stderr).toContain("--reference-file FILE");
  });

  it("profiles files here, without a server", async () => {
    const here = await run(["dataset", "profile", "data-in/train.csv", "--output", "json"], { cwd });
    expect(JSON.parse(here.stdout)).toMatchObject({ rows: 31, tables: [{ name: "train.csv" }] });
    writeFileSync(join(cwd, "torn.parquet"), "PAR1");
    expect(await run(["dataset", "profile", "torn.parquet"], { cwd })).toMatchObject({ code: 1 });
    const lost = await run(["dataset", "list"], { cwd });
    expect(lost).toMatchObject({ code: 2, stderr: expect.stringContaining("--server") });
  });
});
