import { createHash } from "node:crypto";
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, type DatasetAdmitResult, type DatasetDeletionResult } from "@countersign/api";
import { makeStatement } from "@countersign/evidence";
import { assetKey, PREDICATE_TYPES } from "@countersign/facts";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { poisonedFile, type TestServer, testServer } from "../../testing/server.js";
import { type Trainer, trainer } from "../../testing/train.js";

let server: TestServer;
let roots = "";
beforeAll(async () => {
  roots = await mkdtemp(join(tmpdir(), "dataset-roots-"));
  server = await testServer({ dataRoots: roots });
});
afterAll(async () => {
  await server.dispose();
  await rm(roots, { recursive: true, force: true });
});

const csv = (rows: string[]): string => `person,amount,colour\n${rows.join("\n")}\n`;
/** What `mlflow.data.from_pandas(pandas.read_csv(...))` calls these rows. */
const PANDAS_DIGEST = "48793d36";
const ROWS = Array.from({ length: 40 }, (_, at) => `p${at % 8},${at},${at % 2 === 0 ? "red" : "blue"}`);

async function admit(
  name: string,
  files: Record<string, string | Uint8Array>,
  more: { mlflowDigests?: string[]; keep?: boolean } = {},
): Promise<DatasetAdmitResult> {
  const parts = Object.entries(files).map(([path, data]) => ({
    path,
    data: new Blob([typeof data === "string" ? data : new Uint8Array(data)]),
  }));
  const job = await server.client.datasets.admit({ name, files: parts, ...more });
  return (await server.client.jobs.wait(job.id, { every: 20 })).result as DatasetAdmitResult;
}

/** Puts a document into the inventory the way the inventory does. */
async function declare(name: string, spec: object, tags: object = {}): Promise<void> {
  const document = { apiVersion: "countersign.dev/v1", kind: "Dataset", metadata: { name, tags }, spec };
  const key = assetKey("default", `Dataset:${name}`).slice(7);
  const said = { kind: "Dataset", name, document, principal: "operator", nonce: String(Math.random()) };
  await server.control.workspace.state([
    makeStatement([{ name: `Dataset:${name}`, digest: { sha256: key } }], PREDICATE_TYPES.asset, said),
  ]);
}

async function contain(artifact: string): Promise<void> {
  const said = { reason: "poisoned", principal: "operator", nonce: String(Math.random()) };
  const subject = [{ digest: { sha256: artifact.slice(7) } }];
  await server.control.workspace.state([makeStatement(subject, PREDICATE_TYPES.containment, said)]);
}

let training: Trainer;
beforeAll(async () => {
  training = await trainer(server);
});
const logInput: Trainer["logInput"] = (input) => training.logInput(input);

