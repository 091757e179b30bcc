import { createHash } from "node:crypto";
import { CountersignError } from "@countersign/evidence";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { installedBinaries } from "../testing/database.js";
import { admitted, poisonedFile, type TestServer, testServer } from "../testing/server.js";

interface Row {
  workspace: string;
  subject: string;
  index: string;
  position: number;
  predicate: string;
  raw: Buffer;
}

const COLUMNS = `workspace, subject, "index", position, predicate, raw`;
const RUNS = 60;

/**
 * Must show 4: whatever someone with the database does to the tables that a gate reads, a refusal stays a refusal,
 * and the audit names what was touched.
 */
describe.each([
  { name: "embedded", postgresBinaries: "" },
  ...(installedBinaries() ? [{ name: "installed", postgresBinaries: installedBinaries() ?? "" }] : []),
])("rows changed behind the server's back, on $name PostgreSQL", ({ postgresBinaries }) => {
  let server: TestServer;
  let rows: Row[];
  let old: Row[];
  let questions: { subject: string; gate: "ingest" | "promote"; environment: string; allowed: boolean }[];

  beforeAll(async () => {
    server = await testServer({ postgresBinaries });
    const { client } = server;
    const bad = await admitted(
      client,
      "bad",
      { "model.pkl": poisonedFile() },
      { licence: "MIT", origin: "x", signAs: "author" },
    );
    old = await read();
    const bare = await admitted(client, "bare", { "m.bin": Buffer.from("weights") });
    const good = await admitted(client, "good", undefined, {
      licence: "MIT",
      origin: "here",
      signAs: "author",
    });
    questions = [
      { subject: bad.artifact, gate: "ingest", environment: "dev", allowed: false },
      { subject: bad.artifact, gate: "promote", environment: "production", allowed: false },
      { subject: bare.artifact, gate: "promote", environment: "staging", allowed: false },
      { subject: good.artifact, gate: "promote", environment: "production", allowed: false },
      { subject: good.artifact, gate: "promote", environment: "staging", allowed: true },
    ];
    // Every question once, so that its decision is on record before anything is touched.
    await opened();
    rows = await read();
  });
  afterAll(() => server.dispose());

  const query = (text: string, values: unknown[] = []) =>
    // The owner of the database, not the server: what an intruder has.
    server.database.query(text, values);

  async function read(): Promise<Row[]> {
    return (await query(`select ${COLUMNS} from entries order by workspace, subject, "index"`)).rows as Row[];
  }

  async function restore(): Promise<void> {
    await query("delete from entries");
    for (const row of rows) await insert(row);
    await query("update applied set size = $1", [server.control.workspace.size]);
  }

  const insert = (row: Row) =>
    query(`insert into entries (${COLUMNS}) values ($1, $2, $3, $4, $5, $6) on conflict do nothing`, [
      row.workspace,
      row.subject,
      row.index,
      row.position,
      row.predicate,
      row.raw,
    ]);

  afterEach(restore);

  /** Asks everything; answers which refusals became an allow. */
  async function opened(): Promise<string[]> {
    const found: string[] = [];
    for (const { allowed, ...question } of questions) {
      const outcome = await server.control.workspace.gate({ ...question, principal: "intruder" }).then(
        (decision) => decision.outcome,
        (error: unknown) => {
          if (error instanceof CountersignError) return "deny";
          throw error;
        },
      );
      if (!allowed && outcome === "allow")
        found.push(`${question.subject} ${question.gate} ${question.environment}`);
    }
    return found;
  }

  type Change = {
    what: "delete" | "update" | "insert" | "swap" | "move" | "old";
    at: number;
    other: number;
    bit: number;
  };
  const change: fc.Arbitrary<Change> = fc.record({
    what: fc.constantFrom("delete", "update", "insert", "swap", "move", "old"),
    at: fc.nat(),
    other: fc.nat(),
    bit: fc.nat(),
  });

  async function apply({ what, at, other, bit }: Change): Promise<void> {
    const row = rows[at % rows.length] as Row;
    const second = rows[other % rows.length] as Row;
    const key = [row.workspace, row.subject, row.index];
    const where = `where workspace = $1 and subject = $2 and "index" = $3`;
    if (what === "delete") await query(`delete from entries ${where}`, key);
    if (what === "update")
      await query(`update entries set raw = $4 ${where}`, [...key, flipped(row.raw, bit)]);
    if (what === "insert") await insert({ ...row, index: String(1_000 + (other % 50)) });
    if (what === "swap") await query(`update entries set raw = $4 ${where}`, [...key, second.raw]);
    if (what === "move")
      await query(`update entries set subject = $4, "index" = "index" + 500 ${where}`, [
        ...key,
        second.subject,
      ]);
    if (what === "old") {
      await query("delete from entries where subject = $1", [row.subject]);
      for (const earlier of old.filter(({ subject }) => subject === row.subject)) await insert(earlier);
    }
  }

  function flipped(raw: Buffer, bit: number): Buffer {
    const copy = Buffer.from(raw);
    const at = bit % (copy.length * 8);
    copy[at >> 3] = (copy[at >> 3] ?? 0) ^ (1 << (at & 7));
    return copy;
  }

  test("random changes never turn a refusal into an allow, and the audit names the table's rows", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        await restore();
        for (const one of changes) await apply(one).catch(refusedByIndex);
        const touched = differs(await read(), rows);
        expect(await opened()).toEqual([]);
        const { problems } = await server.control.workspace.audit();
        if (touched) expect(problems.some(({ code }) => code === "projection-mismatch")).toBe(true);
        else expect(problems).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  }, 240_000);

  /** A row moved to where one stands already: the primary key leaves the table as it was. */
  function refusedByIndex(error: unknown): void {
    if ((error as { code?: string }).code !== "23505") throw error;
  }

  function differs(now: Row[], before: Row[]): boolean {
    // Only what a gate or an audit reads: the raw leaf by workspace, subject and index.
    const text = (all: Row[]) =>
      all
        .map((row) => `${row.workspace} ${row.subject} ${row.index} ${row.raw.toString("hex")}`)
        .sort()
        .join("\n");
    return text(now) !== text(before);
  }

  test("an emptied table denies everything", async () => {
    await query("delete from entries");
    expect(await opened()).toEqual([]);
    const { problems } = await server.control.workspace.audit();
    expect(problems.length).toBeGreaterThanOrEqual(rows.length);
  });

  test("the finding that refuses, deleted: the gate says that the database disagrees", async () => {
    const bad = questions[0]?.subject ?? "";
    await query(`delete from entries where subject = $1 and predicate = 'scan'`, [bad]);
    const ask = server.client.gate({ gate: "ingest", subject: bad, environment: "dev" });
    await expect(ask).rejects.toMatchObject({
      code: "projection-mismatch",
      problem: { remedy: "countersign log audit" },
    });
    const { problems } = await server.client.log.audit({ every: 20 });
    expect(problems[0]?.where).toContain(bad);
  });

  test("an applied size that lies, in both directions, changes no answer", async () => {
    for (const size of [0, 1, 999_999, -5]) {
      await query("update applied set size = $1", [size]);
      expect(await opened()).toEqual([]);
    }
    await query("delete from applied");
    expect(await opened()).toEqual([]);
  });

  test("tables that no gate reads change no decision: jobs, events, sessions, tokens, principals, idempotency", async () => {
    for (const table of ["jobs", "events", "principals", "idempotency", "sessions"]) {
      await query(`delete from ${table}`);
      expect(await opened()).toEqual([]);
    }
  });

  test("an answer remembered for a key cannot be turned into an allow", async () => {
    const subject = questions[1]?.subject ?? "";
    const ask = () =>
      server.client.gate({ gate: "promote", subject, environment: "production" }, { idempotencyKey: "mine" });
    expect((await ask()).outcome).toBe("deny");
    await query(`update idempotency set body = replace(body::text, '"deny"', '"allow"')::json`);
    await expect(ask()).rejects.toMatchObject({ code: "projection-mismatch" });
  });

  test("no token or session is made or widened by writing into the tables", async () => {
    const read = await server.tokenFor("read");
    await query(`update tokens set scope = 'admin' where scope = 'read'`);
    const widened = await fetch(`${server.url}/api/v1/session`, {
      headers: { authorization: `Bearer ${read}` },
    });
    expect(widened.status).toBe(401);
    const made = `cst_default_${"x".repeat(43)}`;
    const far = Date.now() + 1e9;
    await query(
      `insert into tokens values ('default', gen_random_uuid(), $1, 'x', 'operator', 'admin', 0, $2, null, 'seal')`,
      [createHash("sha256").update(made).digest("hex"), far],
    );
    const forged = await fetch(`${server.url}/api/v1/session`, {
      headers: { authorization: `Bearer ${made}` },
    });
    expect(forged.status).toBe(401);
  });
});