describe("a dataset", () => {
  test("is admitted with schema and statistics, listed and shown", async () => {
    const result = await admit("credit", { "train.csv": csv(ROWS) }, { mlflowDigests: ["abc12345"] });
    expect(result).toMatchObject({
      name: "credit",
      files: 1,
      place: { kind: "kept" },
      decision: { outcome: "allow" },
    });
    expect(result.profile).toMatchObject({
      rows: 40,
      problems: [],
      tables: [{ name: "train.csv", format: "csv" }],
    });
    const { items } = await server.client.datasets.list({ query: "CRED" });
    expect(items).toMatchObject([{ name: "credit", current: result.artifact, versions: 1, rows: 40 }]);
    const shown = await server.client.datasets.get("credit");
    expect(shown).toMatchObject({ declared: false, current: result.artifact });
    expect(shown.versions).toMatchObject([
      { current: true, rows: 40, cause: "admitted", mlflowDigests: ["abc12345", PANDAS_DIGEST] },
    ]);
    const version = await server.client.datasets.version("credit", result.artifact);
    const columns = version.profile?.tables[0]?.columns ?? [];
    expect(columns.map(({ name, type }) => [name, type])).toEqual([
      ["person", "VARCHAR"],
      ["amount", "BIGINT"],
      ["colour", "VARCHAR"],
    ]);
    expect(columns[0]?.personal).toBe(true);
    expect(columns[2]?.top).toEqual([
      { value: "blue", count: 20 },
      { value: "red", count: 20 },
    ]);
  });

  test("pages by name", async () => {
    await admit("page/a", { "a.csv": "x\n1\n" });
    await admit("page/b", { "a.csv": "x\n1\n" });
    const first = await server.client.datasets.list({ query: "page/", limit: 1 });
    expect(first.items.map(({ name }) => name)).toEqual(["page/a"]);
    const second = await server.client.datasets.list({
      query: "page/",
      limit: 1,
      cursor: first.nextCursor ?? "",
    });
    expect(second.items.map(({ name }) => name)).toEqual(["page/b"]);
    await expect(server.client.datasets.list({ cursor: "x" })).rejects.toMatchObject({ code: "bad-request" });
    expect(await server.client.datasets.get("page/a")).toMatchObject({ name: "page/a" });
  });

  test("that is malicious is on record, refused, and its bytes are dropped", async () => {
    const result = await admit("bad", { "rows.csv": "a\n1\n", "cache.pkl": poisonedFile() });
    expect(result).toMatchObject({ decision: { outcome: "deny" }, place: { kind: "dropped" } });
    expect(await logInput({ name: "bad", digest: result.artifact })).toMatchObject({
      outcome: "refused",
      message: expect.stringContaining("malicious"),
    });
  });

  test("of damaged files is admitted, and says what could not be read", async () => {
    const result = await admit("damaged", { "x.parquet": "PAR1 and then nothing PAR1" });
    expect(result.profile.tables[0]?.problems).toHaveLength(1);
    expect(result.decision.outcome).toBe("allow");
  });

  test("404, 400, 403: unknown names, bad fields, readers", async () => {
    await expect(server.client.datasets.get("nobody")).rejects.toMatchObject({
      status: 404,
      problem: { parameters: { remedy: "countersign dataset admit PATH --name nobody" } },
    });
    await expect(admit("-bad", { "a.csv": "x" })).rejects.toMatchObject({ code: "bad-request" });
    await expect(admit("digests", { "a.csv": "x" }, { mlflowDigests: ["a b"] })).rejects.toMatchObject({
      status: 400,
    });
    const reader = createClient({ baseUrl: server.url, token: await server.tokenFor("read") });
    const files = [{ path: "a.csv", data: new Blob(["x"]) }];
    await expect(reader.datasets.admit({ name: "r", files })).rejects.toMatchObject({ code: "forbidden" });
    const writer = createClient({ baseUrl: server.url, token: await server.tokenFor("write") });
    await expect(writer.datasets.deleteSubject("credit", "p1")).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("the train gate of a run", () => {
  test("knows admitted digests, whatever they are, and records who read", async () => {
    const { artifact } = await admit("known", { "t.csv": csv(ROWS) }, { mlflowDigests: ["5ab1f2c3"] });
    const sha256 = createHash("sha256").update(csv(ROWS)).digest("hex");
    for (const digest of ["5ab1f2c3", PANDAS_DIGEST, artifact, artifact.slice(7), sha256]) {
      expect(await logInput({ name: "known", digest })).toEqual({ outcome: "known", artifact });
    }
    const { accesses } = await server.client.datasets.version("known", artifact);
    expect(accesses.filter(({ kind }) => kind === "read")).toHaveLength(5);
    expect(accesses[0]).toMatchObject({ kind: "read", run: training.run, via: "mlflow", outcome: "known" });
    expect(accesses.at(-1)).toMatchObject({ kind: "admitted", principal: "operator" });
  });

  test("lets an undeclared dataset be, and records it", async () => {
    expect(await logInput({ name: "nobody-knows", digest: "00000000" })).toEqual({
      outcome: "unknown",
      artifact: null,
    });
  });

  test("refuses a digest that no version has, with the command that would admit it", async () => {
    await admit("strict", { "t.csv": csv(ROWS) });
    expect(await logInput({ name: "strict", digest: "ffffffff", source: { uri: "/data/it's.csv" } })).toEqual(
      {
        outcome: "refused",
        code: "PERMISSION_DENIED",
        message:
          'The run reads the dataset strict with digest "ffffffff", which no admitted version has. ' +
          "countersign dataset admit '/data/it'\\''s.csv' --name strict --mlflow-digest ffffffff",
      },
    );
    await declare("strict", { train: { unknownDigest: "record" } });
    expect(await logInput({ name: "strict", digest: "ffffffff" })).toEqual({
      outcome: "unknown",
      artifact: null,
    });
    await declare("only-declared", {});
    expect(await logInput({ name: "only-declared", digest: "ffffffff" })).toMatchObject({
      outcome: "refused",
    });
  });

  test("hashes a source that it may read: it learns the client's digest, and stops a run once the file changed", async () => {
    const path = join(roots, "here.csv");
    await writeFile(path, csv(ROWS));
    const job = await server.client.datasets.refer({ name: "here", location: path });
    const { result } = await server.client.jobs.wait(job.id, { every: 20 });
    const { artifact } = result as DatasetAdmitResult;
    expect(result).toMatchObject({ place: { kind: "path" } });
    const input = { name: "here", digest: "0a0b0c0d", source: { uri: path } };
    expect(await logInput(input)).toEqual({ outcome: "known", artifact });
    // Learnt: the same digest is known without a look at the file.
    expect(await logInput({ ...input, source: {} })).toEqual({ outcome: "known", artifact });
    // One value past what MLflow's digest covers: the digest stays, the bytes do not.
    await appendFile(path, "p9,1,red\n");
    expect(await logInput(input)).toMatchObject({
      outcome: "refused",
      message: expect.stringMatching(
        /no longer has the digest that it was admitted with.*countersign dataset admit .*here\.csv --name here$/,
      ),
    });
  });

  test("learns no digest for a version that may not be read, nor one that another version has", async () => {
    const refer = async (file: string, rows: string[]): Promise<[string, DatasetAdmitResult]> => {
      await writeFile(join(roots, file), csv(rows));
      const job = await server.client.datasets.refer({ name: "claims", location: join(roots, file) });
      const { result } = await server.client.jobs.wait(job.id, { every: 20 });
      return [join(roots, file), result as DatasetAdmitResult];
    };
    const [cleanPath, clean] = await refer("clean.csv", ROWS);
    const [badPath, bad] = await refer("bad.csv", ROWS.slice(2));
    const log = (digest: string, uri?: string) =>
      logInput({ name: "claims", digest, source: uri === undefined ? {} : { uri } });
    expect(await log("0c1ea000", cleanPath)).toMatchObject({ artifact: clean.artifact });
    expect(await log("0c1ea000", badPath)).toMatchObject({ artifact: bad.artifact });
    const digests = async ({ artifact }: DatasetAdmitResult): Promise<string[]> =>
      (await server.client.datasets.version("claims", artifact)).mlflowDigests;
    expect(await digests(clean)).toContain("0c1ea000");
    expect(await digests(bad)).not.toContain("0c1ea000");
    await contain(bad.artifact);
    expect(await log("0bad0000", badPath)).toMatchObject({ outcome: "refused" });
    expect(await digests(bad)).not.toContain("0bad0000");
  });

  test("does not refuse a run for a contained version whose digest a clean one has too", async () => {
    const mlflowDigests = ["5a3e0000"];
    const clean = await admit("twins", { "twins.csv": csv(ROWS) }, { mlflowDigests });
    const bad = await admit("twins", { "twins.csv": csv([...ROWS, "p1,1,red"]) }, { mlflowDigests });
    await contain(bad.artifact);
    expect(await logInput({ name: "twins", digest: "5a3e0000" })).toEqual({
      outcome: "known",
      artifact: clean.artifact,
    });
    expect(await logInput({ name: "twins", digest: bad.artifact })).toMatchObject({ outcome: "refused" });
    await contain(clean.artifact);
    expect(await logInput({ name: "twins", digest: "5a3e0000" })).toMatchObject({ outcome: "refused" });
  });

  test("reads no file outside the roots, and no link that leads out", async () => {
    await admit("outside", { "passwd.csv": "x\n1\n" });
    for (const uri of ["/etc/passwd", `${roots}/../../etc/passwd`, "file:///etc/passwd"]) {
      expect(await logInput({ name: "outside", digest: "00000001", source: { uri } })).toMatchObject({
        message: expect.stringContaining("which no admitted version has"),
      });
      const job = await server.client.datasets.refer({ name: "out", location: uri });
      await expect(server.client.jobs.wait(job.id, { every: 20 })).rejects.toMatchObject({
        code: "forbidden",
      });
    }
  });

  test("keeps to the current version where the document says so", async () => {
    const old = await admit("moving", { "t.csv": csv(ROWS) });
    const now = await admit("moving", { "t.csv": csv(ROWS.slice(1)) });
    expect(await logInput({ name: "moving", digest: old.artifact })).toMatchObject({ outcome: "known" });
    await declare("moving", { train: { versions: "current" } });
    expect(await logInput({ name: "moving", digest: old.artifact })).toMatchObject({ outcome: "refused" });
    expect(await logInput({ name: "moving", digest: now.artifact })).toMatchObject({ outcome: "known" });
  });

  test("takes nothing from the database: rows that an intruder adds change no answer", async () => {
    const { artifact } = await admit("sealed", { "t.csv": csv(ROWS) });
    await server.database.query("update dataset_profiles set rows = 7, location = '/tmp/x'");
    await server.database.query(
      "insert into dataset_versions (workspace, name, index, artifact, at, principal) values ('default', 'sealed', 1, $1, 1, 'x')",
      [`sha256:${"ab".repeat(32)}`],
    );
    expect(await logInput({ name: "sealed", digest: "ab".repeat(32) })).toMatchObject({
      outcome: "refused",
    });
    expect(await logInput({ name: "sealed", digest: artifact })).toMatchObject({ outcome: "known" });
  });
});

describe("rollback", () => {
  test("makes a clean version current again, says who used the bad one, and refuses what is contained", async () => {
    const clean = await admit("rolled", { "t.csv": csv(ROWS) });
    const bad = await admit("rolled", { "t.csv": csv([...ROWS, "p1,999999,red"]) });
    await logInput({ name: "rolled", digest: bad.artifact });
    const back = await server.client.datasets.rollback("rolled", { to: clean.artifact });
    expect(back).toMatchObject({
      replaced: bad.artifact,
      runs: [training.run],
      version: { artifact: clean.artifact, current: true, cause: "rolled-back", principal: "operator" },
    });
    const { accesses, current } = await server.client.datasets.get("rolled");
    expect(current).toBe(clean.artifact);
    expect(accesses.map(({ kind }) => kind)).toEqual(["rolled-back", "read", "admitted", "admitted"]);
    await contain(bad.artifact);
    expect(await logInput({ name: "rolled", digest: bad.artifact })).toMatchObject({
      outcome: "refused",
      message: expect.stringMatching(`contained.*countersign dataset rollback rolled --to ${clean.artifact}`),
    });
    await expect(server.client.datasets.rollback("rolled", { to: bad.artifact })).rejects.toMatchObject({
      code: "conflict",
    });
    const other = `sha256:${"0".repeat(64)}` as const;
    await expect(server.client.datasets.rollback("rolled", { to: other })).rejects.toMatchObject({
      status: 404,
    });
  });
});

describe("deletion of a data subject", () => {
  const kept = async (): Promise<string[]> => {
    const root = join(server.config.directory, "datasets", "sha256");
    const all: string[] = [];
    for (const part of await readdir(root)) all.push(...(await readdir(join(root, part))));
    return all;
  };
  const textOfKept = async (): Promise<string> => {
    const root = join(server.config.directory, "datasets", "sha256");
    const texts = (await kept()).map((name) => readFile(join(root, name.slice(0, 2), name), "latin1"));
    return (await Promise.all(texts)).join("\n");
  };

  test("writes the current version again without the rows, removes the bytes that had them, and can be proven", async () => {
    const database = await DuckDBInstance.create(":memory:");
    const connection = await database.connect();
    const parquet = join(roots, "more.parquet");
    await connection.run(
      `copy (select 'subject-' || (range % 10) as person, range as n from range(100)) to '${parquet}' (format parquet)`,
    );
    connection.closeSync();
    const subject = "subject-3";
    const lines = Array.from({ length: 20 }, (_, at) =>
      JSON.stringify({ person: `subject-${at % 10}`, text: `t${at}` }),
    );
    const first = await admit("people", { "a.csv": csv([`${subject},1,red`, "subject-4,2,red"]) });
    const second = await admit("people", {
      "a.csv": csv(["subject-4,2,red", `"${subject}",3,"a ""b""\nc"`, "subject-5,4,blue"]),
      "b.jsonl": `${lines.join("\n")}\n`,
      "c.json": JSON.stringify([{ person: subject }, { person: "subject-8" }]),
      "d.parquet": await readFile(parquet),
      "readme.md": "no table",
    });
    await expect(
      server.client.jobs.wait((await server.client.datasets.deleteSubject("people", subject)).id, {
        every: 20,
      }),
    ).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("subjectColumn") });

    await declare("people", { subjectColumn: "person" });
    expect(await textOfKept()).toContain(subject);
    const job = await server.client.datasets.deleteSubject("people", subject);
    const stored = await server.database.query("select input::text as input from jobs where id = $1", [
      job.id,
    ]);
    expect(JSON.stringify(stored.rows)).not.toContain(subject);
    const result = (await server.client.jobs.wait(job.id, { every: 20 })).result as DatasetDeletionResult;
    expect(result).toMatchObject({ rows: 1 + 1 + 2 + 1 + 10, notHere: [], notSearched: [] });
    expect(new Set(result.removed)).toEqual(new Set([first.artifact, second.artifact]));
    expect(await textOfKept()).not.toContain(subject);

    const shown = await server.client.datasets.get("people");
    expect(shown.current).toBe(result.current);
    expect(shown.versions.map(({ removed }) => removed)).toEqual([null, "subject", "subject"]);
    expect(shown.versions[0]).toMatchObject({ derivedFrom: second.artifact, place: { kind: "kept" } });
    const fresh = await server.client.datasets.version("people", result.current ?? "");
    expect(fresh.profile?.rows).toBe(2 + 18 + 1 + 90);
    expect(fresh.manifest.files.find(({ name }) => name === "readme.md")?.digest).toBe(
      second.artifact &&
        (await server.client.datasets.version("people", second.artifact)).manifest.files.at(-1)?.digest,
    );

    // Whatever the old version reached, the new one came from it.
    const { nodes } = await server.client.trace({ subject: second.artifact, direction: "down" });
    expect(nodes.map(({ key }) => key)).toContain(result.current);

    // Proven to who asks with the reference; to nobody else does the record say whose rows went.
    const proof = await server.client.datasets.proveDeletion("people", subject);
    expect(proof.items).toHaveLength(2);
    expect(proof.items[0]).toMatchObject({
      reason: "subject",
      principal: "operator",
      reference: result.reference,
    });
    expect((await server.client.datasets.proveDeletion("people", "subject-4")).items).toEqual([]);
    expect(JSON.stringify(await server.client.datasets.deletions("people"))).not.toContain(subject);

    // What had the rows may not be trained on, nor come back; what was read from it is erased, with a tombstone.
    expect(await logInput({ name: "people", digest: second.artifact })).toMatchObject({
      outcome: "refused",
    });
    const back = server.client.datasets.rollback("people", { to: second.artifact });
    await expect(back).rejects.toMatchObject({ code: "conflict" });
    const detail = await server.client.datasets.version("people", second.artifact);
    expect(detail).toMatchObject({ profile: null, removed: "subject" });
    const entries = (await server.client.versions.get(second.artifact)).entries;
    expect(entries.filter(({ status }) => status === "erased").map(({ predicate }) => predicate)).toEqual([
      "profile",
    ]);
    expect((await server.client.log.audit()).problems).toEqual([]);
  });

  const remove = async (name: string, reference: string): Promise<DatasetDeletionResult> => {
    const job = await server.client.datasets.deleteSubject(name, reference);
    return (await server.client.jobs.wait(job.id, { every: 20 })).result as DatasetDeletionResult;
  };
  /** What the log holds when a removal is killed right after its statement. */
  const stateRemoval = async (name: string, artifact: string, removal: object): Promise<void> => {
    const said = { rows: 0, columns: [], dataset: name, nonce: String(Math.random()), removal };
    const subject = [{ name: `Dataset:${name}`, digest: { sha256: artifact.slice(7) } }];
    await server.control.workspace.state([makeStatement(subject, PREDICATE_TYPES.profile, said)]);
  };

  test("finishes a removal that was killed after its statement", async () => {
    const old = await admit("killed", { "a.csv": csv(["torn-1,1,red", "torn-2,2,red"]) });
    await admit("killed", { "a.csv": csv(["torn-3,3,red"]) });
    await declare("killed", { subjectColumn: "person" });
    const removal = { reason: "subject", rows: 1, principal: "operator" };
    const { reference } = await remove("killed", "torn-1-of-nobody");
    await stateRemoval("killed", old.artifact, { ...removal, reference });
    expect(await textOfKept()).toContain("torn-1");
    expect(await remove("killed", "torn-1")).toMatchObject({ rows: 1, removed: [old.artifact] });
    expect(await textOfKept()).not.toContain("torn-1");
    expect((await server.client.datasets.version("killed", old.artifact)).profile).toBeNull();
    expect((await server.client.datasets.proveDeletion("killed", "torn-1")).items).toHaveLength(1);
    expect(await remove("killed", "torn-1")).toMatchObject({ rows: 0, removed: [], notHere: [] });

    // A removal of somebody else's rows, and one whose time was over.
    const other = await admit("killed", { "a.csv": csv(["torn-5,5,red"]) });
    await stateRemoval("killed", other.artifact, { ...removal, reference });
    expect(await remove("killed", "torn-9")).toMatchObject({ rows: 0, removed: [] });
    expect(await textOfKept()).not.toContain("torn-5");
    const due = await admit("killed", { "a.csv": csv(["torn-7,7,red"]) });
    await stateRemoval("killed", due.artifact, { ...removal, reason: "retention" });
    expect((await server.client.datasets.expire("killed")).items).toEqual([]);
    expect(await textOfKept()).not.toContain("torn-7");
  });

  test("keeps no bytes of a version that had to go when the same file is uploaded again", async () => {
    const files = { "a.csv": csv(["back-1,1,red", "back-2,2,red"]) };
    const { artifact } = await admit("returning", files);
    await declare("returning", { subjectColumn: "person" });
    expect(await remove("returning", "back-1")).toMatchObject({ rows: 1, removed: [artifact] });
    expect(await admit("returning", files)).toMatchObject({ artifact, place: { kind: "dropped" } });
    expect(await textOfKept()).not.toContain("back-1");
    expect(await server.client.datasets.version("returning", artifact)).toMatchObject({
      profile: null,
      removed: "subject",
    });
    expect(await remove("returning", "back-2")).toMatchObject({ rows: 1, notHere: [] });
    expect(await textOfKept()).not.toContain("back-2");
  });

  test("reads quotes in text as pandas does, and searches nothing that two readers cut differently", async () => {
    const inches = await admit("quotes", { "a.csv": 'person,note\n1,5" pipe\n42,secret\n3,7" pipe\n' });
    const torn = await admit("quotes", { "a.csv": 'person,note\n1, "a\nb"\n42,b\n' });
    await declare("quotes", { subjectColumn: "person" });
    expect(await remove("quotes", "42")).toMatchObject({
      rows: 1,
      removed: [inches.artifact],
      notSearched: [{ artifact: torn.artifact, reason: expect.stringContaining("3 rows where 2 were") }],
    });
  });

  test("says which versions are not here, and which could not be searched", async () => {
    const dropped = await admit("half", { "a.csv": csv(["x,1,red"]) }, { keep: false });
    const torn = await admit("half", { "a.jsonl": '{"person":"x"}\n{"person":\n' });
    await declare("half", { subjectColumn: "person" });
    const job = await server.client.datasets.deleteSubject("half", "x");
    const { result } = await server.client.jobs.wait(job.id, { every: 20 });
    expect(result).toMatchObject({
      rows: 0,
      removed: [],
      notHere: [dropped.artifact],
      notSearched: [{ artifact: torn.artifact, reason: expect.stringContaining("no JSON") }],
    });
  });
});
